// The derived index in its own file, search.db. It holds one or two generations: the one that is searched, and while the
// index is built anew the one that is growing. Changing over is one row; nothing but the follower writes.
import { closeSync, existsSync, openSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { CollectorError } from "../model/errors.ts";
import type { DataSourceKey } from "../model/event.ts";
import { wordColumns } from "./fields.ts";
import { tokenizer } from "./tokens.ts";

/** Counted up when what is indexed, or how, changes: an index of another version is deleted and built again. */
export const indexVersion = 1;

const fileName = "search.db";
const markName = "search.db.damaged";

/** The index's file in a data dir. It can be deleted at any time; the follower builds it again. */
export const searchPath = (dataDir: string): string => join(dataDir, fileName);

const schema = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE sources (id INTEGER PRIMARY KEY, collector TEXT NOT NULL, data_source TEXT NOT NULL,
    site_name TEXT NOT NULL, site_id TEXT NOT NULL, UNIQUE (collector, data_source, site_name, site_id));
  CREATE TABLE positions (generation INTEGER NOT NULL, collector TEXT NOT NULL, seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL, PRIMARY KEY (generation, collector)) WITHOUT ROWID;
  CREATE TABLE anchors (generation INTEGER NOT NULL, collector TEXT NOT NULL, block INTEGER NOT NULL, seq INTEGER NOT NULL,
    hash TEXT NOT NULL, PRIMARY KEY (generation, collector, block)) WITHOUT ROWID;
`;

/** Opens the index for writing, new where it is absent or of another version. A damaged one throws; see `isDamaged`. */
export function openForWriting(dataDir: string): DatabaseSync {
  const path = searchPath(dataDir);
  // SQLite gives its log and its index the mode of the database.
  closeSync(openSync(path, "a", 0o600));
  const db = new DatabaseSync(path, { timeout: 5_000 });
  try {
    const { user_version: version } = db.prepare("PRAGMA user_version").get() as { user_version: number };
    if (version !== indexVersion && version !== 0) {
      db.close();
      removeFiles(path);
      return openForWriting(dataDir);
    }
    configure(db);
    if (version === 0) create(db);
    return db;
  } catch (error) {
    if (db.isOpen) db.close();
    throw error;
  }
}

// NORMAL loses nothing that the log cannot give again: position and rows are one transaction. Pages of 8 KB, each holding one
// page of the full-text index, were a fifth quicker to build and a tenth smaller than the usual ones. A log of up to 32 MB:
// a page that is merged away soon after is written to the file less often.
function configure(db: DatabaseSync): void {
  db.exec(`PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16000;
    PRAGMA secure_delete = FAST`);
}

function create(db: DatabaseSync): void {
  transaction(db, () => {
    db.exec(schema);
    createGeneration(db, 1);
    setMeta(db, "current", 1);
    db.exec(`PRAGMA user_version = ${indexVersion}`);
  });
}

// Sixteen segments of a size are merged at a time, instead of eight: less work for each event, and a word is still looked up
// in a few dozen at most. `hashsize` bounds what a transaction holds in memory, in bytes; more was no quicker.
const tuning = [
  ["hashsize", 4_194_304],
  ["automerge", 16],
  ["crisismerge", 32],
  ["pgsz", 8_100],
] as const;

/** Adds the empty tables of a generation. */
export function createGeneration(db: DatabaseSync, generation: number): void {
  const columns = [...wordColumns, "field"].join(", ");
  db.exec(`CREATE VIRTUAL TABLE words_${generation} USING fts5(${columns}, content='', contentless_delete=1,
      tokenize="${tokenizer}");
    INSERT INTO words_${generation} (words_${generation}, rank)
      VALUES ${tuning.map(([name, value]) => `('${name}', ${value})`).join(", ")};
    CREATE TABLE docs_${generation} (row INTEGER PRIMARY KEY, seq INTEGER NOT NULL, source INTEGER NOT NULL,
      shift INTEGER NOT NULL)`);
}

/** Drops a generation with its positions. */
export function dropGeneration(db: DatabaseSync, generation: number): void {
  transaction(db, () => {
    db.exec(`DROP TABLE IF EXISTS words_${generation}; DROP TABLE IF EXISTS docs_${generation};
      DELETE FROM positions WHERE generation = ${generation}; DELETE FROM anchors WHERE generation = ${generation}`);
  });
}

/**
 * `current`: the generation that is searched. `building`: the one that is growing. `dropping`: one to be dropped. `shrinking`:
 * free pages go back to the disk. `spill`: how far an event stands at most from its own instant, µs.
 */
export type MetaName = "current" | "building" | "dropping" | "shrinking" | "spill";

export function meta(db: DatabaseSync, name: MetaName): number | undefined {
  const row = db.prepare("SELECT value FROM meta WHERE name = ?").get(name) as { value: number } | undefined;
  return row?.value;
}

export function setMeta(db: DatabaseSync, name: MetaName, value: number | undefined): void {
  if (value === undefined) prepareBig(db, "DELETE FROM meta WHERE name = ?").run(name);
  else
    prepareBig(db, "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value").run(name, value);
}

/** Where documents come from. Each such combination has a number, and a document one token for it. */
export interface SourceRow extends DataSourceKey {
  readonly id: number;
  /** Empty where the event bears none. */
  readonly siteName: string;
  readonly siteId: string;
}

export function sourceRows(db: DatabaseSync): readonly SourceRow[] {
  const sql = `SELECT id, collector AS "collectorId", data_source AS "dataSource", site_name AS "siteName", site_id AS "siteId"
    FROM sources`;
  return db.prepare(sql).all() as unknown as readonly SourceRow[];
}

/** Runs `work` in one transaction: all of it, or nothing. */
export function transaction<T>(db: DatabaseSync, work: () => T, begin: "IMMEDIATE" | "DEFERRED" = "IMMEDIATE"): T {
  db.exec(`BEGIN ${begin}`);
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** As `transaction`, for work that waits in between: nothing else may use the connection meanwhile. */
export async function longTransaction<T>(db: DatabaseSync, work: () => Promise<T>): Promise<T> {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = await work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** Prepares a statement whose integers come and go as BigInt: row numbers are wider than a JavaScript number, and every `run` reports one. */
export function prepareBig(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql);
  statement.setReadBigInts(true);
  return statement;
}

const corrupt = 11;
const notADatabase = 26;
const FREE_SPACE = "Free space on the disk of the data folder";
const passing = new Map([
  [
    5,
    {
      reason: "busy",
      message: "Another process keeps the search index locked",
      action: "Nothing is lost: it is tried again. If it stays, end the other program that has search.db open",
    },
  ],
  [10, { reason: undefined, message: "The disk failed while the search index was written", action: FREE_SPACE }],
  [13, { reason: undefined, message: "The disk is full: the search index cannot grow", action: FREE_SPACE }],
]);

/** Whether an error says that the file is not, or no longer, a sound index. */
export function isDamaged(error: unknown): boolean {
  const code = resultCode(error);
  return code === corrupt || code === notADatabase || (code === 1 && /no such (table|column)/.test(String(error)));
}

/** A full or failing disk, and a lock that stays, as CollectorError `storage`; anything else as it is. */
export function asStorageError(error: unknown): unknown {
  const problem = passing.get(resultCode(error) ?? 0);
  if (problem === undefined) return error;
  const { reason, message, action } = problem;
  return new CollectorError("storage", message, { reason, action, cause: error });
}

function resultCode(error: unknown): number | undefined {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return typeof code === "number" ? code & 0xff : undefined;
}

const suffixes = ["", "-wal", "-shm"];

/** Moves a damaged index aside, over an earlier one, so that a new one can be built in its place. */
export function moveAside(dataDir: string): void {
  const path = searchPath(dataDir);
  for (const suffix of suffixes) {
    rmSync(`${path}.corrupt${suffix}`, { force: true });
    if (existsSync(path + suffix)) renameSync(path + suffix, `${path}.corrupt${suffix}`);
  }
  rmSync(join(dataDir, markName), { force: true });
}

function removeFiles(path: string): void {
  for (const suffix of suffixes) rmSync(path + suffix, { force: true });
}

/** The file by which a reader tells the follower that it met damage. */
export const damageMark = (dataDir: string): string => join(dataDir, markName);
