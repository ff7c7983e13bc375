// The SQL of the PostgreSQL destination. Names come from the settings and are quoted; content goes as parameters only.
import { fitsJsonb } from "./jsonb.ts";
import { type EventRow, rowColumns } from "./row.ts";

export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** What a body column is made of. */
export type BodyType = "text" | "json" | "jsonb";

const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_$-]*$/u;
/** What is longer is cut off by the server, without a word to us. */
const LONGEST_IDENTIFIER = 63;

const types: Readonly<Record<keyof EventRow, string>> = {
  key: "text",
  seq: "bigint",
  event_id: "text",
  collector: "text",
  collector_id: "text",
  data_source: "text",
  type: "text",
  time: "timestamptz",
  time_text: "text",
  ingested_at: "timestamptz",
  sitename: "text",
  siteid: "text",
  timezone: "text",
  body: "text",
};
const nullable: readonly (keyof EventRow)[] = ["time", "sitename", "siteid", "timezone"];

/** `table` or `schema.table`; undefined where it is neither. A name without a schema is in `public`, whatever the search path says. */
export function tableName(text: string): TableName | undefined {
  const parts = text.split(".");
  if (parts.length > 2 || !parts.every(isIdentifier)) return undefined;
  const [table, schema = "public"] = parts.reverse();
  return { schema, table: table! };
}

const isIdentifier = (text: string) => IDENTIFIER.test(text) && Buffer.byteLength(text) <= LONGEST_IDENTIFIER;

const quotedName = (name: string) => `"${name.replaceAll('"', '""')}"`;

export const qualified = ({ schema, table }: TableName): string => `${quotedName(schema)}.${quotedName(table)}`;

/**
 * Creates the table unless it is there. The key is compared byte by byte: an update of the system's collations then cannot break its
 * index, and with it the promise that an event is there once.
 */
export function createTable(name: TableName, body: BodyType): string {
  const columns = rowColumns.map((column) => {
    const type = column === "body" ? body : types[column];
    if (column === "key") return `key ${type} COLLATE "C" PRIMARY KEY`;
    return `${column} ${type}${nullable.includes(column) ? "" : " NOT NULL"}`;
  });
  return `CREATE TABLE IF NOT EXISTS ${qualified(name)} (\n  ${columns.join(",\n  ")}\n)`;
}

/** Asks for the columns of the table whose quoted name is the parameter; answers no row where there is no such table. */
export const describeTable = `SELECT a.attname AS name, t.typname AS type
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`;

/** Puts in what is not there yet, in one statement; its parameters are `columnsOf`. */
export function insertRows(name: TableName, body: BodyType): string {
  const columns = rowColumns.join(", ");
  const arrays = rowColumns.map((column, index) => `$${index + 1}::${types[column]}[]`).join(", ");
  const selected = rowColumns.map((column) => (column === "body" && body !== "text" ? `body::${body}` : column));
  return `INSERT INTO ${qualified(name)} (${columns}) SELECT ${selected.join(", ")}
  FROM unnest(${arrays}) AS arrived (${columns}) ON CONFLICT (key) DO NOTHING`;
}

/**
 * One array for each column. What a text cannot hold there, U+0000, becomes U+FFFD. What a json column cannot hold goes into it as a
 * JSON string of the event's text.
 */
export function columnsOf(rows: readonly EventRow[], body: BodyType): readonly (readonly (string | null)[])[] {
  return rowColumns.map((column) =>
    rows.map((row) => {
      const value = row[column];
      if (value === null) return null;
      const text = String(value).replaceAll("\0", "\ufffd");
      return column === "body" && body !== "text" && !fitsJsonb(text) ? JSON.stringify(text) : text;
    }),
  );
}
