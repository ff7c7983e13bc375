// Files that stay: written whole or not at all, readable by their owner only, and on the disk before a call returns.
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { CollectorError, type ErrorDetails } from "../../model/errors.ts";

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** Replaces what has that name. Until it is whole, and after a crash, it has the name with `.tmp` behind it. */
export async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const partial = `${path}.tmp`;
  try {
    await rm(partial, { force: true });
    await withFile(partial, "wx", async (file) => {
      await file.writeFile(content);
      await file.sync();
    });
    await rename(partial, path);
  } catch (error) {
    // On a full disk a piece of a file only makes matters worse.
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** For reading and writing at places of one's choice; made where it is not there. */
export const READ_WRITE = constants.O_RDWR | constants.O_CREAT;

export async function withFile<T>(
  path: string,
  flags: string | number,
  use: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(path, flags, OWNER_ONLY);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

/** Makes the folder, and those above it that are missing. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
  if (first === undefined) return;
  let parent = dirname(first);
  for (const step of relative(parent, path).split(sep)) {
    await syncFolder(parent);
    parent = join(parent, step);
  }
}

/** Makes names that were given in it durable. Windows knows no such thing, and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform !== "win32") await withFile(path, constants.O_RDONLY, (folder) => folder.sync());
}

const full: ErrorDetails = {
  reason: "disk_full",
  action: "Free space there, or have old files removed; delivery goes on by itself",
};
const mayNot: ErrorDetails = {
  reason: "not_writable",
  action: "Let the user that Cistern runs as write to the folder",
};

/** An error of the file system in `folder` as what it means for delivery; any other error comes back as it is. */
export function diskError(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (!(error instanceof Error) || error instanceof CollectorError || !/^E[A-Z0-9]+$/.test(code ?? "")) return error;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new CollectorError("unavailable", `The disk of ${folder} is full`, { ...full, cause: error });
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return new CollectorError("config_invalid", `${folder} may not be written to (${code})`, {
      ...mayNot,
      cause: error,
    });
  return new CollectorError("unavailable", `Writing to ${folder} failed (${code})`, {
    reason: "disk_failed",
    action: "If it stays, look at the disk",
    cause: error,
  });
}
