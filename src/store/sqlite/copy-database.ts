import { existsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { asStorageError } from "./connection.ts";

/** Waits; ends early, without an error, when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

const PROGRESS_MS = 200;

/**
 * Writes the database as it is at one instant to a new file, fsynced. It ends however fast others write: `VACUUM INTO` reads one
 * snapshot, where SQLite's page-wise backup begins again at every commit. `onBytes` is told the size of the copy so far.
 */
export async function copyDatabase(
  files: { readonly from: string; readonly to: string },
  sleep: Sleep,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const ended = new AbortController();
  const copy = runWorker(files).finally(() => ended.abort());
  const progress = async () => {
    while (!ended.signal.aborted) {
      await sleep(PROGRESS_MS, ended.signal);
      if (existsSync(files.to)) onBytes(statSync(files.to).size);
    }
  };
  await Promise.all([copy, progress()]);
  await syncFile(files.to);
}

async function runWorker(workerData: { readonly from: string; readonly to: string }): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const worker = new Worker(new URL("./vacuum-worker.ts", import.meta.url), { workerData });
  worker.once("error", (error) => reject(asStorageError(error)));
  worker.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`the copy ended with ${code}`))));
  await promise;
}

/** Makes a file, or the names in a folder, survive a power cut. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
