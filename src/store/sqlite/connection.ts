import { closeSync, openSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { CollectorError } from "../../model/errors.ts";

/** A prepared statement whose rows have a known shape. */
export interface Query<Row = Record<string, never>> {
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): Row[];
  iterate(...values: SQLInputValue[]): Iterable<Row>;
  /** Numbers up to 2^53; beyond, node:sqlite throws. */
  run(...values: SQLInputValue[]): { changes: number; lastInsertRowid: number };
}

/** The shape of the rows is the statement's promise; nothing checks it. It is compiled when it is first used. */
export function query<Row>(db: DatabaseSync, sql: string): Query<Row> {
  let compiled: Query<Row> | undefined;
  const own = () => {
    compiled ??= db.prepare(sql) as unknown as Query<Row>;
    return compiled;
  };
  return {
    get: (...values) => own().get(...values),
    all: (...values) => own().all(...values),
    iterate: (...values) => own().iterate(...values),
    run: (...values) => own().run(...values),
  };
}

/**
 * A row limit that is bound at each call. With a bare parameter there SQLite compiles the whole statement again whenever it is
 * bound, which costs more than most of these statements do themselves.
 */
export const LIMIT = "LIMIT ? + 0";

/** Large enough that commits do not checkpoint one by one, small enough for the log to stay near 32 MB. */
const CHECKPOINT_PAGES = 4096;
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;
const CACHE_KIB = 12_288;

/** The one writing connection of a database. Page size and vacuum mode take effect only when the file is new. */
export function openForWriting(path: string): DatabaseSync {
  return withStorageErrors(() => {
    // SQLite gives its log and its index the mode of the database.
    if (path !== ":memory:") closeSync(openSync(path, "a", 0o600));
    const db = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true });
    db.exec("PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
    db.exec(`PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -${CACHE_KIB};
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`);
    return db;
  });
}

/** Runs `work` in one transaction, durable when this returns; on any error nothing of it stays. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  return withStorageErrors(() => {
    db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      db.exec("COMMIT");
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  });
}

/**
 * As `inTransaction`, but without waiting for the disk: the death of the process takes nothing of it back, a power cut can, until the next
 * durable commit. For what would then only be done once more.
 */
export function inEasyTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("PRAGMA synchronous = NORMAL");
  try {
    return inTransaction(db, work);
  } finally {
    db.exec("PRAGMA synchronous = FULL");
  }
}

/** Turns what the disk or the file system refuses into CollectorError `storage`; any other error stays what it is. */
export function withStorageErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStorageError(error);
  }
}

const problems: Readonly<Record<number, readonly [reason: string, message: string, action: string]>> = {
  5: ["busy", "Another process keeps the database locked", "Stop the other process that writes to this data directory"],
  8: ["read_only", "The database cannot be written to", "Give this user write access to the data directory"],
  10: ["io_error", "The disk reported an error", "Check the disk and the system log"],
  11: ["corrupt", "The database file is damaged", "Restore the last backup"],
  13: ["disk_full", "The disk is full", "Free disk space or move the data directory to a larger disk"],
  14: ["cannot_open", "The database file cannot be opened", "Check that the data directory exists and is readable"],
  26: ["corrupt", "The database file is not a database", "Restore the last backup"],
};

const systemProblems: Readonly<Record<string, number>> = { ENOSPC: 13, EDQUOT: 13, EIO: 10, EROFS: 8, EACCES: 14 };

/** See `withStorageErrors`; for errors that come as a rejection. */
export function asStorageError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof CollectorError) return error;
  const { errcode, code } = error as { errcode?: number; code?: string };
  const problem = problems[errcode === undefined ? (systemProblems[code ?? ""] ?? -1) : errcode & 0xff];
  if (problem === undefined) return error;
  const [reason, message, action] = problem;
  return new CollectorError("storage", message, { reason, action, cause: error });
}
