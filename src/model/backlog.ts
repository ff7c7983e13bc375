// How a backlog gets on: what is done, what is left, how fast, until when.
import type { Forecast } from "./health.ts";
import type { DataSourceState } from "./store.ts";

/** What was taken in since an instant. */
export interface Pace {
  readonly files: number;
  /** Of the files as upstream lists them. */
  readonly bytes: number;
  /** Events that were new. */
  readonly events: number;
  readonly seconds: number;
}

/** A pace is what came in during this time, or since the start. */
const PACE_OF_MS = 5 * 60_000;
const SHORTEST_PACE_MS = 30_000;

/** Since when a pace is taken, ms since 1970; undefined where the start is too recent to tell one. */
export function paceSinceMs(now: Date, startedAt: Date | undefined): number | undefined {
  const sinceMs = Math.max(now.getTime() - PACE_OF_MS, startedAt?.getTime() ?? 0);
  return now.getTime() - sinceMs < SHORTEST_PACE_MS ? undefined : sinceMs;
}

export interface Backlog {
  readonly filesDone: number;
  /** Done and waiting. */
  readonly filesListed: number;
  readonly bytesLeft: number;
  /** Over the last minutes; undefined where it is not known. */
  readonly filesPerMinute: number | undefined;
  readonly bytesPerSecond: number | undefined;
  readonly eventsPerSecond: number | undefined;
  /** When everything that is listed now will be here; undefined where nothing tells. */
  readonly secondsLeft: number | undefined;
  readonly endsAt: string | undefined;
}

/** Undefined where nothing waits. `forecast` is the report's. */
export function backlogOf(
  { counts }: DataSourceState,
  pace: Pace | undefined,
  forecast: Forecast | undefined,
): Backlog | undefined {
  const { filesDone, filesPending, filesPendingBytes } = counts;
  if (filesPending === 0) return undefined;
  return {
    filesDone,
    filesListed: filesDone + filesPending,
    bytesLeft: filesPendingBytes,
    filesPerMinute: pace && tenth((pace.files / pace.seconds) * 60),
    bytesPerSecond: pace && Math.round(pace.bytes / pace.seconds),
    eventsPerSecond: pace && tenth(pace.events / pace.seconds),
    secondsLeft: forecast?.seconds,
    endsAt: forecast?.at,
  };
}

/** Several data sources as one: it ends when the last of them does, and is not known while one is not. */
export function sumOf(backlogs: readonly Backlog[]): Backlog | undefined {
  const [first, ...rest] = backlogs;
  return rest.reduce<Backlog | undefined>((sum, one) => sum && both(sum, one), first);
}

function both(a: Backlog, b: Backlog): Backlog {
  const plus = (x: number | undefined, y: number | undefined) =>
    x === undefined && y === undefined ? undefined : tenth((x ?? 0) + (y ?? 0));
  const known = a.secondsLeft !== undefined && b.secondsLeft !== undefined;
  const later = known && a.secondsLeft > b.secondsLeft ? a : b;
  return {
    filesDone: a.filesDone + b.filesDone,
    filesListed: a.filesListed + b.filesListed,
    bytesLeft: a.bytesLeft + b.bytesLeft,
    filesPerMinute: plus(a.filesPerMinute, b.filesPerMinute),
    bytesPerSecond: plus(a.bytesPerSecond, b.bytesPerSecond),
    eventsPerSecond: plus(a.eventsPerSecond, b.eventsPerSecond),
    secondsLeft: known ? later.secondsLeft : undefined,
    endsAt: known ? later.endsAt : undefined,
  };
}

const tenth = (value: number) => Math.round(value * 10) / 10;
