// An event as one row of a table: what every database destination has in its columns.
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { instantUs, isoFromUs } from "../../model/time.ts";

export interface EventRow {
  /** The identity for de-duplication. */
  readonly key: string;
  readonly seq: number;
  readonly event_id: string;
  readonly collector: string;
  readonly collector_id: string;
  readonly data_source: string;
  readonly type: string;
  /** RFC 3339 in UTC, to the microsecond; null where the upstream gave no time, or none that can be read. */
  readonly time: string | null;
  /** The upstream's own text of it; empty where there is none. */
  readonly time_text: string;
  readonly ingested_at: string;
  readonly sitename: string | null;
  readonly siteid: string | null;
  readonly timezone: string | null;
  /** The event in the destination's format. */
  readonly body: string;
}

/** The columns of a row, in their order. */
export const rowColumns = [
  "key",
  "seq",
  "event_id",
  "collector",
  "collector_id",
  "data_source",
  "type",
  "time",
  "time_text",
  "ingested_at",
  "sitename",
  "siteid",
  "timezone",
  "body",
] as const satisfies readonly (keyof EventRow)[];

/**
 * The row of an event, its members in the order of the columns: always the same for the same event. Half a surrogate pair, which UTF-8
 * cannot hold, becomes U+FFFD; every other character stays.
 */
export function toRow({ key, view, body }: OutgoingEvent): EventRow {
  const { stored, collector } = view;
  // Not `timeKey`: that one reads a time without a zone as UTC, and knows nothing of the zone that the collector gives it.
  const us = instantUs(stored.time);
  return {
    key: key.toWellFormed(),
    seq: stored.seq,
    event_id: stored.eventId.toWellFormed(),
    collector: collector.toWellFormed(),
    collector_id: stored.collectorId,
    data_source: stored.dataSource.toWellFormed(),
    type: stored.type.toWellFormed(),
    time: us === undefined ? null : isoFromUs(us),
    time_text: stored.time.toWellFormed(),
    ingested_at: stored.ingestedAt,
    sitename: stored.siteName?.toWellFormed() ?? null,
    siteid: stored.siteId?.toWellFormed() ?? null,
    timezone: stored.timezone?.toWellFormed() ?? null,
    body: body.toWellFormed(),
  };
}
