// Provokes each state with real processes and measures how long it takes until the API names it.
// Run: npm run test:health [-- NAME…]. Prints JSON and writes it to docs/results/health.json; ends with 1 where one was not named in time.
import { cpus } from "node:os";
import { commitOf, writeResult } from "../../bench/result.ts";
import { fullDisk } from "./full-disk.ts";
import { ownFault } from "./own-fault.ts";
import { type Outcome, play, scenarios } from "./scenarios.ts";

const LIMIT_SECONDS = 120;
/** Most of a scenario is waiting. */
const AT_ONCE = 3;

interface Result {
  readonly name: string;
  readonly cause?: string;
  readonly health?: string;
  readonly fault?: string;
  readonly reason?: string;
  readonly facts?: number;
  readonly seconds?: number;
  readonly failure?: string;
}

const wanted = process.argv.slice(2);
const all: readonly { readonly name: string; run(): Promise<Outcome | undefined> }[] = [
  { name: "work of our own that hangs", run: () => ownFault() },
  { name: "a disk that is almost full", run: fullDisk },
  ...scenarios.map((scenario) => ({ name: scenario.name, run: () => play(scenario) })),
];
const waiting = all.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const results: Result[] = [];

async function worker(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const result = await resultOf(next.name, next.run);
    if (result) results.push(result);
    process.stderr.write(
      `${next.name}: ${result ? (result.failure ?? `${result.cause} in ${result.seconds} s`) : "left out"}\n`,
    );
  }
}

async function resultOf(name: string, run: () => Promise<Outcome | undefined>): Promise<Result | undefined> {
  try {
    const outcome = await run();
    if (outcome === undefined) return undefined;
    const { report, seconds } = outcome;
    const { cause, health, fault, reason, evidence } = report;
    return { name, cause, health, fault, reason, facts: evidence.length, seconds: Number(seconds.toFixed(1)) };
  } catch (error) {
    return { name, failure: (error as Error).message.slice(0, 500) };
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, worker));
results.sort((a, b) => a.name.localeCompare(b.name));
const late = results.filter(({ failure, seconds }) => failure !== undefined || seconds! > LIMIT_SECONDS);
const figures = {
  at: new Date().toISOString(),
  commit: commitOf(),
  node: process.version,
  cores: cpus().length,
  limitSeconds: LIMIT_SECONDS,
  named: results.length - late.length,
  slowestSeconds: Math.max(...results.map(({ seconds }) => seconds ?? 0)),
  results,
};
if (wanted.length === 0) writeResult("health", figures);
else process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
process.exitCode = late.length === 0 ? 0 : 1;
