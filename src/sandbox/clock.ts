// The sandbox is a program of its own: what it needs of the machine stands here, as a default that every caller can replace.
import { systemNow, systemSleep } from "../runtime/clock.ts";

/** Milliseconds since 1970. */
export type Clock = () => number;

/** Waits; ends early, without an error, when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** The machine's clock. */
export const defaultClock: Clock = () => systemNow().getTime();

/** The machine's timer. */
export const defaultSleep: Sleep = systemSleep;
