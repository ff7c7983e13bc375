// Events as Apache Parquet: one row an event, its body as text beside the columns that people filter by.
//
// The body is a text column and not a JSON one: readers that check JSON would give up the whole file for one number out of range or one
// key too many, and what upstream wrote is kept as it is.
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { ColumnSource, SchemaElement } from "hyparquet-writer";
import type { EventView, OutgoingEvent } from "../../model/outgoing.ts";
import { instantUs } from "../../model/time.ts";
import { type EventRow, toRow } from "./row.ts";

export type ParquetCodec = "SNAPPY" | "GZIP" | "ZSTD";

/** What query engines have no column for otherwise: they would have to look into every body. */
interface ParquetRow extends EventRow {
  readonly user_email: string | null;
  readonly user_id: string | null;
  readonly conversation_id: string | null;
}

interface Column {
  readonly element: SchemaElement;
  readonly read: (row: ParquetRow) => string | bigint | null;
}

const ROWS_A_GROUP = 100_000;

type TextName = Exclude<keyof ParquetRow, "seq">;

const text = (name: TextName, repetition: "REQUIRED" | "OPTIONAL" = "REQUIRED"): Column => ({
  element: {
    name,
    type: "BYTE_ARRAY",
    converted_type: "UTF8",
    logical_type: { type: "STRING" },
    repetition_type: repetition,
  },
  read: (row) => row[name],
});

const instant = (name: "time" | "ingested_at"): Column => ({
  element: {
    name,
    type: "INT64",
    converted_type: "TIMESTAMP_MICROS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
    repetition_type: "OPTIONAL",
  },
  read: ({ [name]: at }) => {
    const us = instantUs(at ?? "");
    return us === undefined ? null : BigInt(us);
  },
});

const columns: readonly Column[] = [
  text("key"),
  { element: { name: "seq", type: "INT64", repetition_type: "REQUIRED" }, read: ({ seq }) => BigInt(seq) },
  text("event_id"),
  text("collector"),
  text("collector_id"),
  text("data_source"),
  text("type"),
  instant("time"),
  text("time_text"),
  instant("ingested_at"),
  text("sitename", "OPTIONAL"),
  text("siteid", "OPTIONAL"),
  text("timezone", "OPTIONAL"),
  text("user_email", "OPTIONAL"),
  text("user_id", "OPTIONAL"),
  text("conversation_id", "OPTIONAL"),
  text("body"),
];

/** One file with a row for each event, in their order. The same events give the same bytes. */
export function parquetOf(events: readonly OutgoingEvent[], codec: ParquetCodec): Promise<Uint8Array> {
  const schema = [{ name: "event", num_children: columns.length }, ...columns.map(({ element }) => element)];
  const rows = events.map(toParquetRow);
  const data = columns.map(({ element, read }) => ({ name: element.name, data: rows.map(read) }));
  return parquetFile(schema, data, codec);
}

const toParquetRow = (event: OutgoingEvent): ParquetRow => ({
  ...toRow(event),
  user_email: textIn(event.view, "actor", "user_email"),
  user_id: textIn(event.view, "actor", "user_id"),
  conversation_id: textIn(event.view, "conversation", "id"),
});

/** A file of any columns. Those named `body` are neither counted nor looked through for repetitions: they have none, and are large. */
export async function parquetFile(
  schema: SchemaElement[],
  columnData: readonly ColumnSource[],
  codec: ParquetCodec,
): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const buffer = parquetWriteBuffer({
    schema,
    columnData: columnData.map((column) =>
      column.name === "body" ? { ...column, encoding: "PLAIN", statistics: false } : column,
    ),
    codec,
    compressors: { GZIP: (bytes) => gzipSync(bytes), ZSTD: (bytes) => zstdCompressSync(bytes) },
    rowGroupSize: ROWS_A_GROUP,
    createdBy: "cistern",
  });
  return new Uint8Array(buffer);
}

function textIn({ data }: EventView, outer: string, inner: string): string | null {
  const parent = data?.[outer];
  if (typeof parent !== "object" || parent === null || !Object.hasOwn(parent, inner)) return null;
  const value = (parent as Record<string, unknown>)[inner];
  return typeof value === "string" ? value.toWellFormed() : null;
}
