// control.db: opening, migrating, and the transactions of every other file in this folder.
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { CollectorError } from "../model/errors.ts";

export type Row = Record<string, SQLInputValue>;

/** A small face over the connection: statements are prepared once, and every failure of the disk is a CollectorError `storage`. */
export interface Database {
  all(sql: string, ...values: SQLInputValue[]): Row[];
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  /** Returns how many rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /** All of it or nothing; durable when it returns. Transactions do not nest: inside one, `work` simply runs. */
  transaction<T>(work: () => T): T;
  close(): void;
}

const migrationsFolder = join(import.meta.dirname, "migrations");

/**
 * Opens control.db, made anew (0600) where it is missing, and brings its schema up to date after a copy beside it.
 * A schema newer than this program is refused with `config_invalid`, reason `schema_newer`.
 */
export function openDatabase(path: string, options: { readonly readOnly?: boolean | undefined } = {}): Database {
  const readOnly = options.readOnly ?? false;
  if (!readOnly && path !== ":memory:") closeSync(openSync(path, "a", 0o600));
  const connection = guarded(() => new DatabaseSync(path, { readOnly, timeout: 5_000 }));
  try {
    guarded(() => prepare(connection, path, readOnly));
  } catch (error) {
    connection.close();
    throw error;
  }
  return overConnection(connection);
}

function prepare(connection: DatabaseSync, path: string, readOnly: boolean) {
  if (!readOnly) connection.exec("PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 4194304");
  connection.exec("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  migrate(connection, path, readOnly);
}

function migrate(connection: DatabaseSync, path: string, readOnly: boolean) {
  const migrations = readdirSync(migrationsFolder)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort();
  const current = schemaVersion(connection);
  if (current > migrations.length || (readOnly && current < migrations.length))
    throw new CollectorError("config_invalid", `control.db has schema ${current}, this program ${migrations.length}`, {
      reason: current > migrations.length ? "schema_newer" : "schema_older",
      action:
        current > migrations.length
          ? "Start the newer version of Cistern again, or restore a backup made by this one."
          : "Start the server once, so that it brings the data directory up to date.",
    });
  if (current > 0 && current < migrations.length && path !== ":memory:") copyBeside(connection, path, current);
  for (const name of migrations.slice(current)) applyMigration(connection, name);
}

function applyMigration(connection: DatabaseSync, name: string) {
  const number = Number(name.slice(0, 4));
  connection.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have been first.
    if (schemaVersion(connection) < number)
      connection.exec(`${readFileSync(join(migrationsFolder, name), "utf8")}; PRAGMA user_version = ${number}`);
    connection.exec("COMMIT");
  } catch (error) {
    connection.exec("ROLLBACK");
    throw error;
  }
}

function copyBeside(connection: DatabaseSync, path: string, version: number) {
  const copy = `${path}.before-${version + 1}`;
  if (existsSync(copy)) rmSync(copy);
  closeSync(openSync(copy, "a", 0o600));
  connection.prepare("VACUUM INTO ?").run(copy);
}

const schemaVersion = (connection: DatabaseSync) =>
  Number((connection.prepare("PRAGMA user_version").get() as { user_version: number }).user_version);

function overConnection(connection: DatabaseSync): Database {
  const statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  const prepared = (sql: string) => {
    const known = statements.get(sql) ?? connection.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  let inside = false;
  const transaction = <T>(work: () => T): T => {
    if (inside) return work();
    guarded(() => connection.exec("BEGIN IMMEDIATE"));
    inside = true;
    try {
      const result = work();
      guarded(() => connection.exec("COMMIT"));
      return result;
    } catch (error) {
      if (connection.isTransaction) connection.exec("ROLLBACK");
      throw error;
    } finally {
      inside = false;
    }
  };
  return {
    all: (sql, ...values) => guarded(() => prepared(sql).all(...values) as Row[]),
    get: (sql, ...values) => guarded(() => prepared(sql).get(...values) as Row | undefined),
    run: (sql, ...values) => guarded(() => Number(prepared(sql).run(...values).changes)),
    transaction,
    close: () => connection.close(),
  };
}

// SQLite's primary result codes that speak of the disk or the file, not of a mistake in a statement.
const storageFaults: Readonly<Record<number, string>> = {
  5: "control.db is locked by another program",
  7: "There is no memory left for control.db",
  8: "control.db cannot be written",
  10: "The disk failed while control.db was read or written",
  11: "control.db is damaged",
  13: "The disk is full",
  14: "control.db cannot be opened",
  26: "control.db is not a database",
};

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = (cause as { errcode?: unknown }).errcode;
    const fault = typeof code === "number" ? storageFaults[code & 0xff] : undefined;
    if (fault === undefined) throw cause;
    throw new CollectorError("storage", fault, {
      cause,
      reason: "control_unusable",
      action: "Look at the disk that holds the data directory: free space, permissions, health.",
    });
  }
}
