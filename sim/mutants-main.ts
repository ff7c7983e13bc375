// npm run sim:mutants [-- --seeds 200]: does the simulation notice when a defence is taken out? Exit code 1 where one is not missed.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { commitOf, writeResult } from "../bench/result.ts";
import { type Mutant, mutants } from "./mutants.ts";

const { values } = parseArgs({ options: { seeds: { type: "string", default: "200" }, only: { type: "string" } } });
const seeds = Number(values.seeds);

interface Death {
  readonly mutant: string;
  /** The seed at which something was violated first; undefined: it lives. */
  readonly killedAtSeed: number | undefined;
  readonly by: string | undefined;
}

function judge(mutant: Mutant): Promise<Death> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("mutant-worker.ts", import.meta.url), { workerData: { mutant, seeds } });
    worker.on("message", (killed?: { seed: number; violation: string }) =>
      resolve({ mutant: mutant.name, killedAtSeed: killed?.seed, by: killed?.violation.split("\n")[0] }),
    );
    worker.on("error", (error) =>
      reject(new Error(`${mutant.name}: ${error instanceof Error ? error.message : error}`)),
    );
  });
}

const waiting = mutants.filter(({ name }) => values.only === undefined || name.includes(values.only));
const started = performance.now();
const deaths: Death[] = [];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const death = await judge(mutant);
      deaths.push(death);
      process.stderr.write(
        `${death.killedAtSeed === undefined ? "LIVES" : `killed at seed ${death.killedAtSeed}`}: ${mutant.name}\n`,
      );
    }
  }),
);
const alive = deaths.filter(({ killedAtSeed }) => killedAtSeed === undefined);
const seconds = Math.round((performance.now() - started) / 1_000);
writeResult("sim-mutants", {
  at: new Date().toISOString(),
  commit: commitOf(),
  seeds,
  seconds,
  mutants: deaths.length,
  alive: alive.length,
  deaths,
});
if (alive.length > 0) process.exitCode = 1;
