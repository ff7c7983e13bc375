/** A feed of one collector. */
export interface DataSourceKey {
  readonly collectorId: string;
  readonly dataSource: string;
}

/** Facts about a stored event that its bytes alone do not tell. Bits of `EventRow.flags`. */
export const eventFlags = {
  /** Upstream gave no id; ours is made from the file's hash and the line number. */
  syntheticId: 1,
  /** The bytes are not valid UTF-8. */
  notUtf8: 2,
  /** Upstream's time has no zone; the collector's timezone gave it one. */
  zoneApplied: 4,
  /** That local time happens twice at a clock change; the earlier offset was taken. */
  ambiguousTime: 8,
} as const;

/** One line of an upstream file as the engine hands it to the store. `start` and `end` are byte offsets into the file. */
export interface PreparedEvent {
  /** 1-based line number within the file. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly eventId: string;
  /** Upstream's instant in µs since 1970, read as UTC; 0 where absent or unreadable. A pure function of the bytes. */
  readonly timeKey: number;
  /** Upstream's own text, with an offset added where it had no zone; empty where absent. */
  readonly time: string;
  /** The upstream's word for the kind of event. */
  readonly type: string;
  readonly flags: number;
}

/** A stored event, as the store gives it back. */
export interface StoredEvent {
  readonly seq: number;
  readonly collectorId: string;
  readonly dataSource: string;
  readonly eventId: string;
  /** SHA-256 over `raw`, 64 hex digits. */
  readonly contentHash: string;
  readonly timeKey: number;
  readonly time: string;
  readonly type: string;
  /** RFC 3339 with milliseconds. */
  readonly ingestedAt: string;
  readonly siteName: string | undefined;
  readonly siteId: string | undefined;
  readonly timezone: string | undefined;
  readonly flags: number;
  readonly fileId: string;
  readonly fileSha256: string;
  readonly line: number;
  /** The upstream line, byte for byte. */
  readonly raw: Uint8Array;
}

/** The stable identity of an event, for de-duplication anywhere: collector, event id, 16 hex digits of the content hash. */
export function eventKey(event: Pick<StoredEvent, "collectorId" | "eventId" | "contentHash">): string {
  return `${event.collectorId}:${event.eventId}:${event.contentHash.slice(0, 16)}`;
}
