// The SQL of the ClickHouse destination. Names come from the settings and are quoted; content goes as JSON after the statement.
import { type EventRow, rowColumns } from "./row.ts";

export interface ClickhouseTable {
  readonly database: string;
  readonly table: string;
}

const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_-]{0,99}$/u;

/** Whether the text can be the name of a database or table: nothing in it needs to be escaped. */
export const isIdentifier = (text: string): boolean => IDENTIFIER.test(text);

export const qualified = ({ database, table }: ClickhouseTable): string => `\`${database}\`.\`${table}\``;

const types: Readonly<Record<keyof EventRow, string>> = {
  key: "String",
  seq: "UInt64",
  event_id: "String",
  collector: "LowCardinality(String)",
  collector_id: "LowCardinality(String)",
  data_source: "LowCardinality(String)",
  type: "LowCardinality(String)",
  time: "DateTime64(6, 'UTC')",
  time_text: "String",
  ingested_at: "DateTime64(3, 'UTC')",
  sitename: "LowCardinality(Nullable(String))",
  siteid: "LowCardinality(Nullable(String))",
  timezone: "LowCardinality(Nullable(String))",
  body: "String CODEC(ZSTD(3))",
};

/**
 * Creates the table unless it is there. It recognises the last thousand batches that were put in; a repeat that comes later is taken out
 * when parts are merged, because its row sorts where the first one does. What decides on that has to stay the same for ever: the
 * collector's id, not its name. An insert is answered once it is on disk.
 */
export const createTable = (name: ClickhouseTable): string => `CREATE TABLE IF NOT EXISTS ${qualified(name)} (
  ${rowColumns.map((column) => `${column} ${types[column]}`).join(",\n  ")}
) ENGINE = ReplacingMergeTree ORDER BY (collector_id, time, key)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`;

export const describeTable = (name: ClickhouseTable): string => `DESCRIBE TABLE ${qualified(name)} FORMAT JSONEachRow`;

export const engineOf = ({ database, table }: ClickhouseTable): string =>
  `SELECT engine, engine_full FROM system.tables WHERE database = '${database}' AND name = '${table}' FORMAT JSONEachRow`;

export const insertRows = (name: ClickhouseTable): string =>
  `INSERT INTO ${qualified(name)} (${rowColumns.join(", ")}) FORMAT JSONEachRow`;

/**
 * What an insert relies on, whatever the profile of the user has: it is done when it is answered, on every shard, a repeat of the batch
 * is recognised, and no row is passed over in silence. A null that a column cannot hold becomes the column's default.
 */
export const insertSettings = (batchId: string): Readonly<Record<string, string>> => ({
  async_insert: "0",
  wait_end_of_query: "1",
  insert_distributed_sync: "1",
  insert_deduplicate: "1",
  insert_deduplication_token: batchId,
  input_format_allow_errors_num: "0",
  input_format_allow_errors_ratio: "0",
  input_format_null_as_default: "1",
  input_format_skip_unknown_fields: "1",
  date_time_input_format: "best_effort",
});
