// Models of how an upstream may limit requests, for tests and the rate bench. Each answers one request at one instant.
const MINUTE_MS = 60_000;

/** Undefined lets the request pass; a number is in how many ms the next one would. Time does not go back. */
export type Limiter = (atMs: number, perMinute: number) => number | undefined;

/** A count that begins anew with each minute of upstream's clock. */
export function fixedWindow(offsetMs = 0): Limiter {
  let window = Number.NaN;
  let used = 0;
  return (atMs, perMinute) => {
    const now = Math.floor((atMs + offsetMs) / MINUTE_MS);
    if (now !== window) used = 0;
    window = now;
    if (used >= perMinute) return (now + 1) * MINUTE_MS - offsetMs - atMs;
    used += 1;
    return undefined;
  };
}

/** No more than so many within any minute. */
export function slidingWindow(): Limiter {
  let passed: number[] = [];
  return (atMs, perMinute) => {
    passed = passed.filter((at) => at > atMs - MINUTE_MS);
    if (passed.length >= perMinute) return passed[passed.length - perMinute]! + MINUTE_MS - atMs;
    passed.push(atMs);
    return undefined;
  };
}

/** Tokens that come evenly; `share` of a minute's worth can be saved up. */
export function tokenBucket(share: number): Limiter {
  let tokens = Number.POSITIVE_INFINITY;
  let filledMs = 0;
  return (atMs, perMinute) => {
    const most = Math.max(1, perMinute * share);
    tokens = Math.min(most, tokens + ((atMs - filledMs) * perMinute) / MINUTE_MS);
    filledMs = atMs;
    if (tokens < 1) return ((1 - tokens) * MINUTE_MS) / perMinute;
    tokens -= 1;
    return undefined;
  };
}

/** How a refusal names its wait. `date` has whole seconds of two clocks readings, as an HTTP date has. */
export type Naming = "seconds" | "date" | "absent";

/** The headers that say so, read at `servedAtMs`. */
export function retryAfterHeaders(naming: Naming, waitMs: number, servedAtMs: number): Headers {
  const date = new Date(servedAtMs).toUTCString();
  if (naming === "absent") return new Headers({ date });
  if (naming === "seconds") return new Headers({ date, "retry-after": String(Math.ceil(waitMs / 1_000)) });
  return new Headers({ date, "retry-after": new Date(servedAtMs + waitMs).toUTCString() });
}
