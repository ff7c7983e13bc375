import type { DatabaseSync } from "node:sqlite";
import { withStorageErrors } from "./connection.ts";

const PAGES_A_STEP = 1000;
/** Free pages below this share of the file stay for the next inserts. */
const KEPT_SHARE = 0.1;

/** One step of giving free pages back to the file system. Short: nothing else waits long for it. */
export function giveBackSpace(db: DatabaseSync): void {
  withStorageErrors(() => {
    const { freelist_count: free } = db.prepare("PRAGMA freelist_count").get() as { freelist_count: number };
    const { page_count: pages } = db.prepare("PRAGMA page_count").get() as { page_count: number };
    if (free > PAGES_A_STEP && free > pages * KEPT_SHARE) db.exec(`PRAGMA incremental_vacuum(${PAGES_A_STEP})`);
  });
}
