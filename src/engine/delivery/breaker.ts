import { backoffMs } from "../backoff.ts";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 5 * 60_000;

/** Holds back while the other side fails: one batch is tried at growing intervals, and its success lets the others follow. */
export interface Breaker {
  readonly state: "closed" | "open" | "trying";
  /** When the next attempt may begin, on the clock of `nowMs`; undefined: at once. */
  readonly opensAtMs: number | undefined;
  /** Whether an attempt may begin now; an attempt that may has begun. */
  tryNow(): boolean;
  succeeded(): void;
  /** Returns how long to wait. */
  failed(retryAfterMs?: number): number;
  /** A person asks for an attempt at once. */
  reset(): void;
}

export function createBreaker(nowMs: () => number, random: () => number): Breaker {
  let failures = 0;
  let until: number | undefined;
  let trying = false;
  return {
    get state() {
      if (failures === 0) return "closed";
      return trying ? "trying" : "open";
    },
    get opensAtMs() {
      return failures === 0 || until === undefined || until <= nowMs() ? undefined : until;
    },
    tryNow() {
      if (failures === 0) return true;
      if (trying || (until !== undefined && until > nowMs())) return false;
      trying = true;
      return true;
    },
    succeeded() {
      failures = 0;
      until = undefined;
      trying = false;
    },
    failed(retryAfterMs) {
      failures += 1;
      trying = false;
      const own = backoffMs(failures, { firstMs: FIRST_WAIT_MS, maxMs: LONGEST_WAIT_MS, random });
      const waitMs = Math.min(3_600_000, Math.max(own, retryAfterMs ?? 0));
      until = nowMs() + waitMs;
      return waitMs;
    },
    reset() {
      until = undefined;
      trying = false;
    },
  };
}
