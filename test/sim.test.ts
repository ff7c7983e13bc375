// The simulation, as far as a test run has time for it; npm run sim and npm run sim:mutants go further. It runs in processes of its
// own: it changes what node:sqlite does.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { judgeNaive, knownBad } from "../sim/known-bad.ts";
import type { Switch } from "../sim/switches.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");

async function sim(...args: readonly string[]) {
  const command = ["--roomy", "--disable-warning=ExperimentalWarning", "sim/main.ts", ...args];
  const { stdout } = await run("scripts/run.sh", command, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as {
    readonly seeds: number;
    readonly failed: readonly unknown[];
    readonly traceHash: string;
  };
}

// A violation, or a hazard that never happened, ends the process with 1 and its words on stderr: the test shows them.
test("no seed loses, doubles or misjudges anything, and every hazard happens", { timeout: 480_000 }, async () => {
  const batch = await sim("--no-keep", "--seeds", "500");

  expect(batch.failed).toEqual([]);
  expect(batch.seeds).toBe(500);
});

test("the same seed is the same story, down to the last request", { timeout: 120_000 }, async () => {
  const once = await sim("--seed", "11");

  expect((await sim("--seed", "11")).traceHash).toBe(once.traceHash);
  expect((await sim("--seed", "12")).traceHash).not.toBe(once.traceHash);
});

const plain: readonly Switch[] = ["lateFiles", "downloadFailures", "listFailures", "truncatedBodies"];

test.each(Object.entries(knownBad))("a collector that %s is caught", { timeout: 120_000 }, async (_, poll) => {
  let lost = 0;
  for (let seed = 1; seed <= 5 && lost === 0; seed += 1) lost += (await judgeNaive(seed, new Set(plain), poll)).lost;
  expect(lost).toBeGreaterThan(0);
});
