// Runs the parts of a chaos run, each in a process of its own. Prints JSON, and keeps it in docs/results where no part ran smaller than
// usual.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { commitOf, writeResult } from "../bench/result.ts";
import type { Outcome, Part } from "./part.ts";

export interface PartEntry {
  /** Says how much of it is done. */
  readonly flag: string;
  readonly usual: number;
  readonly load: () => Promise<Part>;
}

export interface Run {
  /** The program that calls this: it is started again for each part. */
  readonly file: string;
  /** Name of the file in docs/results. */
  readonly result: string;
  readonly parts: Readonly<Record<string, PartEntry>>;
}

/** The exit code of the process says whether every part has passed. */
export async function runParts(run: Run): Promise<void> {
  const flags = Object.values(run.parts).map(({ flag }) => [flag, { type: "string" }] as const);
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: "string", default: "1" },
      /** For the processes that this one starts: run the part and print its outcome. */
      alone: { type: "boolean", default: false },
      ...Object.fromEntries(flags),
    },
  });
  const names = Object.keys(run.parts);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no part ${unknown.join(", ")}; there are ${names.join(", ")}\n`);
    process.exit(2);
  }
  const given = values as Readonly<Record<string, string | boolean | undefined>>;
  const countOf = (name: string) => Number(given[run.parts[name]!.flag] ?? run.parts[name]!.usual);
  const chosen = positionals.length === 0 ? names : positionals;
  const seed = Number(values.seed);
  if (values.alone) await runHere(run, chosen[0]!, { seed, count: countOf(chosen[0]!) });
  else await runAll(run, chosen, { seed, countOf });
}

async function runHere({ parts }: Run, name: string, asked: { readonly seed: number; readonly count: number }) {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(1));
  const part = await parts[name]!.load();
  const outcome = await part({ ...asked, note: (line) => process.stderr.write(`${name}: ${line}\n`) });
  process.stdout.write(JSON.stringify(outcome));
}

interface Asked {
  readonly seed: number;
  readonly countOf: (name: string) => number;
}

/** What is known of each part: how its last run at the usual size ended, and of which commit. */
type Results = Readonly<Record<string, object>>;

async function runAll(run: Run, chosen: readonly string[], { seed, countOf }: Asked): Promise<void> {
  const outcomes: Record<string, object> = {};
  let faults = 0;
  for (const name of chosen) {
    const started = performance.now();
    const outcome = await runApart(run, name, { seed, count: countOf(name) });
    const seconds = Math.round((performance.now() - started) / 1_000);
    const about = { at: new Date().toISOString(), commit: commitOf("chaos"), seed, cores: cpus().length, seconds };
    outcomes[name] = { passed: outcome.faults.length === 0, ...about, ...outcome };
    faults += outcome.faults.length;
    process.stderr.write(`${name}: ${outcome.faults.length} faults in ${seconds} s\n`);
  }
  if (chosen.some((name) => countOf(name) < run.parts[name]!.usual))
    process.stdout.write(`${JSON.stringify(outcomes, null, 2)}\n`);
  else writeResult(run.result, { node: process.version, cpu: cpus()[0]?.model, ...known(run), ...outcomes });
  process.exitCode = faults === 0 ? 0 : 1;
}

/** The results that are kept, so that parts which do not run now stay in them. */
function known({ result, parts }: Run): Results {
  const path = join(import.meta.dirname, `../docs/results/${result}.json`);
  if (!existsSync(path)) return {};
  const kept = JSON.parse(readFileSync(path, "utf8")) as Results;
  return Object.fromEntries(Object.entries(kept).filter(([name]) => Object.hasOwn(parts, name)));
}

/** A part that fails altogether is a fault as well. */
async function runApart(
  { file, parts }: Run,
  name: string,
  { seed, count }: { readonly seed: number; readonly count: number },
): Promise<Outcome> {
  const args = [file, name, "--alone", "--seed", String(seed), `--${parts[name]!.flag}`, String(count)];
  const child = spawn(process.execPath, [...process.execArgv, ...args], { stdio: ["ignore", "pipe", "inherit"] });
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
