// How much of upstream's limit a backlog uses, and how often it is refused: the real rate budget on a simulated clock, against
// models of upstream's limiter, two hours each; then four collectors with one key against the sandbox, over HTTP, an hour in three
// minutes. Run: npm run bench:rate. Prints JSON and writes it to docs/results/rate.json.
import { ratesOf, simulateRate } from "../src/testing/rate-simulation.ts";
import { fixedWindow, type Limiter, type Naming, slidingWindow, tokenBucket } from "../src/testing/upstream-limits.ts";
import { measureOverHttp } from "./rate-http.ts";
import { commitOf, writeResult } from "./result.ts";

const MINUTES = 120;
/** So long after the start, and after a change of the limit, the budget is still finding out. */
const LEARNING = 15;
const CHANGE_AT = 60;

const limiters: Readonly<Record<string, () => Limiter>> = {
  "fixed window": () => fixedWindow(17_000),
  "sliding window": slidingWindow,
  "token bucket of a minute": () => tokenBucket(1),
  "token bucket of six seconds": () => tokenBucket(0.1),
};
const limits: Readonly<Record<string, readonly [before: number, after: number]>> = {
  "50": [50, 50],
  "100": [100, 100],
  "600": [600, 600],
  "100, then 50": [100, 50],
  "50, then 100": [50, 100],
};
const namings: readonly Naming[] = ["seconds", "date", "absent"];

const rows: Awaited<ReturnType<typeof measure>>[] = [];
for (const [limiter, make] of Object.entries(limiters)) {
  for (const [limit, [before, after]] of Object.entries(limits)) {
    for (const naming of namings) rows.push(await measure({ limiter, make, limit, before, after, naming }));
  }
}
const http = { limit: 50, collectors: 4, learningMinutes: LEARNING, measuredMinutes: 45, speed: 20 };
const overHttp = await measureOverHttp(http);
const used = rows.map(({ settled }) => settled.used);
const refused = rows.map(({ settled }) => settled.refused);
writeResult("rate", {
  commit: commitOf(),
  minutes: MINUTES,
  learningMinutes: LEARNING,
  worst: { used: Math.min(...used), refused: Math.max(...refused) },
  overHttp,
  cases: rows,
});

interface Case {
  readonly limiter: string;
  readonly make: () => Limiter;
  readonly limit: string;
  readonly before: number;
  readonly after: number;
  readonly naming: Naming;
}

async function measure({ limiter, make, limit, before, after, naming }: Case) {
  const limitAt = (minute: number) => (minute < CHANGE_AT ? before : after);
  const minutes = await simulateRate({ limiter: make(), limitAt, naming, minutes: MINUTES });
  const learns = (minute: number) =>
    minute < LEARNING || (before !== after && minute >= CHANGE_AT && minute < CHANGE_AT + LEARNING);
  const settled = ratesOf(minutes, (minute) => !learns(minute));
  const learning = ratesOf(minutes, learns);
  return { limiter, limit, retryAfter: naming, settled, learning };
}
