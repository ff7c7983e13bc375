// Real processes, real files and real sockets under what goes wrong in the world: npm run chaos [-- PART…] [--seed N]
// [--kills N] [--cuts N] [--cycles N] [--trials N] [--offsets N] [--contents N]. Each part runs in a process of its own. Prints
// JSON, keeps it in docs/results/chaos.json where no part ran smaller than usual, and ends with 1 when anything was lost, doubled
// or wrong.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { commitOf, writeResult } from "../bench/result.ts";
import type { Outcome, Part } from "./part.ts";

const parts = {
  kill: { flag: "kills", usual: 200, load: async () => (await import("./kill.ts")).kill },
  power: { flag: "cuts", usual: 1_000, load: async () => (await import("./power.ts")).power },
  disk: { flag: "cycles", usual: 4, load: async () => (await import("./disk.ts")).disk },
  frozen: { flag: "trials", usual: 50, load: async () => (await import("./frozen.ts")).frozen },
  upstream: { flag: "offsets", usual: 10_000, load: async () => (await import("./upstream.ts")).upstream },
  content: { flag: "contents", usual: 10_000, load: async () => (await import("./content.ts")).content },
} as const satisfies Record<string, { flag: string; usual: number; load: () => Promise<Part> }>;
type PartName = keyof typeof parts;

const RESULTS = join(import.meta.dirname, "../docs/results/chaos.json");
const names = Object.keys(parts) as PartName[];
const isPart = (name: string): name is PartName => Object.hasOwn(parts, name);
const text = { type: "string" } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    /** For the processes that this one starts: run the part and print its outcome. */
    alone: { type: "boolean", default: false },
    kills: text,
    cuts: text,
    cycles: text,
    trials: text,
    offsets: text,
    contents: text,
  },
});
const unknown = positionals.filter((name) => !isPart(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(", ")}; there are ${names.join(", ")}\n`);
  process.exit(2);
}
const chosen = positionals.length === 0 ? names : positionals.filter(isPart);
const countOf = (name: PartName) => Number(values[parts[name].flag] ?? parts[name].usual);

if (values.alone) await runHere(chosen[0]!);
else await runAll();

async function runHere(name: PartName): Promise<void> {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(1));
  const note = (line: string) => process.stderr.write(`${name}: ${line}\n`);
  const part: Part = await parts[name].load();
  const outcome = await part({ seed: Number(values.seed), count: countOf(name), note });
  process.stdout.write(JSON.stringify(outcome));
}

/** What is known of each part: how its last run at the usual size ended, and of which commit. */
type Results = Partial<Record<PartName, object>>;

async function runAll(): Promise<void> {
  const outcomes: Results = {};
  let faults = 0;
  for (const name of chosen) {
    const started = performance.now();
    const outcome = await runApart(name);
    const seconds = Math.round((performance.now() - started) / 1_000);
    const at = new Date().toISOString();
    const about = { at, commit: commitOf("chaos"), seed: Number(values.seed), cores: cpus().length, seconds };
    outcomes[name] = { passed: outcome.faults.length === 0, ...about, ...outcome };
    faults += outcome.faults.length;
    process.stderr.write(`${name}: ${outcome.faults.length} faults in ${seconds} s\n`);
  }
  if (chosen.some((name) => countOf(name) < parts[name].usual))
    process.stdout.write(`${JSON.stringify(outcomes, null, 2)}\n`);
  else writeResult("chaos", { node: process.version, cpu: cpus()[0]?.model, ...known(), ...outcomes });
  process.exitCode = faults === 0 ? 0 : 1;
}

/** The results that are kept, so that parts which do not run now stay in them. */
function known(): Results {
  if (!existsSync(RESULTS)) return {};
  const kept = JSON.parse(readFileSync(RESULTS, "utf8")) as Results;
  return Object.fromEntries(names.flatMap((name) => (kept[name] === undefined ? [] : [[name, kept[name]]])));
}

/** A part that fails altogether is a fault as well. */
async function runApart(name: PartName): Promise<Outcome> {
  const args = [import.meta.filename, name, "--alone", "--seed", values.seed, `--${parts[name].flag}`];
  const child = spawn(process.execPath, [...process.execArgv, ...args, String(countOf(name))], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = () => child.kill("SIGTERM");
  process.once("exit", stop);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  const [code] = await once(child, "close");
  process.off("exit", stop);
  if (code === 0) return JSON.parse(output) as Outcome;
  return { figures: {}, faults: [`the part ended with ${String(code)}`] };
}
