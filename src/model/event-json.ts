import { eventFlags, eventKey, type StoredEvent } from "./event.ts";

/** Names of the collector, which an event does not hold, because a collector can be renamed. */
export interface EventNames {
  readonly collector: string;
  readonly connector: string;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The event as users see it: one line of JSON, without the line end. `raw` is the upstream object byte for byte; where it is not
 * valid UTF-8 it is `raw_base64`.
 */
export function eventJson(event: StoredEvent, { collector, connector }: EventNames): string {
  const envelope = JSON.stringify({
    key: eventKey(event),
    seq: event.seq,
    event_id: event.eventId,
    collector,
    collector_id: event.collectorId,
    connector,
    data_source: event.dataSource,
    type: event.type,
    time: event.time,
    ingested_at: event.ingestedAt,
    sitename: event.siteName,
    siteid: event.siteId,
    timezone: event.timezone,
    ...(event.flags & eventFlags.ambiguousTime ? { time_ambiguous: true } : {}),
    origin: { file_id: event.fileId, file_sha256: event.fileSha256, line: event.line },
  });
  return `${envelope.slice(0, -1)},${rawMember(event)}}`;
}

// The text goes in as it is: printing it again would lose large integers, the order of keys and repeated ones.
function rawMember({ raw, flags }: StoredEvent): string {
  if (flags & eventFlags.notUtf8) return `"raw_base64":"${Buffer.from(raw).toString("base64")}"`;
  return `"raw":${utf8.decode(raw)}`;
}
