// The clock, the timers and the dice of the process: the one place where they are touched.
import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as timeout } from "node:timers/promises";

/** Waits; ends early, without an error, when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const systemNow = (): Date => new Date();

export const systemSleep: Sleep = async (ms, signal) => {
  if (signal.aborted) return;
  try {
    await timeout(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};

/** Waits, and the whole thread with it: for work that never lets go of its thread. */
export const systemPause = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Uniform in [0, 1). */
export const systemRandom = (): number => randomInt(2 ** 47) / 2 ** 47;

export const systemRandomBytes = (count: number): Uint8Array => randomBytes(count);

/** Milliseconds that only ever grow, whatever happens to the clock on the wall. */
export const systemMonotonicMs = (): number => performance.now();
