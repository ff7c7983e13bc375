// What the destinations that write files have in common: which events go into one file, where it stands, and its bytes.
import { promisify } from "node:util";
import { gzip, zstdCompress } from "node:zlib";
import { z } from "zod";
import type { Batch, OutgoingEvent } from "../../model/outgoing.ts";
import { instantUs, isoFromUs } from "../../model/time.ts";
import { parquetOf } from "./parquet.ts";

const gzipped = promisify(gzip);
const zstandard = promisify(zstdCompress);

const LONGEST_SEGMENT = 80;

export type FileType = "ndjson" | "parquet";
export type Compression = "none" | "gzip" | "zstd";
export type PartitionBy = "event_time" | "ingest_time";

export interface FileFields {
  readonly file_type: FileType;
  readonly compression: Compression;
}

export const fileType = z
  .enum(["ndjson", "parquet"], { error: "expected ndjson or parquet" })
  .default("ndjson")
  .meta({ title: "File type", description: "ndjson: one event a line. parquet: one row an event, for query engines." });

export const compression = z.enum(["none", "gzip", "zstd"], { error: "expected none, gzip or zstd" }).meta({
  title: "Compression",
  description: "Of the files. Parquet compresses inside, and takes snappy where this says none.",
});

export const partitionBy = z
  .enum(["event_time", "ingest_time"], { error: "expected event_time or ingest_time" })
  .default("event_time")
  .meta({
    title: "Sorted by",
    description:
      "The time that decides date and hour of an event's folder. An event without a readable time goes by when it was collected.",
    advanced: true,
  });

/** The events of each place, in the order in which the places first occur. */
export function groupedBy(
  events: readonly OutgoingEvent[],
  placeOf: (event: OutgoingEvent) => string,
): ReadonlyMap<string, readonly OutgoingEvent[]> {
  const groups = new Map<string, OutgoingEvent[]>();
  for (const event of events) {
    const place = placeOf(event);
    const group = groups.get(place);
    if (group) group.push(event);
    else groups.set(place, [event]);
  }
  return groups;
}

export interface Hour {
  /** `2026-11-22`, in UTC. */
  readonly date: string;
  /** `00` to `23`. */
  readonly hour: string;
}

/** The hour in UTC that an event belongs to. */
export function hourOf({ view }: OutgoingEvent, by: PartitionBy): Hour {
  const us = (by === "event_time" ? instantUs(view.stored.time) : undefined) ?? instantUs(view.stored.ingestedAt) ?? 0;
  const text = isoFromUs(us);
  return { date: text.slice(0, 10), hour: text.slice(11, 13) };
}

/** A text from outside as one segment of a path: letters, digits, `.`, `_` and `-`, never empty, never a step up, never hidden. */
export function pathSegment(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9._-]+/g, "_").slice(0, LONGEST_SEGMENT);
  return plain.replace(/^[.-]+/, "_") || "_";
}

/** The same batch always has the same name, whatever its collector is called by then. */
export const fileName = ({ id, collectorId, firstSeq, lastSeq }: Batch, fields: FileFields): string =>
  `${pathSegment(collectorId)}-${firstSeq}-${lastSeq}-${pathSegment(id)}${fileEnding(fields)}`;

export function fileEnding({ file_type, compression: by }: FileFields): string {
  if (file_type === "parquet") return ".parquet";
  return by === "none" ? ".ndjson" : by === "gzip" ? ".ndjson.gz" : ".ndjson.zst";
}

/** The same events always give the same bytes. */
export async function fileBytes(events: readonly OutgoingEvent[], fields: FileFields): Promise<Uint8Array> {
  if (fields.file_type === "parquet") return parquetOf(events, codecOf(fields));
  const lines = Buffer.from(events.map(({ body }) => `${body}\n`).join(""));
  if (fields.compression === "none") return lines;
  return fields.compression === "gzip" ? gzipped(lines) : zstandard(lines);
}

/** Parquet's own word for a compression. */
export const codecOf = ({ compression: by }: Pick<FileFields, "compression">) =>
  by === "zstd" ? "ZSTD" : by === "gzip" ? "GZIP" : "SNAPPY";
