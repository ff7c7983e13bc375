// The ClickHouse destination against the real engine, which chdb brings: the contract, what stands in the table, and what repeats do there.
import { describe, expect, test } from "vitest";
import { clickhouse } from "../../src/destinations/clickhouse.ts";
import { aBatch, anOutgoingEvent } from "../../src/testing/an-outgoing-event.ts";
import { testDestination } from "../../src/testing/destination-contract.ts";
import { batch, clickhouseWorlds, signal } from "./clickhouse-world.ts";

const { missing, otherSide, world } = await clickhouseWorlds();

describe.skipIf(missing !== undefined)(`with the real engine${missing ? ` (${missing})` : ""}`, () => {
  testDestination(clickhouse, async () => (await otherSide()).side);

  test("a row has every column, its time to the microsecond, and 1970 where there is none", async () => {
    const { open, rows, from } = await world();
    const known = anOutgoingEvent({ seq: 5 });
    const stored = { ...known.view.stored, time: "", siteName: undefined, seq: 6, eventId: "event-6" };
    const without = { ...known, key: "without", view: { ...known.view, stored } };

    await open().send(aBatch([known, without]), signal());

    const found = await rows(`SELECT * EXCEPT (key, body) FROM ${from} ORDER BY seq`);
    expect(found).toEqual([
      {
        seq: 5,
        event_id: "event-5",
        collector: "chatgpt-prod",
        collector_id: "col_abcdefghijklmnop",
        data_source: "conversations",
        type: "CONVERSATION_MESSAGE",
        time: "2026-07-15 15:29:05.746561",
        time_text: "2026-07-15T15:29:05.746561Z",
        ingested_at: "2026-07-15 15:41:00.123",
        sitename: "hq",
        siteid: "site_abcdefghijklmnop",
        timezone: "Europe/Berlin",
      },
      expect.objectContaining({ seq: 6, time: "1970-01-01 00:00:00.000000", time_text: "", sitename: null }),
    ]);
  });

  test("an id with a NUL, half a surrogate pair and quotation marks is kept", async () => {
    const { open, rows, from } = await world();

    await open().send(aBatch([anOutgoingEvent({ eventId: "a\0b'\"\\`\n\ud800" })]), signal());

    expect(await rows(`SELECT event_id FROM ${from}`)).toEqual([{ event_id: "a\0b'\"\\`\n\ufffd" }]);
  });

  test("a batch of several megabytes arrives in one part", async () => {
    const { open, rows, from } = await world();
    const events = Array.from({ length: 3_000 }, (_, index) =>
      anOutgoingEvent({ seq: index, body: JSON.stringify({ index, text: "ä'\\\n".repeat(200) }) }),
    );

    await open().send(aBatch(events), signal());

    expect(await rows(`SELECT count() AS rows, uniq(_part) AS parts FROM ${from}`)).toEqual([
      { rows: 3_000, parts: 1 },
    ]);
    const [last] = await rows<{ body: string }>(`SELECT body FROM ${from} WHERE seq = 2999`);
    expect(last!.body).toBe(events[2_999]!.body);
  });

  test("the same events in another batch are second rows, which FINAL does not show and a merge takes out", async () => {
    const { open, rows, from } = await world();
    const sender = open();
    await sender.send(batch(4), signal());

    await sender.send(batch(6), signal());

    const count = async (of: string) => (await rows<{ n: number }>(`SELECT count() AS n FROM ${of}`))[0]!.n;
    expect(await count(from)).toBe(10);
    expect(await count(`${from} FINAL`)).toBe(6);
    await rows(`OPTIMIZE TABLE ${from} FINAL`);
    expect(await count(from)).toBe(6);
  });

  test("a repeat is one although the collector was renamed in between, at once and after a merge", async () => {
    const { open, rows, from } = await world();
    const renamed = (events: ReturnType<typeof batch>["events"]) =>
      events.map((event) => ({ ...event, view: { ...event.view, collector: "renamed" } }));
    const sender = open();
    await sender.send(batch(3), signal());

    await sender.send({ ...batch(3), events: renamed(batch(3).events) }, signal());
    expect(await rows(`SELECT count() AS n FROM ${from}`)).toEqual([{ n: 3 }]);

    await sender.send({ ...batch(3), id: "another", events: renamed(batch(3).events) }, signal());
    expect(await rows(`SELECT count() AS n FROM ${from} FINAL`)).toEqual([{ n: 3 }]);
  });

  test("a repeat is known again although other batches came in between", async () => {
    const { open, rows, from } = await world();
    const sender = open();
    await sender.send(batch(1), signal());
    for (let other = 2; other <= 30; other += 1) await sender.send(batch(1, other), signal());

    await sender.send(batch(1), signal());

    expect(await rows(`SELECT count() AS n FROM ${from}`)).toEqual([{ n: 30 }]);
    const [{ text }] = (await rows<{ text: string }>(
      `SELECT create_table_query AS text FROM system.tables WHERE concat(database, '.', name) = '${from}'`,
    )) as [{ text: string }];
    expect(text).toContain("non_replicated_deduplication_window = 1000");
    expect(text).toContain("fsync_after_insert = 1, fsync_part_directory = 1");
    expect(text).toContain("ORDER BY (collector_id, time, key)");
  });
});
