import { createHash } from "node:crypto";
import { createReadStream, existsSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CollectorError } from "../../model/errors.ts";
import { asStorageError, query, withStorageErrors } from "./connection.ts";
import { copyDatabase, type Sleep, syncFile } from "./copy-database.ts";
import { DATABASE } from "./disk.ts";
import { ERASURE_LOG } from "./erasure-log.ts";
import { schemaVersion } from "./migrate.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar.ts";

/** Name of the database of accounts, settings and secrets in the data directory. */
export const CONTROL = "control.db";
/** Name of the file with the key of the secrets. */
export const SECRET_KEY = "secret.key";
/** Name of the file with the key that signs completeness reports. */
export const SIGNING_KEY = "signing.key";
/** Name of the description in a backup. */
export const MANIFEST = "manifest.json";

/** How far a backup or a restore is. `total` is an estimate while copying. */
export interface BackupProgress {
  readonly phase: "copying" | "packing" | "unpacking" | "checking" | "erasing";
  readonly file: string;
  readonly bytes: number;
  readonly total: number;
}

export interface BackupOptions {
  readonly dataDir: string;
  /** The file to write. It appears when it is whole; one of that name is replaced then. */
  readonly out: string;
  /** Also the key of the secrets and the one that signs reports. Whoever has such a backup can use both. Default: without. */
  readonly includeKey?: boolean;
  /** RFC 3339, for the manifest. */
  readonly createdAt: string;
  readonly sleep: Sleep;
  readonly onProgress?: (progress: BackupProgress) => void;
}

/** What a backup holds. */
export interface BackupManifest {
  readonly format: 1;
  readonly created_at: string;
  /** Schema version of the store. */
  readonly schema: number;
  readonly counts: { readonly collectors: number; readonly files: number; readonly events: number };
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

type Packed = BackupManifest["files"][number];

/**
 * Writes one tar file with consistent copies of the store and the control database, the erasure log, and a manifest with the
 * hash of each. A server may run on the data directory and collect at full speed. Needs about the space of the data twice.
 */
export async function backup(options: BackupOptions): Promise<BackupManifest> {
  if (!existsSync(join(options.dataDir, DATABASE))) throw nothingToBackUp(options.dataDir);
  const partial = `${options.out}.partial`;
  try {
    const manifest = await writeArchive(partial, options);
    await rename(partial, options.out);
    await syncFile(dirname(resolve(options.out)));
    return manifest;
  } catch (error) {
    await rm(partial, { force: true });
    throw asStorageError(error);
  }
}

async function writeArchive(path: string, options: BackupOptions): Promise<BackupManifest> {
  const archive = await open(path, "w", 0o600);
  try {
    const store = await packDatabase(archive, DATABASE, options, describe);
    const files = [store.packed];
    // Later than the store: every collector in the store is known to the copy of control.db.
    if (existsSync(join(options.dataDir, CONTROL)))
      files.push((await packDatabase(archive, CONTROL, options, () => undefined)).packed);
    for (const name of options.includeKey === true ? [ERASURE_LOG, SECRET_KEY, SIGNING_KEY] : [ERASURE_LOG])
      if (existsSync(join(options.dataDir, name)))
        files.push(await packFile(archive, name, join(options.dataDir, name)));
    const manifest: BackupManifest = { format: 1, created_at: options.createdAt, ...store.facts, files };
    await appendEntry(archive, MANIFEST, Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
    await archive.write(tarEnd());
    await archive.sync();
    return manifest;
  } finally {
    await archive.close();
  }
}

async function packDatabase<Facts>(
  archive: FileHandle,
  name: string,
  { dataDir, out, sleep, onProgress }: BackupOptions,
  describe: (copy: string) => Facts,
): Promise<{ packed: Packed; facts: Facts }> {
  const copy = `${out}.${name}.partial`;
  const total = statSync(join(dataDir, name)).size;
  rmSync(copy, { force: true });
  try {
    await copyDatabase({ from: join(dataDir, name), to: copy }, sleep, (bytes) =>
      onProgress?.({ phase: "copying", file: name, bytes, total: Math.max(bytes, total) }),
    );
    const report = (bytes: number, size: number) => onProgress?.({ phase: "packing", file: name, bytes, total: size });
    return { facts: describe(copy), packed: await packFile(archive, name, copy, report) };
  } finally {
    rmSync(copy, { force: true });
  }
}

function describe(copy: string): Pick<BackupManifest, "schema" | "counts"> {
  return withStorageErrors(() => {
    const db = new DatabaseSync(copy, { readOnly: true });
    try {
      const counts = query<BackupManifest["counts"]>(
        db,
        `SELECT count(DISTINCT collector_id) AS collectors, coalesce(sum(files_done), 0) AS files,
         coalesce(sum(events), 0) AS events FROM sources`,
      ).get()!;
      return { schema: schemaVersion(db), counts: { ...counts } };
    } finally {
      db.close();
    }
  });
}

async function packFile(
  archive: FileHandle,
  name: string,
  path: string,
  report: (bytes: number, size: number) => void = () => {},
): Promise<Packed> {
  // The size now: an erasure log that grows meanwhile is taken up to here.
  const { size } = statSync(path);
  const hash = createHash("sha256");
  await archive.write(tarHeader(name, size));
  let bytes = 0;
  if (size > 0)
    for await (const chunk of createReadStream(path, { end: size - 1, highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Buffer);
      await archive.writeFile(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      report(bytes, size);
    }
  await archive.write(tarPadding(size));
  return { name, bytes: size, sha256: hash.digest("hex") };
}

async function appendEntry(archive: FileHandle, name: string, content: Buffer): Promise<void> {
  await archive.write(tarHeader(name, content.length));
  await archive.write(content);
  await archive.write(tarPadding(content.length));
}

const nothingToBackUp = (dataDir: string) =>
  new CollectorError("config_invalid", `There is no store in ${dataDir} to back up`, {
    reason: "store_missing",
    action: "Give the data directory of a server that has run",
  });
