// Files that hold one key: whole or not there, synced, for the owner alone.
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** The file's text; undefined where there is none. */
export function readKeyFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Written beside and renamed, so that no crash leaves half a key; then the folder is synced, so that none takes it back. */
export function writeKeyFile(path: string, text: string) {
  const partial = `${path}.partial`;
  writeWhole(partial, text);
  renameKeyFile(partial, path);
}

/** The file's text: this one where there was none yet, otherwise that of whoever came first. */
export function claimKeyFile(path: string, text: string): string {
  const partial = `${path}.${process.pid}.partial`;
  writeWhole(partial, text);
  try {
    linkSync(partial, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(partial, { force: true });
  }
  syncing(openSync(dirname(path), "r"), () => undefined);
  return readFileSync(path, "utf8");
}

/** Renamed, and durable when it returns. */
export function renameKeyFile(from: string, to: string) {
  renameSync(from, to);
  syncing(openSync(dirname(to), "r"), () => undefined);
}

function writeWhole(path: string, text: string) {
  rmSync(path, { force: true });
  syncing(openSync(path, "wx", 0o600), (file) => writeSync(file, `${text.trimEnd()}\n`));
}

function syncing(file: number, work: (file: number) => void) {
  try {
    work(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
