import type { CollectorDetail, CollectorRow, DataSourceStatus, Health } from "../api-types.ts";
import { absolute, duration, shortTime, type Zone } from "./times.ts";

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

/** What to put into a message to the vendor's support when upstream has stalled: positions and times, no content. */
export function evidence(collector: CollectorDetail): string {
  const lines = collector.sources.map(({ title, upstreamType, newestEvent, cursor, lastIngestedAt }) =>
    [
      `${title} (${upstreamType})`,
      `  newest event: ${newestEvent === undefined ? "none" : absolute(newestEvent)}`,
      `  our position: ${cursor === undefined ? "none" : absolute(cursor)}`,
      `  last file received: ${lastIngestedAt === undefined ? "none" : absolute(lastIngestedAt)}`,
    ].join("\n"),
  );
  return [`${collector.connectorTitle}: no new data is published.`, ...lines].join("\n");
}
