import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CollectorError } from "../../model/errors.ts";
import { type BackupManifest, type BackupProgress, CONTROL, MANIFEST, SECRET_KEY, SIGNING_KEY } from "./backup.ts";
import { asStorageError, openForWriting, query, withStorageErrors } from "./connection.ts";
import { syncFile } from "./copy-database.ts";
import { acquireDataDirLock } from "./data-dir.ts";
import { DATABASE, SEARCH } from "./disk.ts";
import { Eraser } from "./erasure.ts";
import { ERASURE_LOG } from "./erasure-log.ts";
import { migrate, refuseNewerSchema, schemaVersion } from "./migrate.ts";
import { readTar, type TarEntry, tarContent } from "./tar.ts";

export interface RestoreOptions {
  readonly from: string;
  readonly dataDir: string;
  /** Also into a data directory that holds a store, which is then replaced, and one on a network file system. */
  readonly force?: boolean;
  /** Called with the path of the restored control database before it is put in place: what was revoked later is revoked again. */
  readonly afterRestore?: (controlDbPath: string) => void;
  readonly onProgress?: (progress: BackupProgress) => void;
}

/** What a restore has done. */
export interface Restored {
  readonly manifest: BackupManifest;
  /** Events in the backup that had been erased since, and are erased again. */
  readonly erased: number;
}

/** Positions that the lost time can have used at most: the restored log goes on above them. */
const POSITIONS_SKIPPED = 1_000_000_000;
/** Everything is unpacked, checked and brought up to date here first. */
const ASIDE = "restore.partial";
const REPLACED = "restore.replaced";
const KNOWN = [DATABASE, CONTROL, ERASURE_LOG, SECRET_KEY, SIGNING_KEY];
const withCompanions = (name: string) => [`${name}-wal`, `${name}-shm`, name];

