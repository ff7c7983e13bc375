import { parquetMetadata } from "hyparquet";
import { describe, expect, test } from "vitest";
import { anOutgoingEvent, hostileEvents } from "../../testing/an-outgoing-event.ts";
import { parquetRows } from "../../testing/read-parquet.ts";
import { parquetOf } from "./parquet.ts";

describe("events as Parquet", () => {
  test("every column can be read by a reader of its own", async () => {
    const event = anOutgoingEvent({ seq: 7, time: "2026-07-15T15:29:05.746561Z" });

    const rows = await parquetRows(await parquetOf([event], "SNAPPY"));

    expect(rows).toEqual([
      {
        key: event.key,
        seq: 7n,
        event_id: "event-7",
        collector: "chatgpt-prod",
        collector_id: "col_abcdefghijklmnop",
        data_source: "conversations",
        type: "CONVERSATION_MESSAGE",
        time: BigInt(Date.UTC(2026, 6, 15, 15, 29, 5)) * 1_000n + 746_561n,
        time_text: "2026-07-15T15:29:05.746561Z",
        ingested_at: BigInt(Date.UTC(2026, 6, 15, 15, 41, 0, 123)) * 1_000n,
        sitename: "hq",
        siteid: "site_abcdefghijklmnop",
        timezone: "Europe/Berlin",
        user_email: "ada@example.com",
        user_id: "user-ada",
        conversation_id: "conv-1",
        body: event.body,
      },
    ]);
  });

  test("a time says that it is UTC in microseconds, and is null where it cannot be read", async () => {
    const bytes = await parquetOf([anOutgoingEvent({ time: "soon" }), anOutgoingEvent({ time: "" })], "ZSTD");

    const schema = parquetMetadata(bytes.slice().buffer).schema;
    const rows = await parquetRows(bytes);

    expect(schema.find(({ name }) => name === "time")).toMatchObject({
      type: "INT64",
      logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
    });
    expect(rows.map(({ time, time_text }) => [time, time_text])).toEqual([
      [null, "soon"],
      [null, ""],
    ]);
  });

  test("what upstream does not say is null, whatever shape stands in its place", async () => {
    const lines = ["[1]", '{"actor":7,"conversation":{"id":5}}', '{"actor":{"__proto__":{"user_id":"x"}}}', "\u0000"];
    const events = lines.map((raw, index) => anOutgoingEvent({ seq: index + 1, raw, body: "{}" }));

    const rows = await parquetRows(await parquetOf(events, "SNAPPY"));

    const found = rows.flatMap(({ user_id, user_email, conversation_id }) => [user_id, user_email, conversation_id]);
    expect(found).toEqual(found.map(() => null));
  });

  test.each(["SNAPPY", "ZSTD"] as const)(
    "the same events give the same bytes with %s, hostile ones too",
    async (codec) => {
      const events = [...hostileEvents(), ...Array.from({ length: 3_000 }, (_, seq) => anOutgoingEvent({ seq }))];

      const [once, again] = [await parquetOf(events, codec), await parquetOf(structuredClone(events), codec)];

      expect(Buffer.compare(once, again)).toBe(0);
      expect((await parquetRows(once)).map(({ body }) => body)).toEqual(events.map(({ body }) => body));
    },
  );
});
