import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { backup, type DatabaseSync } from "node:sqlite";
import { CollectorError } from "../../model/errors.ts";
import { asStorageError, inTransaction, query } from "./connection.ts";
import { linkExistingFiles } from "./link-existing.ts";

/** How far an upgrade of the database is. `pages` are those of the copy that is made first. */
export type MigrationStep =
  | { readonly phase: "copying"; readonly version: number; readonly pagesDone: number; readonly pagesTotal: number }
  | { readonly phase: "migrating"; readonly version: number; readonly name: string }
  | { readonly phase: "done"; readonly version: number };

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

const folder = new URL("./migrations/", import.meta.url);

/** All migrations in order; the number in front of a file's name is the schema version that it leads to. */
export function migrations(): readonly Migration[] {
  const names = readdirSync(folder).filter((name) => /^\d{4}-.*\.sql$/.test(name));
  return names.sort().map((name) => ({
    version: Number(name.slice(0, 4)),
    name: name.slice(5, -4),
    sql: readFileSync(new URL(name, folder), "utf8"),
  }));
}

/** What a migration does beside its SQL, in the same transaction. */
const fills: Readonly<Record<number, (db: DatabaseSync) => void>> = { 3: linkExistingFiles };

/** The schema version that this program writes. */
export const currentSchema = (): number => migrations().at(-1)!.version;

/** The schema version of a database; 0 where it is empty. */
export function schemaVersion(db: DatabaseSync): number {
  const known = query(db, "SELECT 1 FROM sqlite_schema WHERE name = 'migrations'").get();
  if (known === undefined) return 0;
  return query<{ version: number | null }>(db, "SELECT max(version) AS version FROM migrations").get()?.version ?? 0;
}

/** Throws `config_invalid` with the remedy where a newer program has written the database. */
export function refuseNewerSchema(version: number): void {
  if (version <= currentSchema()) return;
  throw new CollectorError(
    "config_invalid",
    `The database has schema ${version}, and this version of Cistern knows schemas up to ${currentSchema()}`,
    {
      reason: "schema_newer",
      action:
        "Start the newer version of Cistern, or put the copy made before the upgrade back, as docs/operations.md says",
    },
  );
}

/**
 * Brings a database to the current schema, each migration in one transaction. A database that is not empty is first copied to
 * `backups/before-<version>.db` in the data directory, if one is given.
 */
export async function migrate(
  db: DatabaseSync,
  dataDir: string | undefined,
  onStep: (step: MigrationStep) => void,
): Promise<void> {
  const from = schemaVersion(db);
  refuseNewerSchema(from);
  if (from === 0)
    db.exec("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT, applied_at TEXT) STRICT");
  for (const migration of migrations().filter(({ version }) => version > from)) {
    if (from > 0 && dataDir !== undefined) await copyBefore(db, dataDir, migration.version, onStep);
    onStep({ phase: "migrating", version: migration.version, name: migration.name });
    apply(db, migration);
    onStep({ phase: "done", version: migration.version });
  }
}

/** Applies one migration and notes it. */
export function apply(db: DatabaseSync, { version, name, sql }: Migration): void {
  inTransaction(db, () => {
    db.exec(sql);
    fills[version]?.(db);
    query(db, "INSERT INTO migrations VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%fZ'))").run(version, name);
  });
}

// The caller holds the lock of the data directory: with nobody writing, the copy cannot be made to start again.
async function copyBefore(db: DatabaseSync, dataDir: string, version: number, onStep: (step: MigrationStep) => void) {
  mkdirSync(join(dataDir, "backups"), { recursive: true, mode: 0o700 });
  const progress = ({ totalPages, remainingPages }: { totalPages: number; remainingPages: number }) =>
    onStep({ phase: "copying", version, pagesDone: totalPages - remainingPages, pagesTotal: totalPages });
  const copy = join(dataDir, "backups", `before-${version}.db`);
  try {
    // Under its name only when whole: a start that is killed leaves no half copy to be taken for a good one.
    rmSync(`${copy}.part`, { force: true });
    await backup(db, `${copy}.part`, { rate: 1000, progress });
    renameSync(`${copy}.part`, copy);
  } catch (error) {
    throw asStorageError(error);
  }
}
