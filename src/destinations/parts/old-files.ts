import { opendir, rmdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";

export interface Age {
  readonly now: Date;
  readonly days: number;
}

const DAY_MS = 86_400_000;

/**
 * Removes the files below `folder` that are ours and were last written more than so many days ago, and folders that became empty by that.
 * Whatever else lies there stays. Ends early when the signal aborts. Resolves with whether anything was removed.
 */
export async function removeOldFiles(
  folder: string,
  age: Age,
  isOurs: (name: string) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const before = age.now.getTime() - age.days * DAY_MS;
  let removed = false;
  for await (const entry of await opendir(folder)) {
    if (signal.aborted) break;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && (await removeOldFiles(path, age, isOurs, signal))) {
      removed = true;
      await rmdir(path).catch(unlessOneOf("ENOTEMPTY", "EEXIST", "ENOENT"));
    } else if (entry.isFile() && isOurs(entry.name) && (await stat(path)).mtimeMs < before) {
      removed = true;
      await unlink(path);
    }
  }
  return removed;
}

const unlessOneOf =
  (...codes: readonly string[]) =>
  (error: NodeJS.ErrnoException) => {
    if (!codes.includes(error.code ?? "")) throw error;
  };
