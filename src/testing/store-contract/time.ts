import { expect, test } from "vitest";
import type { StoredEvent } from "../../model/event.ts";
import type { TimeQuery } from "../../model/store.ts";
import {
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
} from "./fixture.ts";

const MINUTE_MS = 60_000;
const sources = [KEY, OTHER_SOURCE];

export function timeCases({ use, lease }: Fixture): void {
  async function pages(query: Partial<TimeQuery>, limit: number): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    for (let before: TimeQuery["before"]; ; ) {
      const page = await use().reader.readByTime({ sources, ...query, before, limit });
      if (page.length === 0) return events;
      events.push(...page);
      before = { timeKey: page.at(-1)!.timeKey, seq: page.at(-1)!.seq };
    }
  }

  async function aCrowd() {
    const { store } = use();
    const held = await lease();
    const other = await store.lease(OTHER_COLLECTOR.collectorId, [OTHER_COLLECTOR.dataSource]);
    await collect(store, held, { id: "f1" }, [aLine("a1", 1), aLine("tie1", 5), aLine("tie2", 5), aLine("a9", 9)]);
    await collect(store, held, { id: "f2", key: OTHER_SOURCE }, [
      { ...aLine("tie3", 5), type: "AUDIT_LOG" },
      { ...aLine("b7", 7), type: "AUDIT_LOG" },
      aLine("tie4", 5),
    ]);
    await collect(store, other, { id: "f3", key: OTHER_COLLECTOR }, [aLine("x6", 6)]);
    await collect(store, held, { id: "f4" }, [{ ...aLine("never"), timeKey: 0, time: "" }, aLine("tie5", 5)]);
  }

  test("events come newest first across data sources, ties by position, in pages without a seam", async () => {
    await aCrowd();
    const expected = ["a9", "b7", "tie5", "tie4", "tie3", "tie2", "tie1", "a1", "never"];

    for (const limit of [1, 2, 3, 100]) expect(ids(await pages({}, limit))).toEqual(expected);
  });

  test("an interval takes in its beginning and leaves out its end", async () => {
    await aCrowd();

    expect(ids(await pages({ fromUs: minuteUs(5), toUs: minuteUs(7) }, 2))).toEqual([
      "tie5",
      "tie4",
      "tie3",
      "tie2",
      "tie1",
    ]);
    expect(ids(await pages({ fromUs: minuteUs(7) }, 2))).toEqual(["a9", "b7"]);
    expect(ids(await pages({ toUs: minuteUs(1) }, 2))).toEqual(["never"]);
    expect(ids(await pages({ sources: [OTHER_COLLECTOR] }, 2))).toEqual(["x6"]);
    expect(await pages({ sources: [] }, 2)).toEqual([]);
  });

  test("a type can be asked for", async () => {
    await aCrowd();
    const { reader } = use();

    expect(ids(await pages({ type: "AUDIT_LOG" }, 1))).toEqual(["b7", "tie3"]);
    expect(await pages({ type: "UNKNOWN" }, 5)).toEqual([]);
    expect(await reader.types(sources)).toEqual([
      { type: "CONVERSATION_MESSAGE", events: 7 },
      { type: "AUDIT_LOG", events: 2 },
    ]);
    expect(await reader.types([OTHER_COLLECTOR])).toEqual([{ type: "CONVERSATION_MESSAGE", events: 1 }]);
  });

  test.each([1, 3, 5, 7, 60, 1440])(
    "volume by event time in steps of %i minutes adds up to what is held",
    async (step) => {
      await aCrowd();
      const { reader } = use();
      const from = minuteMs(-7);
      const to = minuteMs(9);
      const within = await pages({ fromUs: from * 1000, toUs: to * 1000 }, 100);

      const series = await reader.volume({ sources, by: "event", from, to, stepMs: step * MINUTE_MS });

      const expected = Map.groupBy(within, ({ timeKey }) => Math.floor((timeKey / 1000 - from) / (step * MINUTE_MS)));
      expect(series).toEqual(
        [...expected]
          .sort(([a], [b]) => a - b)
          .map(([bucket, events]) => ({
            at: from + bucket * step * MINUTE_MS,
            events: events.length,
            bytes: events.reduce((sum, { raw }) => sum + raw.length, 0),
          })),
      );
    },
  );

  test("volume by the time of taking in counts files when they were committed", async () => {
    const { store, reader } = use();
    const held = await lease();
    const line = aLine("e1", -500);
    await collect(store, held, { id: "f1" }, [line, aLine("e2", -900)], { ingestedAt: minute(10) });
    await collect(store, held, { id: "f2", key: OTHER_SOURCE }, [line], { ingestedAt: minute(12) });
    await collect(store, held, { id: "f3" }, [aLine("e3")], { ingestedAt: minute(20) });
    const bytes = (line.raw as string).length;
    const query = { sources, by: "ingest" as const, from: minuteMs(5), stepMs: 10 * MINUTE_MS };

    expect(await reader.volume({ ...query, to: minuteMs(20) })).toEqual([
      { at: minuteMs(5), events: 3, bytes: 3 * bytes },
    ]);
    expect((await reader.volume({ ...query, to: minuteMs(25) })).map(({ at, events }) => [at, events])).toEqual([
      [minuteMs(5), 3],
      [minuteMs(15), 1],
    ]);
  });
}
