import type { DatabaseSync } from "node:sqlite";
import { withStorageErrors } from "./connection.ts";

const PAGES_A_STEP = 1000;
/** Free pages below this share of the file stay for the next inserts. */
const KEPT_SHARE = 0.1;

/** One short step of giving free pages back to the file system. Returns whether there was anything to give. */
export function giveBackSpace(db: DatabaseSync): boolean {
  return withStorageErrors(() => {
    const { freelist_count: free } = db.prepare("PRAGMA freelist_count").get() as { freelist_count: number };
    const { page_count: pages } = db.prepare("PRAGMA page_count").get() as { page_count: number };
    if (free <= PAGES_A_STEP || free <= pages * KEPT_SHARE) return false;
    db.exec(`PRAGMA incremental_vacuum(${PAGES_A_STEP})`);
    return true;
  });
}

/** Without waiting for the next commits: the file gets shorter when the write-ahead log is copied into it. */
export function shrinkFile(db: DatabaseSync): void {
  withStorageErrors(() => db.exec("PRAGMA wal_checkpoint(PASSIVE)"));
}
