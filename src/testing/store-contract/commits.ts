import { expect, test } from "vitest";
import { eventFlags, eventKey } from "../../model/event.ts";
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
  OTHER_COLLECTOR,
  OTHER_SOURCE,
  sha256,
  text,
  wholeLog,
} from "./fixture.ts";

export function commitCases({ use, reopen, lease }: Fixture): void {
  test("a committed file is in the log with everything that was known of its events", async () => {
    const { store, reader } = use();
    const line = { ...aLine("e1", 5), type: "APP_LOG", flags: eventFlags.zoneApplied };
    const stamp = { siteName: "hq", siteId: "site_1", timezone: "Europe/Berlin" };

    const outcome = await collect(store, await lease(), { id: "f1" }, [line], { stamp, ingestedAt: minute(61) });

    expect(outcome).toEqual({ lines: 1, inserted: 1, duplicates: 0, conflicts: 0, quarantined: 0, tombstoned: 0 });
    const [event] = await wholeLog(reader);
    const commit = aCommit("f1", [line]);
    expect({ ...event, raw: text(event!.raw) }).toEqual({
      ...KEY,
      ...stamp,
      seq: event!.seq,
      eventId: "e1",
      contentHash: sha256(Buffer.from(line.raw as string)).toString("hex"),
      timeKey: line.timeKey,
      time: line.time,
      type: "APP_LOG",
      flags: eventFlags.zoneApplied,
      ingestedAt: minute(61),
      fileId: "f1",
      fileSha256: commit.sha256,
      line: 1,
      raw: line.raw,
    });
  });

  test("a file that is committed again changes nothing and tells its first outcome", async () => {
    const { store, reader } = use();
    const held = await lease();
    const lines = [aLine("e1"), aLine("e1"), { raw: "}", unreadable: "not JSON" }];
    const first = await collect(store, held, { id: "f1" }, lines);
    const before = await store.state(KEY);

    const again = await store.commitFile(held, aCommit("f1", [aLine("e2")]), ALLOWANCE_MS);

    expect(again).toEqual(first);
    expect(await store.state(KEY)).toEqual(before);
    expect(ids(await wholeLog(reader))).toEqual(["e1"]);
  });

  test("the same bytes in another file are a duplicate, counted and not stored", async () => {
    const { store, reader } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, [aLine("e1"), aLine("e2")]);

    const outcome = await collect(store, held, { id: "f2" }, [aLine("e2"), aLine("e3"), aLine("e3")]);

    expect(outcome).toMatchObject({ lines: 3, inserted: 1, duplicates: 2, conflicts: 0 });
    expect(ids(await wholeLog(reader))).toEqual(["e1", "e2", "e3"]);
    expect((await store.state(KEY)).counts).toMatchObject({ events: 3, duplicates: 2, filesDone: 2, filesPending: 0 });
  });

  test("the same id with other bytes is a further event with its own key, counted as a conflict", async () => {
    const { store, reader } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, [aLine("e1", 0, "one")]);

    const outcome = await collect(store, held, { id: "f2" }, [
      aLine("e1", 0, "two"),
      aLine("e1", 0, "three"),
      aLine("e1", 0, "one"),
      aLine("e2"),
    ]);

    expect(outcome).toMatchObject({ inserted: 3, duplicates: 1, conflicts: 2 });
    const events = await wholeLog(reader);
    expect(new Set(events.map(eventKey)).size).toBe(4);
    expect((await store.state(KEY)).counts.conflicts).toBe(2);
  });

  test("conflicts are counted within one file too, also where others are from the same time", async () => {
    const { store } = use();
    const held = await lease();

    const alone = await collect(store, held, { id: "f1" }, [
      aLine("e1", 0, "one"),
      aLine("e1", 0, "two"),
      aLine("e2", 5),
    ]);
    const beside = await collect(store, held, { id: "f2" }, [
      aLine("e3", 0, "one"),
      aLine("e3", 0, "two"),
      aLine("e4", 5),
    ]);

    expect([alone.conflicts, beside.conflicts]).toEqual([1, 1]);
  });

  test("one event may stand in two data sources, and in two collectors", async () => {
    const { store, reader } = use();
    const held = await lease();
    const other = await store.lease(OTHER_COLLECTOR.collectorId, [OTHER_COLLECTOR.dataSource]);

    const outcomes = [
      await collect(store, held, { id: "f1" }, [aLine("e1")]),
      await collect(store, held, { id: "f1", key: OTHER_SOURCE }, [aLine("e1")]),
      await collect(store, other, { id: "f1", key: OTHER_COLLECTOR }, [aLine("e1")]),
    ];

    expect(outcomes.map(({ inserted }) => inserted)).toEqual([1, 1, 1]);
    expect((await reader.dataSources()).map(({ counts }) => counts.events)).toEqual([1, 1, 1]);
  });

  test("an unreadable line is kept with its bytes and the counts still add up", async () => {
    const { store, reader } = use();

    const outcome = await collect(store, await lease(), { id: "f1" }, [
      aLine("e1"),
      { raw: Buffer.from([0x7b, 0xff, 0x00]), unreadable: "not JSON" },
      aLine("e2"),
    ]);

    expect(outcome).toMatchObject({ lines: 3, inserted: 2, quarantined: 1 });
    const [kept] = await reader.quarantine({ limit: 10 });
    expect(kept).toMatchObject({ ...KEY, fileId: "f1", line: 2, reason: "not JSON", acknowledgedAt: undefined });
    expect([...kept!.bytes]).toEqual([0x7b, 0xff, 0x00]);
    expect(await reader.quarantine({ ...KEY, id: kept!.id, limit: 1 })).toEqual([kept]);
    expect(await reader.quarantine({ ...KEY, id: kept!.id + 1, limit: 1 })).toEqual([]);
    expect(await reader.quarantine({ collectorId: "col_none", id: kept!.id, limit: 1 })).toEqual([]);
    expect((await store.state(KEY)).counts).toMatchObject({ quarantined: 1, unacknowledgedQuarantined: 1 });
  });

  test("a file without events is done as well", async () => {
    const { store, reader } = use();

    expect(await collect(store, await lease(), { id: "f1" }, [])).toMatchObject({ lines: 0, inserted: 0 });

    expect((await store.state(KEY)).counts).toMatchObject({ filesDone: 1, filesPending: 0, events: 0 });
    expect(await wholeLog(reader)).toEqual([]);
  });

  test("every byte comes back, however hostile", async () => {
    const { store, reader } = use();
    const lines = [
      Buffer.from('{"a":"\0"}'),
      Buffer.from('{"a":"\\u0000\\ud800"}'),
      Buffer.from([0x22, 0xc3, 0x28, 0xff, 0xfe, 0x22]),
      Buffer.from('{"n":12345678901234567890,"n":1, "__proto__":{}}'),
      Buffer.from("\u202e<script>😀"),
      Buffer.alloc(0),
      Buffer.alloc(16 * 1024 * 1024, "x"),
    ].map((raw, index) => ({ ...aLine(`e${index}\0'"`, index), raw: new Uint8Array(raw) }));

    await collect(store, await lease(), { id: "f1" }, lines);

    const events = await wholeLog(reader);
    expect(ids(events)).toEqual(lines.map(({ eventId }) => eventId));
    expect(events.map(({ raw }, index) => Buffer.compare(raw, lines[index]!.raw))).toEqual(lines.map(() => 0));
    expect(events.every(({ raw, contentHash }) => sha256(raw).toString("hex") === contentHash)).toBe(true);
  });

  test("a commit under an old lease throws fenced and changes nothing", async () => {
    const { store, reader } = use();
    const old = await lease();
    await store.recordListing(old, KEY, [aFile("f1", 0), aFile("f2", 1)], minute(60));
    const before = await store.state(KEY);
    const mine = await lease();

    const calls = [
      () => store.commitFile(old, aCommit("f1", [aLine("e1")]), ALLOWANCE_MS),
      () => store.recordListing(old, KEY, [aFile("f3", 2)], minute(60)),
      () => store.finishScan(old, KEY, { kind: "deep", cursor: minute(9), scannedTo: minute(9), at: minute(9) }, 0),
      () => store.expireFile(old, KEY, "f1", minute(9), 0),
      () => store.recordUpstreamNewest(old, KEY, minute(1), minute(9)),
      () =>
        store.recordError(old, KEY, {
          code: "protocol",
          reason: undefined,
          message: "m",
          action: undefined,
          at: minute(9),
        }),
      () => store.recordGap(old, { ...KEY, from: minute(0), to: minute(1), reason: "suspected", files: 0 }, minute(9)),
      () => store.removeExpired(old, KEY, minuteAfterAll, 10),
    ];

    expect(mine.epoch).toBeGreaterThan(old.epoch);
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "fenced" });
    expect(await store.state(KEY)).toEqual(before);
    expect(await wholeLog(reader)).toEqual([]);
    await expect(store.commitFile(mine, aCommit("f1", [aLine("e1")]), ALLOWANCE_MS)).resolves.toBeDefined();
  });

  test("a commit that fails half-way leaves nothing behind, and the store goes on", async () => {
    const { store, reader } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("f1", 0)], minute(60));
    const before = await store.state(KEY);
    const broken = aCommit("f1", [aLine("e1"), { ...aLine("e2"), type: null as unknown as string }]);

    await expect(store.commitFile(held, broken, ALLOWANCE_MS)).rejects.toThrow();

    expect(await store.state(KEY)).toEqual(before);
    expect(await wholeLog(reader)).toEqual([]);
    expect(await store.commitFile(held, aCommit("f1", [aLine("e1")]), ALLOWANCE_MS)).toMatchObject({ inserted: 1 });
  });

  test("a file whose hash is not the one that was listed is refused", async () => {
    const { store } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("f1", 0, { sha256: "0".repeat(64) })], minute(60));

    await expect(store.commitFile(held, aCommit("f1", [aLine("e1")]), ALLOWANCE_MS)).rejects.toThrow();

    expect((await store.state(KEY)).counts).toMatchObject({ events: 0, filesPending: 1 });
  });

  test("everything is still there after a reopening", async () => {
    const { store, reader } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, [aLine("e1"), aLine("e2", 3)], {
      stamp: { siteName: "hq", siteId: "s", timezone: "UTC" },
    });
    await store.rememberRate("logs.list", 47.5);
    const before = { state: await store.state(KEY), log: await wholeLog(reader), rates: await store.rates() };

    const { store: again, reader: readAgain } = await reopen();

    expect({ state: await again.state(KEY), log: await wholeLog(readAgain), rates: await again.rates() }).toEqual(
      before,
    );
    expect(await again.commitFile(held, aCommit("f1", []), ALLOWANCE_MS)).toMatchObject({ inserted: 2 });
    expect((await again.rates()).get("logs.list")).toBe(47.5);
  });

  test("what is stamped on later events leaves earlier ones alone", async () => {
    const { store, reader } = use();
    const held = await lease();
    const stamp = (siteName: string | undefined) => ({ stamp: { siteName, siteId: undefined, timezone: "UTC" } });
    await collect(store, held, { id: "f1" }, [aLine("e1")], stamp("hq"));
    await collect(store, held, { id: "f2" }, [aLine("e2")], stamp("lab"));
    await collect(store, held, { id: "f3" }, [aLine("e3")], stamp(undefined));

    expect((await wholeLog(reader)).map(({ siteName }) => siteName)).toEqual(["hq", "lab", undefined]);
  });
}

const minuteAfterAll = Number.MAX_SAFE_INTEGER;
