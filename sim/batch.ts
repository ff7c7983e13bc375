// Many seeds in as many threads as there are processors, and what they have in common.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { allSwitches, type Switch } from "./switches.ts";
import type { Verdict } from "./world.ts";

/** A seed is worth counting only with at least so much in it. */
export const leastOf = { events: 300, files: 20, crashes: 3 } as const;

export interface Batch {
  readonly seeds: number;
  readonly seconds: number;
  readonly events: number;
  readonly crashes: number;
  readonly requests: number;
  /** The smallest seed of all. */
  readonly least: { readonly events: number; readonly files: number; readonly crashes: number };
  /** How often each hazard happened. */
  readonly fired: Readonly<Record<Switch, number>>;
  readonly failed: readonly Pick<Verdict, "seed" | "on" | "violations">[];
}

export interface BatchOptions {
  readonly first: number;
  readonly seeds: number;
  readonly jobs?: number | undefined;
  /** No further seed is begun after so long; at least `atLeast` are. */
  readonly stopAfterMs?: number | undefined;
  readonly atLeast?: number | undefined;
  readonly onVerdict?: (done: number) => void;
}

/** Lives through the seeds `first` to `first + seeds − 1`. */
export async function runBatch(options: BatchOptions): Promise<Batch> {
  const { first, seeds, jobs = availableParallelism(), stopAfterMs = Number.POSITIVE_INFINITY, atLeast = 0 } = options;
  const started = performance.now();
  const sum = new Sum();
  let next = first;
  const more = () => {
    const late = performance.now() - started > stopAfterMs && next - first >= atLeast;
    return next < first + seeds && !late ? next++ : undefined;
  };
  await Promise.all(
    Array.from({ length: Math.min(jobs, seeds) }, () =>
      work(more, (verdict) => {
        sum.add(verdict);
        options.onVerdict?.(sum.seeds);
      }),
    ),
  );
  return sum.batch((performance.now() - started) / 1_000);
}

/** One thread, given one seed after the other. */
function work(more: () => number | undefined, take: (verdict: Verdict) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("worker.ts", import.meta.url));
    const give = () => {
      const seed = more();
      if (seed === undefined) void worker.terminate().then(() => resolve());
      else worker.postMessage(seed);
    };
    worker.on("message", (verdict: Verdict) => {
      take(verdict);
      give();
    });
    worker.on("error", reject);
    give();
  });
}

class Sum {
  seeds = 0;
  #events = 0;
  #crashes = 0;
  #requests = 0;
  readonly #least = {
    events: Number.MAX_SAFE_INTEGER,
    files: Number.MAX_SAFE_INTEGER,
    crashes: Number.MAX_SAFE_INTEGER,
  };
  readonly #fired = new Map<Switch, number>();
  readonly #failed: Pick<Verdict, "seed" | "on" | "violations">[] = [];

  add({ seed, on, violations, events, files, crashes, requests, fired }: Verdict): void {
    this.seeds += 1;
    this.#events += events;
    this.#crashes += crashes;
    this.#requests += requests;
    this.#least.events = Math.min(this.#least.events, events);
    this.#least.files = Math.min(this.#least.files, files);
    this.#least.crashes = Math.min(this.#least.crashes, crashes);
    for (const [name, count] of fired) this.#fired.set(name, (this.#fired.get(name) ?? 0) + count);
    if (violations.length > 0) this.#failed.push({ seed, on, violations });
  }

  batch(seconds: number): Batch {
    const fired = Object.fromEntries(allSwitches.map((name) => [name, this.#fired.get(name) ?? 0]));
    return {
      seeds: this.seeds,
      seconds: Math.round(seconds * 10) / 10,
      events: this.#events,
      crashes: this.#crashes,
      requests: this.#requests,
      least: this.#least,
      fired: fired as Record<Switch, number>,
      failed: this.#failed.sort((a, b) => a.seed - b.seed),
    };
  }
}

/** What is wrong with a batch, a sentence each; none where all is well. */
export function faultsOf({ fired, least, failed }: Batch): readonly string[] {
  const silent = allSwitches.filter((name) => fired[name] === 0).map((name) => `the hazard ${name} never happened`);
  const small = Object.entries(leastOf).flatMap(([name, count]) =>
    least[name as keyof typeof leastOf] < count
      ? [`a seed has only ${least[name as keyof typeof leastOf]} ${name}`]
      : [],
  );
  return [...failed.map(({ seed, violations }) => `seed ${seed}: ${violations[0]}`), ...silent, ...small];
}
