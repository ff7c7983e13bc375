// Events into a table of PostgreSQL.
import type { Client } from "pg";
import { CollectorError } from "../../model/errors.ts";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { type BodyType, columnsOf, describeTable, insertRows, qualified, type TableName } from "./postgresql-table.ts";
import { rowColumns, toRow } from "./row.ts";

/** A table that has our columns. */
export interface Target {
  readonly name: TableName;
  readonly body: BodyType;
}

interface Column {
  readonly name: string;
  readonly type: string;
}

/** Looks at the table; undefined where it is not there. Throws where it lacks a column. */
export async function targetOf(client: Client, name: TableName): Promise<Target | undefined> {
  const { rows } = await client.query<Column>(describeTable, [qualified(name)]);
  if (rows.length === 0) return undefined;
  const lacking = rowColumns.filter((column) => !rows.some((row) => row.name === column));
  if (lacking.length > 0) throw withoutColumns(name, lacking);
  const type = rows.find((row) => row.name === "body")?.type;
  return { name, body: type === "json" || type === "jsonb" ? type : "text" };
}

/** Puts the events in that are not there yet; returns how many those were. */
export async function insertInto(
  client: Client,
  { name, body }: Target,
  events: readonly OutgoingEvent[],
): Promise<number> {
  const values = columnsOf(events.map(toRow), body).map((column) => [...column]);
  const { rowCount } = await client.query(insertRows(name, body), values);
  return rowCount ?? 0;
}

const withoutColumns = (name: TableName, lacking: readonly string[]) =>
  new CollectorError("config_invalid", `The table ${qualified(name)} lacks ${lacking.join(", ")}`, {
    reason: "table_unsuitable",
    action: "Add the columns, or name another table",
  });
