import { closeSync, mkdirSync, openSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CollectorError } from "../../model/errors.ts";
import { asStorageError, withStorageErrors } from "./connection.ts";

const LOCK = "lock.db";
const HOLDER = "lock.pid";

/** The right to write to a data directory. */
export interface DataDirLock {
  /** Lets the next process in. The system does the same when this process ends in whatever way. */
  release(): void;
}

/**
 * Takes the data directory for this process and makes it (0700) where it is new. Throws `config_invalid` with the holder's pid
 * where another process has it, and where it is on a network file system, on which the lock and the database are not safe;
 * `force` takes the second one.
 */
export function acquireDataDirLock(dataDir: string, options: { readonly force?: boolean } = {}): DataDirLock {
  return withStorageErrors(() => {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (options.force !== true) refuseNetworkFileSystem(dataDir);
    const db = lock(dataDir);
    writeFileSync(join(dataDir, HOLDER), `${process.pid}\n`, { mode: 0o600 });
    return { release: () => db.close() };
  });
}

function lock(dataDir: string): DatabaseSync {
  closeSync(openSync(join(dataDir, LOCK), "a", 0o600));
  const db = new DatabaseSync(join(dataDir, LOCK), { timeout: 0 });
  try {
    db.exec("BEGIN EXCLUSIVE");
    return db;
  } catch (error) {
    db.close();
    const failure = asStorageError(error);
    throw failure instanceof CollectorError && failure.reason === "busy" ? held(dataDir) : failure;
  }
}

function held(dataDir: string): CollectorError {
  const pid = holder(dataDir);
  const who = pid === undefined ? "another process" : `process ${pid}`;
  return new CollectorError("config_invalid", `The data directory ${dataDir} is in use by ${who}`, {
    reason: "data_dir_in_use",
    action: `Stop ${who}, or give another data directory`,
  });
}

function holder(dataDir: string): string | undefined {
  try {
    return readFileSync(join(dataDir, HOLDER), "utf8").trim() || undefined;
  } catch {
    // The holder has taken the lock and not yet written who it is.
    return undefined;
  }
}

function refuseNetworkFileSystem(dataDir: string): void {
  const kind = networkFileSystem(statfsSync(dataDir).type);
  if (kind === undefined) return;
  throw new CollectorError("config_invalid", `The data directory ${dataDir} is on a network file system (${kind})`, {
    reason: "network_file_system",
    action: "Give a data directory on a local disk; locks and durable writes cannot be relied on over a network",
  });
}

/** Type numbers of statfs(2), as Linux has them. */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, "nfs"],
  [0x517b, "smb"],
  [0xff534d42, "cifs"],
  [0xfe534d42, "smb2"],
  [0x65735546, "fuse"],
  [0x01021997, "9p"],
  [0x5346414f, "afs"],
  [0x73757245, "coda"],
  [0x00c36400, "ceph"],
  [0x0bd00bd0, "lustre"],
  [0x47504653, "gpfs"],
  [0x01161970, "gfs2"],
  [0x7461636f, "ocfs2"],
  [0x786f4256, "vboxsf"],
]);

/** The name of a network file system by its type number; undefined for a local one. */
export const networkFileSystem = (type: number): string | undefined => networkTypes.get(type >>> 0);
