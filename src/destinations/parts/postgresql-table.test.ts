import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { anOutgoingEvent } from "../../testing/an-outgoing-event.ts";
import { columnsOf, createTable, insertRows, qualified, tableName } from "./postgresql-table.ts";
import { rowColumns, toRow } from "./row.ts";

test.each([
  ["cistern_events", '"public"."cistern_events"'],
  ["audit.events", '"audit"."events"'],
  ["Audit.Größe-2$", '"Audit"."Größe-2$"'],
])("%s is %s", (text, quoted) => {
  expect(qualified(tableName(text)!)).toBe(quoted);
});

test.each(['a"b', "a.b.c", "", ".", "a.", "1a", "a b", "a;drop", "a\0", "ä".repeat(32)])("%j is no table", (text) => {
  expect(tableName(text)).toBeUndefined();
});

const name = { schema: "s", table: "t" };

test("the statement that puts rows in, word for word", () => {
  expect(insertRows(name, "jsonb")).toBe(
    `INSERT INTO "s"."t" (key, seq, event_id, collector, collector_id, data_source, type, time, time_text, ingested_at, sitename, siteid, timezone, body) SELECT key, seq, event_id, collector, collector_id, data_source, type, time, time_text, ingested_at, sitename, siteid, timezone, body::jsonb
  FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::text[], $10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::text[]) AS arrived (key, seq, event_id, collector, collector_id, data_source, type, time, time_text, ingested_at, sitename, siteid, timezone, body) ON CONFLICT (key) DO NOTHING`,
  );
  expect(insertRows(name, "text")).not.toContain("body::");
});

test("the table has every column of a row, and the body's type", () => {
  const sql = createTable(name, "jsonb");

  expect(sql).toContain('key text COLLATE "C" PRIMARY KEY');
  expect(sql).toContain("  time timestamptz,\n");
  expect(sql).toContain("  body jsonb NOT NULL\n");
  for (const column of rowColumns) expect(sql).toContain(`  ${column} `);
});

test("the documentation shows the table as it is created", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/destinations/postgresql.md"), "utf8");
  const shown = /CREATE TABLE audit[\s\S]+?\);/.exec(page)![0].replaceAll(/\s+/g, " ");

  const sql = createTable({ schema: "audit", table: "cistern_events" }, "text");

  expect(
    `${sql.replace("IF NOT EXISTS ", "").replaceAll('"audit"."cistern_events"', "audit.cistern_events")};`.replaceAll(
      /\s+/g,
      " ",
    ),
  ).toBe(shown);
});

test("rows become one array a column, and NUL what PostgreSQL can hold", () => {
  const rows = [anOutgoingEvent({ eventId: "a\0", body: "{}", time: "" }), anOutgoingEvent({ body: "x\0" })].map(toRow);

  const columns = columnsOf(rows, "text");

  expect(columns).toHaveLength(rowColumns.length);
  expect(columns[rowColumns.indexOf("event_id")]).toEqual(["a\ufffd", "event-1"]);
  expect(columns[rowColumns.indexOf("seq")]).toEqual(["1", "1"]);
  expect(columns[rowColumns.indexOf("time")]).toEqual([null, "2026-07-15T15:29:05.746561Z"]);
  expect(columns[rowColumns.indexOf("body")]).toEqual(["{}", "x\ufffd"]);
});

test("what jsonb cannot hold goes in as a string", () => {
  const rows = ['{"a":1}', String.raw`{"a":"\u0000"}`].map((body) => toRow(anOutgoingEvent({ body })));

  const bodies = columnsOf(rows, "jsonb")[rowColumns.indexOf("body")]!;

  expect(bodies[0]).toBe('{"a":1}');
  expect(JSON.parse(bodies[1]!)).toBe(String.raw`{"a":"\u0000"}`);
});
