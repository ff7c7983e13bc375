import type { StoredEvent } from "../../model/event.ts";

/** A row of SELECT_EVENTS. */
export interface EventRow {
  readonly seq: number;
  readonly collector_id: string;
  readonly data_source: string;
  readonly event_id: string;
  readonly content_hash: Uint8Array;
  readonly time_key: number;
  readonly time: string;
  readonly type: string;
  readonly done_at: string;
  readonly site_name: string | null;
  readonly site_id: string | null;
  readonly timezone: string | null;
  readonly flags: number;
  readonly file_id: string;
  readonly done_sha256: string;
  readonly line: number;
  readonly raw: Uint8Array;
}

/** Whole events; goes on with WHERE. CROSS JOIN keeps SQLite from starting at one of the small tables. */
export const SELECT_EVENTS = `SELECT e.seq, s.collector_id, s.data_source, e.event_id, e.content_hash, e.time_key, e.time,
    t.name AS type, f.done_at, p.site_name, p.site_id, p.timezone, e.flags, f.file_id, f.done_sha256, e.line, e.raw
  FROM events e CROSS JOIN files f ON f.file = e.file CROSS JOIN sources s ON s.source = e.source
    CROSS JOIN types t ON t.type = e.type CROSS JOIN stamps p ON p.stamp = f.stamp`;

export const toEvent = (row: EventRow): StoredEvent => ({
  seq: row.seq,
  collectorId: row.collector_id,
  dataSource: row.data_source,
  eventId: row.event_id,
  contentHash: hex(row.content_hash),
  timeKey: row.time_key,
  time: row.time,
  type: row.type,
  ingestedAt: row.done_at,
  siteName: row.site_name ?? undefined,
  siteId: row.site_id ?? undefined,
  timezone: row.timezone ?? undefined,
  flags: row.flags,
  fileId: row.file_id,
  fileSha256: row.done_sha256,
  line: row.line,
  raw: row.raw,
});

const hex = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString("hex");