/**
 * Puts a backup into a data directory. Everything is checked before anything is replaced: hashes, the databases' integrity, the
 * schema. Throws `config_invalid` while a server runs on the directory, where it holds a store (without `force`), and for a backup
 * that is damaged or newer than this program. The search index is removed: it is built again from the log.
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { dataDir } = options;
  const lock = acquireDataDirLock(dataDir, options);
  const aside = join(dataDir, ASIDE);
  try {
    if (options.force !== true) refuseExisting(dataDir);
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside, { mode: 0o700 });
    const manifest = await unpack(options, aside);
    check(aside, manifest, options);
    mergeErasureLog(dataDir, aside);
    const erased = await bringUpToDate(aside, options);
    if (existsSync(join(aside, CONTROL))) options.afterRestore?.(join(aside, CONTROL));
    await putInPlace(dataDir, aside);
    return { manifest, erased };
  } catch (error) {
    throw asStorageError(error);
  } finally {
    rmSync(aside, { recursive: true, force: true });
    lock.release();
  }
}

function refuseExisting(dataDir: string): void {
  const found = [DATABASE, CONTROL].find((name) => existsSync(join(dataDir, name)));
  if (found === undefined) return;
  throw new CollectorError("config_invalid", `The data directory ${dataDir} already holds ${found}`, {
    reason: "data_dir_not_empty",
    action: "Give an empty data directory, or --force to replace what is there",
  });
}

async function unpack({ from, onProgress }: RestoreOptions, aside: string): Promise<BackupManifest> {
  const archive = await open(from, "r");
  try {
    const entries = await readTar(archive);
    const manifest = await readManifest(archive, entries);
    for (const { name, sha256 } of manifest.files) {
      const entry = entries.find((candidate) => candidate.name === name);
      if (entry === undefined || !KNOWN.includes(name)) throw refused(`does not hold ${name} as its manifest says`);
      const report = (bytes: number) => onProgress?.({ phase: "unpacking", file: name, bytes, total: entry.size });
      if ((await extract(archive, entry, join(aside, name), report)) !== sha256) throw refused(`has a damaged ${name}`);
    }
    return manifest;
  } finally {
    await archive.close();
  }
}

async function readManifest(archive: FileHandle, entries: readonly TarEntry[]): Promise<BackupManifest> {
  const entry = entries.find(({ name }) => name === MANIFEST);
  if (entry === undefined) throw refused("has no manifest");
  const chunks: Uint8Array[] = [];
  for await (const chunk of tarContent(archive, entry)) chunks.push(chunk);
  const manifest = parseManifest(Buffer.concat(chunks).toString());
  if (manifest.format !== 1)
    throw refused(`has format ${manifest.format}, which this version of Cistern does not know`);
  if (!manifest.files.some(({ name }) => name === DATABASE)) throw refused("holds no store");
  return manifest;
}

function parseManifest(text: string): BackupManifest {
  try {
    return JSON.parse(text) as BackupManifest;
  } catch (cause) {
    throw cause instanceof SyntaxError ? refused("has a damaged manifest") : cause;
  }
}

/** Returns the SHA-256 of what was written. */
async function extract(archive: FileHandle, entry: TarEntry, path: string, report: (bytes: number) => void) {
  const hash = createHash("sha256");
  const file = await open(path, "wx", 0o600);
  try {
    let bytes = 0;
    for await (const chunk of tarContent(archive, entry)) {
      hash.update(chunk);
      await file.writeFile(chunk);
      bytes += chunk.length;
      report(bytes);
    }
    await file.sync();
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

function check(aside: string, { files }: BackupManifest, { onProgress }: RestoreOptions): void {
  for (const { name, bytes } of files.filter((file) => file.name.endsWith(".db"))) {
    onProgress?.({ phase: "checking", file: name, bytes: 0, total: bytes });
    withStorageErrors(() => {
      const db = new DatabaseSync(join(aside, name), { readOnly: true });
      try {
        const found = query<{ integrity_check: string }>(db, "PRAGMA integrity_check(1)").get()?.integrity_check;
        if (found !== "ok") throw refused(`has a damaged ${name}: ${found}`);
        if (name === DATABASE) refuseNewerSchema(schemaVersion(db));
      } finally {
        db.close();
      }
    });
    onProgress?.({ phase: "checking", file: name, bytes, total: bytes });
  }
}

/** The log in the data directory keeps every line, and gets those that only the backup has. */
function mergeErasureLog(dataDir: string, aside: string): void {
  const lines = [dataDir, aside].flatMap((folder) => {
    const path = join(folder, ERASURE_LOG);
    return existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  });
  rmSync(join(aside, ERASURE_LOG), { force: true });
  if (lines.length > 0)
    writeFileSync(join(aside, ERASURE_LOG), `${[...new Set(lines)].join("\n")}\n`, { mode: 0o600, flush: true });
}

async function bringUpToDate(aside: string, { onProgress }: RestoreOptions): Promise<number> {
  const db = openForWriting(join(aside, DATABASE));
  try {
    await migrate(db, undefined, () => {});
    onProgress?.({ phase: "erasing", file: ERASURE_LOG, bytes: 0, total: 0 });
    const erased = new Eraser(db, aside).replay();
    skipPositions(db);
    return erased;
  } finally {
    db.close();
  }
}

/** Positions that were given out after the backup was made may stand in a destination, so they are not used again. */
function skipPositions(db: DatabaseSync): void {
  // SQLite makes the row with the first insert: a log that was empty at the backup has none.
  const isNew = "NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'events')";
  db.exec(`INSERT INTO sqlite_sequence (name, seq) SELECT 'events', 0 WHERE ${isNew}`);
  query(db, "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'events'").run(POSITIONS_SKIPPED);
}

// The old files go first, each log before its database: a new database must never meet an old log.
async function putInPlace(dataDir: string, aside: string): Promise<void> {
  const replaced = join(dataDir, REPLACED);
  rmSync(replaced, { recursive: true, force: true });
  mkdirSync(replaced, { mode: 0o700 });
  const move = (name: string, from: string, to: string) => {
    if (existsSync(join(from, name))) renameSync(join(from, name), join(to, name));
  };
  for (const name of [DATABASE, CONTROL, SEARCH].flatMap(withCompanions)) move(name, dataDir, replaced);
  for (const name of [ERASURE_LOG, SECRET_KEY, SIGNING_KEY, CONTROL, DATABASE]) move(name, aside, dataDir);
  await syncFile(dataDir);
  rmSync(replaced, { recursive: true, force: true });
}

const refused = (why: string) =>
  new CollectorError("config_invalid", `The backup ${why}`, {
    reason: "backup_damaged",
    action: "Take another backup file; nothing has been changed",
  });
