import { expect, test } from "vitest";
import { eventFlags } from "../../model/event.ts";
import {
  ALLOWANCE_MS,
  aCommit,
  aFile,
  aLine,
  collect,
  type Fixture,
  ids,
  KEY,
  minute,
  minuteMs,
  minuteUs,
  OTHER_COLLECTOR,
  OTHER_SOURCE,
  wholeLog,
} from "./fixture.ts";

const wide = { from: 0, to: minuteMs(100_000), stepMs: minuteMs(100_000) };

export function removalCases({ use, reopen, lease }: Fixture): void {
  const total = async (by: "event" | "ingest") =>
    (await use().reader.volume({ sources: [KEY], by, ...wide })).map(({ events, bytes }) => ({ events, bytes }));

  test("expired events go oldest first, up to a number, and every count follows", async () => {
    const { store, reader } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, [aLine("e5", 5), aLine("e1", 1), { ...aLine("e2", 2), type: "RARE" }]);
    await collect(store, held, { id: "f2" }, [aLine("e3", 3), aLine("e9", 9)]);

    expect(await store.removeExpired(held, KEY, minuteUs(5), 2)).toBe(2);
    expect(ids(await wholeLog(reader))).toEqual(["e5", "e3", "e9"]);
    expect(await store.removeExpired(held, KEY, minuteUs(5), 2)).toBe(1);
    expect(await store.removeExpired(held, KEY, minuteUs(5), 2)).toBe(0);

    const left = await wholeLog(reader);
    const amount = { events: 2, bytes: left.reduce((sum, { raw }) => sum + raw.length, 0) };
    expect(ids(left)).toEqual(["e5", "e9"]);
    expect((await store.state(KEY)).counts).toMatchObject({ ...amount, filesDone: 2 });
    expect(await total("event")).toEqual([amount]);
    expect(await total("ingest")).toEqual([amount]);
    expect(await reader.types([KEY])).toEqual([{ type: "CONVERSATION_MESSAGE", events: 2 }]);
  });

  test("an event without a time expires by when it was taken in", async () => {
    const { store, reader } = use();
    const held = await lease();
    const untimed = { ...aLine("never"), timeKey: 0, time: "" };
    await collect(store, held, { id: "f1" }, [untimed], { ingestedAt: minute(10) });

    expect(await store.removeExpired(held, KEY, minuteUs(10), 10)).toBe(0);
    expect(ids(await wholeLog(reader))).toEqual(["never"]);
    expect(await store.removeExpired(held, KEY, minuteUs(11), 10)).toBe(1);
  });

  test("the newest event is one that is held", async () => {
    const { store } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, [aLine("e5", 5), aLine("e1", 1)]);
    expect(await store.state(KEY)).toMatchObject({ newestEvent: minute(5), lastIngestedAt: minute(61) });

    await store.removeExpired(held, KEY, minuteUs(9), 10);

    expect((await store.state(KEY)).newestEvent).toBeUndefined();
    await collect(store, held, { id: "f2" }, [aLine("e2", 2)]);
    expect((await store.state(KEY)).newestEvent).toBe(minute(2));
  });

  test("a removed collector is forgotten, the others stay, and no position comes again", async () => {
    const { store, reader } = use();
    const held = await lease();
    const other = await store.lease(OTHER_COLLECTOR.collectorId, [OTHER_COLLECTOR.dataSource]);
    await collect(store, other, { id: "f0", key: OTHER_COLLECTOR }, [aLine("x1")]);
    await collect(store, held, { id: "f1" }, [aLine("e1"), { raw: "}", unreadable: "not JSON" }]);
    await collect(store, held, { id: "f2", key: OTHER_SOURCE }, [aLine("e2")]);
    await store.recordGap(held, { ...KEY, from: minute(0), to: minute(1), reason: "suspected", files: 0 }, minute(9));
    const last = await reader.lastSeq(KEY.collectorId);

    await store.removeCollector(KEY.collectorId);

    expect((await reader.dataSources()).map(({ key }) => key)).toEqual([OTHER_COLLECTOR]);
    expect([await wholeLog(reader), await reader.gaps({}), await reader.quarantine({ limit: 9 })]).toEqual([
      [],
      [],
      [],
    ]);
    await expect(store.recordListing(held, KEY, [aFile("f3", 0)], minute(60))).rejects.toMatchObject({
      code: "fenced",
    });

    const { store: again, reader: readAgain } = await reopen();
    const fresh = await again.lease(KEY.collectorId, [KEY.dataSource]);
    expect(fresh.epoch).toBeGreaterThan(held.epoch);
    expect((await again.state(KEY)).counts).toMatchObject({ events: 0, filesDone: 0, quarantined: 0 });
    expect(await collect(again, fresh, { id: "f1" }, [aLine("e1")])).toMatchObject({ inserted: 1 });
    expect((await wholeLog(readAgain))[0]!.seq).toBeGreaterThan(last);
    expect(ids(await wholeLog(readAgain, { collectorId: OTHER_COLLECTOR.collectorId }))).toEqual(["x1"]);
  });

  test("removing a collector that never was does nothing", async () => {
    await expect(use().store.removeCollector("col_unknown")).resolves.toBeUndefined();
  });

  test("what is erased stays erased, in whatever file and bytes it comes again", async () => {
    const { store, reader, erase } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, [aLine("e1"), aLine("e2", 2)]);
    const seq = (await wholeLog(reader))[0]!.seq;

    expect(await erase([seq, seq + 100], minute(70))).toBe(1);
    await store.recordListing(held, KEY, [aFile("f2", 5)], minute(71));
    const outcome = await store.commitFile(
      held,
      aCommit("f2", [aLine("e1"), aLine("e1", 0, "in other words"), aLine("e3", 3), aLine("e2", 2)]),
      ALLOWANCE_MS,
    );

    expect(outcome).toEqual({ lines: 4, inserted: 1, duplicates: 1, conflicts: 0, quarantined: 0, tombstoned: 2 });
    expect(ids(await wholeLog(reader))).toEqual(["e2", "e3"]);
    expect((await store.state(KEY)).counts.events).toBe(2);
    const { store: again } = await reopen();
    expect(await collect(again, held, { id: "f3" }, [aLine("e1")])).toMatchObject({ tombstoned: 1, inserted: 0 });
    expect(await collect(again, held, { id: "f1", key: OTHER_SOURCE }, [aLine("e1")])).toMatchObject({ inserted: 1 });
  });

  test("an erased event with an id of our own making is known by its content", async () => {
    const { store, reader, erase } = use();
    const held = await lease();
    const synthetic = (eventId: string, content: string) => ({
      ...aLine(eventId, 0, content),
      raw: JSON.stringify({ content }),
      flags: eventFlags.syntheticId,
    });
    await collect(store, held, { id: "f1" }, [synthetic("s1", "secret"), synthetic("s2", "harmless")]);
    const seq = (await wholeLog(reader))[0]!.seq;

    await erase([seq], minute(70));

    expect(
      await collect(store, held, { id: "f2" }, [synthetic("s3", "secret"), synthetic("s1", "other")]),
    ).toMatchObject({
      tombstoned: 1,
      inserted: 1,
    });
  });
}
