import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

/** Writes a file so that it is there whole or not at all; one of that name is replaced then. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const partial = `${path}.partial`;
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  rmSync(partial, { force: true });
  const file = openSync(partial, "wx", 0o600);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(partial, path);
}
