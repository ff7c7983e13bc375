// The PostgreSQL destination against the server of this machine: the contract, and what stands in the table.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTable } from "../../src/destinations/parts/postgresql-table.ts";
import { postgresql } from "../../src/destinations/postgresql.ts";
import { aBatch, anOutgoingEvent, hostileEvents } from "../../src/testing/an-outgoing-event.ts";
import { testDestination } from "../../src/testing/destination-contract.ts";
import { withoutPostgresql } from "../../src/testing/postgresql.ts";
import { batch, otherSide, postgresqlWorlds, signal } from "./postgresql-world.ts";

const missing = await withoutPostgresql();
const { world, cleanUp } = postgresqlWorlds();

describe.skipIf(missing !== undefined)(`against a real server${missing ? ` (${missing})` : ""}`, () => {
  testDestination(postgresql, async () => (await otherSide()).side);

  test("a row has every column, its time to the microsecond and null where there is none", async () => {
    const { open, schema, table } = await world();

    await open().send(aBatch([anOutgoingEvent({ seq: 5 }), anOutgoingEvent({ seq: 6, time: "yesterday" })]), signal());

    const rows = await schema.rows(
      `SELECT seq, event_id, collector, collector_id, data_source, type, to_char(time AT TIME ZONE 'UTC', 'HH24:MI:SS.US') AS time,
        time_text, to_char(ingested_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') AS ingested_at, sitename, siteid, timezone
        FROM ${table} ORDER BY seq`,
    );
    expect(rows).toEqual([
      {
        seq: "5",
        event_id: "event-5",
        collector: "chatgpt-prod",
        collector_id: "col_abcdefghijklmnop",
        data_source: "conversations",
        type: "CONVERSATION_MESSAGE",
        time: "15:29:05.746561",
        time_text: "2026-07-15T15:29:05.746561Z",
        ingested_at: "2026-07-15 15:41:00.123",
        sitename: "hq",
        siteid: "site_abcdefghijklmnop",
        timezone: "Europe/Berlin",
      },
      expect.objectContaining({ seq: "6", time: null, time_text: "yesterday" }),
    ]);
  });

  test("an event whose id has a NUL is kept, with U+FFFD in its place", async () => {
    const { open, side } = await world();
    const event = anOutgoingEvent({ eventId: "a\0b", body: "text with \0 inside" });

    await open().send(aBatch([event, anOutgoingEvent({ seq: 2 })]), signal());
    await open().send(aBatch([event]), signal());

    const keys = await side.received();
    expect(keys).toHaveLength(2);
    expect(keys[0]).toContain(":a\ufffdb:");
    expect(await side.bodyOf(keys[0]!)).toBe("text with \ufffd inside");
  });

  test("in a jsonb column every hostile event is kept, and none breaks a query", async () => {
    const { open, schema, table } = await world("jsonb");
    const events = hostileEvents();

    await open().send(aBatch(events), signal());

    const rows = await schema.rows<{ key: string; kind: string; text: string; id: string | null }>(
      `SELECT key, jsonb_typeof(body) AS kind, body #>> '{}' AS text, body -> 'raw' ->> 'event_id' AS id FROM ${table} ORDER BY ctid`,
    );
    expect(rows.map(({ key }) => key)).toEqual(events.map(({ key }) => key));
    const strings = rows.map(({ kind }, index) => (kind === "string" ? index : -1)).filter((index) => index >= 0);
    expect(strings).toEqual([0, 1]);
    for (const index of strings) expect(rows[index]!.text).toBe(events[index]!.body);
    expect(rows.slice(2).map(({ id }) => id)).toEqual(["h3", "h4", "h5", "h6", "h7", "h8", "h9", "h10"]);
  });

  test("what is taken for jsonb that the server can hold, it holds; the rest is kept as a string", async () => {
    const { open, schema, table } = await world("jsonb");
    const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const held = [
      nested(512),
      '{"a":1e999,"b":-1E-999}',
      `[${"9".repeat(1_000)}]`,
      String.raw`["\\u0000 \ud83d\ude00"]`,
    ];
    const strings = [nested(100_000), '{"a":1e140000}', String.raw`["\uDE00\uD83D"]`, "CEF:0|no|json"];
    const events = [...held, ...strings].map((body, index) => anOutgoingEvent({ seq: index + 1, body }));

    await open().send(aBatch(events), signal());

    const rows = await schema.rows<{ kind: string; text: string }>(
      `SELECT jsonb_typeof(body) AS kind, body #>> '{}' AS text FROM ${table} ORDER BY seq`,
    );
    expect(rows.slice(0, 4).map(({ kind }) => kind)).toEqual(["array", "object", "array", "array"]);
    expect(rows.slice(4)).toEqual(strings.map((text) => ({ kind: "string", text })));
  });

  test("the function of the documentation asks a text column without falling over what jsonb cannot hold", async () => {
    const { open, schema, table } = await world();
    const page = readFileSync(join(import.meta.dirname, "../../docs/destinations/postgresql.md"), "utf8");
    const sql = /```sql\n(CREATE FUNCTION[\s\S]+?)```/.exec(page)![1]!;
    await open().send(aBatch(hostileEvents()), signal());

    await schema.rows(`SET search_path = ${schema.name}`);
    await schema.rows(sql);

    const rows = await schema.rows(
      `SELECT cistern_jsonb(body) -> 'raw' ->> 'event_id' AS id FROM ${table} ORDER BY ctid`,
    );
    expect(rows.map((row) => (row as { id: string | null }).id)).toEqual([
      ...[null, null],
      ...["h3", "h4", "h5", "h6", "h7", "h8", "h9", "h10"],
    ]);
  });

  test("a name in capitals is that name, and a quotation mark cannot get into one", async () => {
    const { open, schema } = await world();
    const name = { schema: schema.name, table: "Größe-$1" };
    await schema.rows(createTable(name, "text"));

    await open({ table: `${schema.name}.Größe-$1` }).send(batch(1), signal());

    expect(await schema.rows(`SELECT 1 FROM ${schema.name}."Größe-$1"`)).toHaveLength(1);
    expect(postgresql.settings.safeParse({ host: "h", database: "d", user: "u", table: 'a"b' }).success).toBe(false);
  });

  test("passwords and addresses of the environment are not taken", async () => {
    const { open } = await world();
    process.env.PGPASSWORD = "from the environment";
    process.env.PGSSLMODE = "no-verify";
    process.env.PGHOST = "203.0.113.1";
    cleanUp.push(async () => {
      for (const name of ["PGPASSWORD", "PGSSLMODE", "PGHOST"]) delete process.env[name];
    });

    await open().send(batch(1), signal());
  });
});
