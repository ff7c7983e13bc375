// A backlog that strains one rate budget for hours of simulated time, against a model of upstream's limiter.
import { RateBudget } from "../http/rate-budget.ts";
import { retryAfterMs } from "../http/retry-after.ts";
import { fakeClock } from "./fake-clock.ts";
import { type Limiter, type Naming, retryAfterHeaders } from "./upstream-limits.ts";

const MINUTE_MS = 60_000;

export interface RateCase {
  readonly limiter: Limiter;
  /** Requests that upstream lets through in the minute that begins then. */
  readonly limitAt: (minute: number) => number;
  readonly naming: Naming;
  readonly minutes: number;
  /** Requests under way at once. */
  readonly workers?: number;
  /** The rate found out in an earlier life. */
  readonly remembered?: number;
  readonly seed?: number;
}

/** What happened in one minute, at upstream. */
export interface RateMinute {
  readonly limit: number;
  accepted: number;
  refused: number;
}

/** Runs the case on a clock of its own. Same case, same seed: same minutes. */
export async function simulateRate(given: RateCase): Promise<readonly RateMinute[]> {
  const clock = fakeClock();
  const random = dice(given.seed ?? 1);
  const budget = new RateBudget({ ...clock, random, remembered: given.remembered, remember: () => undefined });
  const minutes = Array.from({ length: given.minutes }, (_, minute): RateMinute => {
    return { limit: given.limitAt(minute), accepted: 0, refused: 0 };
  });
  const stop = new AbortController();
  const { signal } = stop;
  const ask = async () => {
    const grant = await budget.take({ lane: "backlog", ceiling: undefined, signal });
    await clock.sleep(20 + 180 * random(), signal);
    const atMs = clock.monotonicMs();
    const minute = minutes[Math.floor(atMs / MINUTE_MS)];
    const waitMs = given.limiter(atMs, minute?.limit ?? 1);
    if (minute) minute[waitMs === undefined ? "accepted" : "refused"] += 1;
    const headers = waitMs === undefined ? undefined : retryAfterHeaders(given.naming, waitMs, clock.now().getTime());
    await clock.sleep(20 + 180 * random(), signal);
    if (headers === undefined) grant.succeeded();
    else grant.limited(retryAfterMs(headers, clock.now()));
  };
  const work = async () => {
    while (!signal.aborted) await ask();
  };
  const running = Array.from({ length: given.workers ?? 12 }, () => work().catch(unlessAborted(signal)));
  await clock.advance(given.minutes * MINUTE_MS - 1);
  stop.abort();
  await Promise.all(running);
  return minutes;
}

/** Of the minutes from `from` to before `to`: the share of what upstream allows that was used, and of requests refused. */
export function ratesOf(minutes: readonly RateMinute[], isMeasured: (minute: number) => boolean) {
  const measured = minutes.filter((_, minute) => isMeasured(minute));
  const sum = (what: keyof RateMinute) => measured.reduce((total, one) => total + one[what], 0);
  const accepted = sum("accepted");
  const refused = sum("refused");
  const share = (value: number) => Number(value.toFixed(4));
  return { used: share(accepted / sum("limit")), refused: share(refused / Math.max(1, accepted + refused)) };
}

const unlessAborted = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
};

/** Mulberry32: uniform in [0, 1). */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
