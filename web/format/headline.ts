import type { CollectorRow, DataSourceStatus, Health } from "../api-types.ts";
import { duration, shortTime, type Zone } from "./times.ts";

const openings: Readonly<Record<Health, string>> = {
  running: "Collecting",
  catching_up: "Catching up",
  idle: "Waiting for new events",
  starting: "Starting",
  degraded: "Collecting, with a fault",
  stalled_upstream: "Upstream has stopped publishing",
  failed: "Not collecting",
  paused: "Stopped",
};

/** The one line that matters: `Collecting. Complete through 14:20 UTC, 12 min behind upstream.` */
export function headline(
  collector: Pick<CollectorRow, "health" | "completeThrough" | "lagSeconds">,
  now: number,
  zone: Zone,
): string {
  const { health, completeThrough, lagSeconds } = collector;
  const complete =
    completeThrough === undefined
      ? "Nothing is complete yet"
      : `Complete through ${shortTime(completeThrough, now, zone)}`;
  const behind = lagSeconds === undefined ? "" : `, ${duration(lagSeconds)} behind upstream`;
  return `${openings[health]}. ${complete}${behind}.`;
}

/** The share of a data source's files that are done, for its gauge. */
export function sourceShare({ counts, completeThrough }: DataSourceStatus): number {
  const total = counts.filesDone + counts.filesPending;
  return total === 0 ? (completeThrough === undefined ? 0 : 1) : counts.filesDone / total;
}

/** `Loss in 3 d`: how long until upstream deletes what is not collected. */
export const countdown = (seconds: number): string =>
  seconds <= 0 ? "Being lost now" : `Loss in ${duration(seconds)}`;
