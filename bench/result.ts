import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";

const results = join(import.meta.dirname, "../docs/results");

/** Prints the figures and keeps them in docs/results/<name>.json. */
export function writeResult(name: string, figures: object): void {
  const text = `${JSON.stringify(figures, null, 2)}\n`;
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `${name}.json`), text);
  process.stdout.write(text);
}

/** The commit that was measured; marked where src/ or the folder that measures has changes beside it. */
export function commitOf(folder = "bench"): string {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--", "../src", `../${folder}`) !== "";
  return `${git("rev-parse", "--short", "HEAD")}${changed ? " with changes" : ""}`;
}

/** Where and when something is measured: asked before it begins. `loadBefore`: processes that wanted a core in the minute before. */
export function conditions() {
  return {
    at: new Date().toISOString(),
    commit: commitOf(),
    node: process.version,
    sqlite: process.versions.sqlite,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    loadBefore: Number(loadavg()[0]!.toFixed(1)),
  };
}

/** Tells on stderr how far a measurement is; stdout is for its figures. */
export const note = (text: string): void => void process.stderr.write(`${text}\n`);
