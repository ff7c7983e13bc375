import { existsSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DiskUse } from "../../model/store.ts";
import { withStorageErrors } from "./connection.ts";

/** Name of the store's database in the data directory. */
export const DATABASE = "cistern.db";
/** Name of the search index's database there. */
export const SEARCH = "search.db";

const size = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

/** Bytes in use and free, as the file system has them now. */
export function diskUse(dataDir: string): DiskUse {
  return withStorageErrors(() => {
    const { bavail, blocks, bsize } = statfsSync(dataDir);
    const at = (name: string) => size(join(dataDir, name));
    return {
      databaseBytes: at(DATABASE),
      walBytes: at(`${DATABASE}-wal`),
      searchBytes: at(SEARCH) + at(`${SEARCH}-wal`),
      freeBytes: bavail * bsize,
      totalBytes: blocks * bsize,
    };
  });
}
