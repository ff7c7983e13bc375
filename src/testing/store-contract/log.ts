import { expect, test } from "vitest";
import {
  aLine,
  collect,
  type Fixture,
  ids,
  KEY,
  minuteUs,
  OTHER_COLLECTOR,
  OTHER_SOURCE,
  wholeLog,
} from "./fixture.ts";

const ALL = Number.MAX_SAFE_INTEGER;
const some = (prefix: string, count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => aLine(`${prefix}${index}`, first + index));

export function logCases({ use, reopen, lease }: Fixture): void {
  test("positions grow in the order of files and lines, and pages join without a seam", async () => {
    const { store, reader } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, some("a", 5, 50));
    await collect(store, held, { id: "f2", key: OTHER_SOURCE }, some("b", 4));
    await collect(store, held, { id: "f3" }, some("c", 3));
    const expected = [...some("a", 5), ...some("b", 4), ...some("c", 3)].map(({ eventId }) => eventId);

    for (const limit of [1, 2, 5, 100]) expect(ids(await wholeLog(reader, { limit }))).toEqual(expected);

    const seqs = (await wholeLog(reader)).map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    expect(await reader.lastSeq(KEY.collectorId)).toBe(seqs.at(-1));
  });

  test("a collector's log holds its own events only", async () => {
    const { store, reader } = use();
    const held = await lease();
    const other = await store.lease(OTHER_COLLECTOR.collectorId, [OTHER_COLLECTOR.dataSource]);
    for (let file = 0; file < 4; file++) {
      await collect(store, held, { id: `f${file}` }, some(`a${file}-`, 2));
      await collect(store, other, { id: `f${file}`, key: OTHER_COLLECTOR }, some(`b${file}-`, 2));
    }

    const mine = await wholeLog(reader, { limit: 3 });
    const theirs = await wholeLog(reader, { limit: 3, collectorId: OTHER_COLLECTOR.collectorId });

    expect(ids(mine)).toEqual(["a0-0", "a0-1", "a1-0", "a1-1", "a2-0", "a2-1", "a3-0", "a3-1"]);
    expect(ids(theirs)).toEqual(ids(mine).map((id) => id.replace("a", "b")));
    expect(await reader.lastSeq("col_unknown")).toBe(0);
    expect(await wholeLog(reader, { collectorId: "col_unknown" })).toEqual([]);
  });

  test("bounds on position, data source and time are kept", async () => {
    const { store, reader } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, some("a", 4));
    await collect(store, held, { id: "f2", key: OTHER_SOURCE }, some("b", 4));
    await collect(store, held, { id: "f3" }, some("c", 4, 2));
    const [first, second] = await wholeLog(reader);
    const read = async (over: object) =>
      ids((await reader.readLog({ collectorId: KEY.collectorId, after: 0, upTo: ALL, limit: 100, ...over })).events);

    expect(await read({ after: first!.seq, upTo: second!.seq })).toEqual(["a1"]);
    expect(await read({ dataSource: OTHER_SOURCE.dataSource })).toEqual(["b0", "b1", "b2", "b3"]);
    expect(await read({ dataSource: "unknown" })).toEqual([]);
    expect(await read({ fromUs: minuteUs(3), toUs: minuteUs(5) })).toEqual(["a3", "b3", "c1", "c2"]);
    expect(await read({ fromUs: minuteUs(3), toUs: minuteUs(3) })).toEqual([]);
  });

  test("an end is only told where there is one", async () => {
    const { store, reader } = use();
    await collect(store, await lease(), { id: "f1" }, some("a", 4));
    const page = (after: number, limit: number) =>
      reader.readLog({ collectorId: KEY.collectorId, after, upTo: ALL, limit });

    const { events, next } = await page(0, 3);
    expect(next).toBe(events.at(-1)!.seq);
    expect(await page(next!, 3)).toMatchObject({ events: [{ eventId: "a3" }], next: undefined });
  });

  test("deliver, delete the newest rows, insert, deliver: nothing is missed and no position is used twice", async () => {
    const { store, reader } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, some("old", 3, -100_000));
    const delivered = await wholeLog(reader);
    const position = delivered.at(-1)!.seq;

    expect(await store.removeExpired(held, KEY, minuteUs(-1), 10)).toBe(3);
    await collect(store, held, { id: "f2" }, some("new", 2));
    const { store: again, reader: readAgain } = await reopen();
    const rest = await wholeLog(readAgain, { after: position });

    expect(ids(rest)).toEqual(["new0", "new1"]);
    expect(rest.every(({ seq }) => seq > position)).toBe(true);
    expect(await again.removeExpired(held, KEY, ALL, 10)).toBe(2);
    const { store: third, reader: readThird } = await reopen();
    expect(await readThird.lastSeq(KEY.collectorId)).toBe(rest.at(-1)!.seq);
    await collect(third, held, { id: "f3" }, some("last", 1));
    expect((await wholeLog(readThird, { after: rest.at(-1)!.seq })).map(({ eventId }) => eventId)).toEqual(["last0"]);
  });

  test("single events are found by position, in the order asked for", async () => {
    const { store, reader } = use();
    await collect(store, await lease(), { id: "f1" }, some("a", 3));
    const [a, b, c] = (await wholeLog(reader)).map(({ seq }) => seq) as [number, number, number];

    expect((await reader.event(b))?.eventId).toBe("a1");
    expect(await reader.event(c + 1)).toBeUndefined();
    expect(ids(await reader.eventsBySeq([c, c + 1, a]))).toEqual(["a2", "a0"]);
  });

  test("a reader that was open before sees what is committed later", async () => {
    const { store, reader } = use();
    const held = await lease();
    expect(await wholeLog(reader)).toEqual([]);

    await collect(store, held, { id: "f1" }, some("a", 2));

    expect(ids(await wholeLog(reader))).toEqual(["a0", "a1"]);
  });
}
