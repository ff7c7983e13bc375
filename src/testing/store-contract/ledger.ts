import { expect, test } from "vitest";
import type { PendingQuery } from "../../model/store.ts";
import { ALLOWANCE_MS, aCommit, aFile, aLine, collect, type Fixture, KEY, minute, OTHER_SOURCE } from "./fixture.ts";

const failure = (at: string) => ({
  code: "unavailable" as const,
  reason: "timeout",
  message: "No answer in 30 s",
  action: undefined,
  at,
});

const asking = (over: Partial<PendingQuery> = {}): PendingQuery => ({
  key: KEY,
  freshAfter: minute(25),
  now: minute(60),
  limit: 10,
  except: [],
  ...over,
});

export function ledgerCases({ use, reopen, lease }: Fixture): void {
  const pendingIds = async (over: Partial<PendingQuery> = {}) =>
    (await use().store.pending(asking(over))).map(({ id }) => id);

  test("a file is listed once, however often upstream shows it", async () => {
    const { store } = use();
    const held = await lease();
    const files = [aFile("f1", 0), aFile("f2", 10, { sha256: "ab".repeat(32) })];

    const added = [
      await store.recordListing(held, KEY, files, minute(20)),
      await store.recordListing(held, KEY, [...files, aFile("f3", 20)], minute(30)),
      await store.recordListing(held, OTHER_SOURCE, files, minute(30)),
    ];

    expect(added).toEqual([2, 1, 2]);
    expect((await store.state(KEY)).counts).toMatchObject({ filesPending: 3, filesPendingBytes: 3000 });
    expect((await store.pending(asking({ freshAfter: minute(60) })))[1]).toEqual({
      ...files[1],
      state: "pending",
      listedAt: minute(20),
      attempts: 0,
      retryAt: undefined,
      error: undefined,
      missingSince: undefined,
    });
  });

  test("fresh files come newest first, then the backlog oldest first", async () => {
    const { store } = use();
    const held = await lease();
    const ends = [20, 40, 10, 30, 25];
    await store.recordListing(
      held,
      KEY,
      ends.map((end) => aFile(`f${end}`, end)),
      minute(50),
    );

    expect(await pendingIds()).toEqual(["f40", "f30", "f10", "f20", "f25"]);
    expect(await pendingIds({ limit: 3 })).toEqual(["f40", "f30", "f10"]);
    expect(await pendingIds({ limit: 3, except: ["f40", "f10"] })).toEqual(["f30", "f20", "f25"]);
    expect(await pendingIds({ limit: 1, except: ["f40"] })).toEqual(["f30"]);
  });

  test("end times are compared as instants, whatever digits and zone they are printed with", async () => {
    const { store } = use();
    const held = await lease();
    const ends = ["2026-07-15T12:00:01Z", "2026-07-15T12:00:01.000002Z", "2026-07-15T14:00:01.000001999+02:00"];
    await store.recordListing(
      held,
      KEY,
      ends.map((endTime, index) => ({ ...aFile(`f${index}`, 0), endTime })),
      minute(50),
    );

    expect(await pendingIds()).toEqual(["f0", "f2", "f1"]);
    expect((await store.state(KEY)).oldestPending).toBe(ends[0]);
  });

  test("a failed file waits for its time and remembers what happened", async () => {
    const { store } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("f1", 0), aFile("f2", 10)], minute(50));
    const retry = { state: "pending" as const, retryAt: minute(70), missingSince: undefined };

    await store.failFile(held, KEY, "f1", { ...retry, error: failure(minute(61)) });
    await store.failFile(held, KEY, "f1", { ...retry, error: failure(minute(62)), missingSince: minute(62) });

    expect(await store.nextRetry(KEY, minute(69))).toBe(minute(70));
    expect(await store.nextRetry(KEY, minute(70))).toBeUndefined();
    expect(await pendingIds({ now: minute(69) })).toEqual(["f2"]);
    const [first] = await store.pending(asking({ now: minute(70) }));
    expect(first).toMatchObject({
      id: "f1",
      attempts: 2,
      retryAt: minute(70),
      missingSince: minute(62),
      error: { ...failure(minute(62)), since: minute(61), count: 2 },
    });
  });

  test("another error starts its own count", async () => {
    const { store } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("f1", 0)], minute(50));
    const fail = (reason: string, at: string) =>
      store.failFile(held, KEY, "f1", {
        state: "pending",
        retryAt: undefined,
        missingSince: undefined,
        error: { ...failure(at), reason },
      });

    await fail("timeout", minute(61));
    await fail("hash", minute(62));

    const [file] = await store.pending(asking());
    expect(file?.error).toMatchObject({ reason: "hash", since: minute(62), count: 1 });
    expect(file?.attempts).toBe(2);
  });

  test("a quarantined file is a hole that is not tried, until a person asks for it", async () => {
    const { store, reader } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("f1", 0), aFile("f2", 10)], minute(50));

    await store.failFile(held, KEY, "f1", {
      state: "quarantined",
      retryAt: undefined,
      missingSince: undefined,
      error: failure(minute(61)),
    });

    expect(await pendingIds()).toEqual(["f2"]);
    expect((await reader.holes(KEY, 10)).map(({ id, state }) => [id, state])).toEqual([
      ["f1", "quarantined"],
      ["f2", "pending"],
    ]);
    expect(await store.state(KEY)).toMatchObject({
      oldestPending: minute(0),
      counts: { filesPending: 1, filesPendingBytes: 1000, unacknowledgedQuarantined: 1 },
    });
    expect(await store.retryFile(KEY, "f1")).toBe(true);
    expect(await store.retryFile(KEY, "f1")).toBe(false);
    expect(await pendingIds()).toEqual(["f1", "f2"]);
    expect((await store.state(KEY)).counts).toMatchObject({ filesPending: 2, unacknowledgedQuarantined: 0 });
  });

  test("a quarantined file with a time to try again is tried then, and stays set aside when that fails too", async () => {
    const { store, reader } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("f1", 0)], minute(50));
    const setAside = { state: "quarantined", missingSince: undefined, error: failure(minute(61)) } as const;
    await store.failFile(held, KEY, "f1", { ...setAside, retryAt: minute(70) });
    const dueAt = async (now: string) =>
      (await store.pending({ key: KEY, freshAfter: minute(0), now, limit: 10, except: [] })).map(({ id }) => id);

    expect(await dueAt(minute(69))).toEqual([]);
    expect(await dueAt(minute(70))).toEqual(["f1"]);
    await store.failFile(held, KEY, "f1", {
      ...setAside,
      state: "pending",
      retryAt: minute(90),
      missingSince: minute(71),
    });

    expect(await dueAt(minute(71))).toEqual([]);
    expect(await dueAt(minute(90))).toEqual(["f1"]);
    expect(await reader.holes(KEY, 10)).toMatchObject([
      { state: "quarantined", attempts: 2, missingSince: minute(71) },
    ]);
    expect((await store.state(KEY)).counts).toMatchObject({ filesPending: 0, unacknowledgedQuarantined: 1 });
  });

  test("a quarantined file that is committed after all is done", async () => {
    const { store, reader } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("f1", 0)], minute(50));
    await store.failFile(held, KEY, "f1", {
      state: "quarantined",
      retryAt: undefined,
      missingSince: undefined,
      error: failure(minute(61)),
    });

    await store.commitFile(held, aCommit("f1", [aLine("e1")]), ALLOWANCE_MS);

    expect(await reader.holes(KEY, 10)).toEqual([]);
    expect((await store.state(KEY)).counts).toMatchObject({
      filesDone: 1,
      filesPending: 0,
      filesPendingBytes: 0,
      unacknowledgedQuarantined: 0,
    });
  });

  test("a failure told too late leaves a done file done", async () => {
    const { store } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, [aLine("e1")]);
    const before = await store.state(KEY);

    await store.failFile(held, KEY, "f1", {
      state: "quarantined",
      retryAt: undefined,
      missingSince: undefined,
      error: failure(minute(62)),
    });

    expect(await store.state(KEY)).toEqual(before);
  });

  test("holes and what was learned of upstream survive a reopening", async () => {
    const { store } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("f1", 0)], minute(50));
    await store.recordUpstreamNewest(held, KEY, minute(49), minute(51));
    const before = await store.state(KEY);

    const { store: again } = await reopen();

    expect(await again.state(KEY)).toEqual(before);
    expect(before).toMatchObject({
      upstreamNewest: { time: minute(49), askedAt: minute(51) },
      lastSuccessAt: minute(51),
    });
    expect((await again.lease(KEY.collectorId, [KEY.dataSource])).epoch).toBe(held.epoch + 1);
  });
}
