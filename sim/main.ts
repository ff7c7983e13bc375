// Lives through seeds of the simulation and says what was violated: npm run sim -- --seeds 10000; with --seed N one alone, with
// --trace everything that happened in it; with --stop-after S no further seed after so many seconds, but --at-least N. Exit code 1 where anything was violated or a hazard never happened.
import { parseArgs } from "node:util";
import { commitOf, writeResult } from "../bench/result.ts";
import { faultsOf, runBatch } from "./batch.ts";
import { shrink } from "./shrink.ts";
import { drawn, switches } from "./switches.ts";
import { live } from "./world.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    first: { type: "string", default: "1" },
    jobs: { type: "string" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    "stop-after": { type: "string" },
    "at-least": { type: "string", default: "0" },
    // --no-keep: print the figures, and leave docs/results as it is.
    keep: { type: "boolean", default: true },
  },
  allowNegative: true,
});

if (values.seed !== undefined) await one(Number(values.seed));
else await many();

async function one(seed: number): Promise<void> {
  const on = drawn(seed);
  const trace = values.trace ? (line: string) => void process.stdout.write(`${line}\n`) : undefined;
  const verdict = await live(seed, on, { trace });
  const { fired, ...rest } = verdict;
  process.stdout.write(`${JSON.stringify({ ...rest, fired: Object.fromEntries(fired) }, null, 2)}\n`);
  if (verdict.violations.length === 0) return;
  process.exitCode = 1;
  const needed = [...(await shrink(seed, on))];
  process.stdout.write(`It needs:\n${needed.map((name) => `  ${name}: ${switches[name]}\n`).join("")}`);
}

async function many(): Promise<void> {
  const seeds = Number(values.seeds);
  const jobs = values.jobs === undefined ? undefined : Number(values.jobs);
  const stopAfter = values["stop-after"];
  const batch = await runBatch({
    first: Number(values.first),
    seeds,
    jobs,
    stopAfterMs: stopAfter === undefined ? undefined : Number(stopAfter) * 1_000,
    atLeast: Number(values["at-least"]),
    onVerdict: (done) => tell(done, seeds),
  });
  const figures = { at: new Date().toISOString(), commit: commitOf(), ...batch, failed: batch.failed.slice(0, 20) };
  if (values.keep) writeResult("sim", figures);
  else process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  const faults = faultsOf(batch);
  for (const fault of faults.slice(0, 20)) process.stderr.write(`${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}

function tell(done: number, seeds: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${seeds} seeds${done === seeds ? "\n" : ""}`);
  else if (done % 500 === 0) process.stderr.write(`${done} of ${seeds} seeds\n`);
}
