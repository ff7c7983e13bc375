// Tampers with copies of a small store and counts what cistern doctor notices: npm run chaos:tamper [-- --count N --seed N]. Prints
// JSON, keeps it in docs/results/tamper.json, and ends with 1 where anything went unnoticed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { commitOf, writeResult } from "../bench/result.ts";
import { writeSoundStore } from "./sound-store.ts";
import { tamper } from "./tamper.ts";

const { values } = parseArgs({
  options: { count: { type: "string", default: "1000" }, seed: { type: "string", default: "1" } },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const NOTE_EVERY = 100;

process.umask(0o077);
const folder = mkdtempSync(join(tmpdir(), "cistern-tamper-"));
try {
  await writeSoundStore(folder);
  const started = performance.now();
  let done = 0;
  const trials = await tamper(folder, { folder, seed, count }, () => {
    done += 1;
    if (done % NOTE_EVERY === 0) process.stderr.write(`${done} of ${count}\n`);
  });
  const missed = trials.filter(({ found }) => found.length === 0);
  const kinds = Map.groupBy(trials, ({ kind }) => kind);
  const byKind = Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length]));
  const seconds = Number(((performance.now() - started) / 1_000).toFixed(1));
  const about = { at: new Date().toISOString(), commit: commitOf("chaos"), node: process.version, seed, seconds };
  const detected = trials.length - missed.length;
  writeResult("tamper", { ...about, trials: trials.length, detected, missed: missed.map(({ sql }) => sql), byKind });
  if (missed.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
