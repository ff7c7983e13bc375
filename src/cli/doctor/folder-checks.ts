// The data folder itself: who may read it, and what room is left.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { reserveBytes } from "../../engine/disk-guard.ts";
import { diskUse } from "../../store/sqlite/disk.ts";
import { spokenBytes } from "../table.ts";
import { type Check, violationsOf } from "./examine.ts";

const OTHERS = 0o077;
/** The write-ahead log is cut back to 64 MB: it is larger only while somebody reads for long. */
const LARGE_LOG_BYTES = 256 * 1024 * 1024;

export const permissionsCheck: Check = {
  id: "permissions",
  invariant: "I14",
  title: "Only its owner can read the data folder and what is in it",
  run({ dataDir }) {
    // Windows keeps access lists, and shows no mode that would tell of them.
    if (process.platform === "win32") return { examined: 0, violations: [] };
    const names = readdirSync(dataDir, { recursive: true, encoding: "utf8" });
    const open = [dataDir, ...names.map((name) => join(dataDir, name))].flatMap((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat === undefined || (stat.mode & OTHERS) === 0 ? [] : [{ path, mode: stat.mode & 0o777 }];
    });
    const violations = violationsOf(
      "Other users of this machine can read data",
      `chmod -R go= ${dataDir}`,
      open.map(({ path, mode }) => `${path} has the mode ${mode.toString(8)}`),
    );
    return { examined: names.length + 1, violations };
  },
};

export const roomCheck: Check = {
  id: "room",
  invariant: "I11",
  title: "The disk has room, and the write-ahead log is bounded",
  run({ dataDir }) {
    const use = diskUse(dataDir);
    const reserve = reserveBytes(use);
    const full =
      use.freeBytes >= reserve ? [] : [`${spokenBytes(use.freeBytes)} free, ${spokenBytes(reserve)} must stay`];
    const large = use.walBytes <= LARGE_LOG_BYTES ? [] : [`cistern.db-wal has ${spokenBytes(use.walBytes)}`];
    return {
      examined: 1,
      violations: [],
      // Collection pauses by itself, and nothing is dropped.
      warnings: [
        ...violationsOf("The disk is nearly full, so collection pauses", "Free disk space, or use a larger disk", full),
        ...violationsOf("The write-ahead log is large", "End the program that reads the database for so long", large),
      ],
    };
  },
};
