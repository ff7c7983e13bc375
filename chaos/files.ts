import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CleanUp } from "./part.ts";

/** A folder for this run, gone when it ends. */
export function tempFolder(cleanUp: CleanUp): string {
  const folder = mkdtempSync(join(tmpdir(), "cistern-chaos-"));
  cleanUp.add(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
