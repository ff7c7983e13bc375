import { expect, test } from "vitest";
import type { RewindRequest } from "../../model/rewind.ts";
import type { Lease } from "../../model/store.ts";
import {
  ALLOWANCE_MS,
  aCommit,
  aFile,
  aLine,
  aScan,
  collect,
  type Fixture,
  ids,
  KEY,
  minute,
  minuteUs,
  wholeLog,
} from "./fixture.ts";

const aRequest = (over: Partial<RewindRequest> = {}): RewindRequest => ({
  to: minute(0),
  again: [],
  after: undefined,
  by: "ada",
  at: minute(70),
  ...over,
});

const due = { key: KEY, freshAfter: minute(10_000), now: minute(80), limit: 10, except: [] };
const failure = {
  state: "pending",
  error: { code: "unavailable", reason: "x", message: "m", action: undefined, at: minute(71) },
  retryAt: minute(75),
  missingSince: undefined,
} as const;

export function rewindCases({ use, reopen, lease }: Fixture): void {
  /** Two files that are done, and a cursor behind them. */
  const collected = async (): Promise<Lease> => {
    const held = await lease();
    await collect(use().store, held, { id: "f1", end: 10 }, [aLine("e1", 1), aLine("e2", 2)]);
    await collect(use().store, held, { id: "f2", end: 20 }, [aLine("e3", 3), aLine("e1", 1)]);
    await use().store.finishScan(held, KEY, aScan({ cursor: minute(50) }), ALLOWANCE_MS);
    return held;
  };
  const rewound = async (again: readonly string[], held: Lease) => {
    await use().store.requestRewind(KEY, aRequest({ again }));
    await use().store.applyRewind(held, KEY, minute(71));
  };
  const rewind = async () => (await use().store.state(KEY)).rewind!;

  test("the cursor moves back when a rewind is applied, stays there for readers, and goes on with the next scan", async () => {
    const held = await collected();
    const { store } = use();

    await store.requestRewind(KEY, aRequest({ to: minute(5) }));
    expect(await store.state(KEY)).toMatchObject({ cursor: minute(50), rewind: { phase: "requested", to: minute(5) } });
    expect(await store.applyRewind(held, KEY, minute(71))).toBe(true);
    expect(await store.applyRewind(held, KEY, minute(72))).toBe(false);

    const { reader } = await reopen();
    const [state] = await reader.dataSources();
    expect(state).toMatchObject({
      cursor: minute(5),
      rewind: { phase: "done", from: minute(50), requestedBy: "ada", requestedAt: minute(70) },
    });
    const next = await lease();
    await use().store.finishScan(next, KEY, aScan({ cursor: minute(60) }), ALLOWANCE_MS);
    expect((await use().store.state(KEY)).cursor).toBe(minute(60));
  });

  test("only the newest lease may move the cursor back", async () => {
    const old = await collected();
    await use().store.requestRewind(KEY, aRequest());
    await lease();

    await expect(use().store.applyRewind(old, KEY, minute(71))).rejects.toMatchObject({ code: "fenced" });
    expect((await use().store.state(KEY)).cursor).toBe(minute(50));
  });

  test("a rewind to where the cursor is, beside another one, or on an old forecast is refused", async () => {
    const held = await collected();
    const { store } = use();
    const request = (over: Partial<RewindRequest>) => store.requestRewind(KEY, aRequest(over));

    await expect(request({ to: minute(50) })).rejects.toMatchObject({ reason: "rewind_ahead" });
    const first = await request({ to: minute(5), again: ["f1"] });
    await expect(request({ after: first })).rejects.toMatchObject({ reason: "rewind_running" });
    await expect(request({})).rejects.toMatchObject({ reason: "rewind_stale" });
    await store.applyRewind(held, KEY, minute(71));
    await expect(request({ after: first })).rejects.toMatchObject({ reason: "rewind_running" });
    expect((await store.state(KEY)).cursor).toBe(minute(5));
  });

  test("a done file is offered again after everything that waits, and its known events change nothing", async () => {
    const held = await collected();
    const { store, reader, chainHeads } = use();
    const before = { log: await wholeLog(reader), heads: chainHeads(), state: await store.state(KEY) };
    await rewound(["f1", "f2", "unknown"], held);
    await store.recordListing(held, KEY, [aFile("f3", 30)], minute(72));

    expect((await store.pending(due)).map(({ id }) => id)).toEqual(["f3", "f1", "f2"]);
    expect((await store.pending({ ...due, limit: 1, except: ["f3", "f1"] })).map(({ id }) => id)).toEqual(["f2"]);
    const outcome = await store.commitFile(held, aCommit("f1", [aLine("e1", 1), aLine("e2", 2)]), ALLOWANCE_MS);

    expect(outcome).toMatchObject({ lines: 2, inserted: 0, duplicates: 2 });
    expect((await store.pending(due)).map(({ id }) => id)).toEqual(["f3", "f2"]);
    expect((await rewind()).again).toMatchObject({ files: 2, bytes: 2000, done: 1, failed: 0, inserted: 0 });
    expect(await wholeLog(reader)).toEqual(before.log);
    expect(chainHeads()).toEqual(before.heads);
    const { counts } = await store.state(KEY);
    expect(counts).toEqual({ ...before.state.counts, filesPending: 1, filesPendingBytes: 1000 });
  });

  test("events that are not here any more come back in a row and a link of their own; erased ones do not", async () => {
    const held = await collected();
    const { store, reader, erase, chainFaults } = use();
    const seqOf = async (id: string) => (await wholeLog(reader)).find(({ eventId }) => eventId === id)!.seq;
    await erase([await seqOf("e2")], minute(65));
    await store.removeExpired(held, KEY, minuteUs(2), 10);
    expect(ids(await wholeLog(reader))).toEqual(["e3"]);
    await rewound(["f1"], held);

    const lines = [aLine("e1", 1), aLine("e2", 2), { raw: "}", unreadable: "not JSON" }];
    const outcome = await store.commitFile(held, aCommit("f1", lines), ALLOWANCE_MS);

    expect(outcome).toMatchObject({ lines: 2, inserted: 1, duplicates: 0, tombstoned: 1, quarantined: 0 });
    expect((await wholeLog(reader)).map(({ eventId, fileId }) => [eventId, fileId])).toEqual([
      ["e3", "f2"],
      ["e1", "f1#2"],
    ]);
    expect((await rewind()).again).toMatchObject({ done: 1, inserted: 1 });
    expect((await rewind()).phase).toBe("done");
    expect(chainFaults()).toEqual([]);
    expect((await store.state(KEY)).counts).toMatchObject({ events: 2, filesDone: 3, filesPending: 0 });
    expect(await store.ledgerAmount(KEY, minute(0), minute(60))).toEqual({ files: 2, bytes: 2000 });
  });

  test("a file that cannot be fetched again is given up without a hole or a gap", async () => {
    const held = await collected();
    const { store, reader } = use();
    await rewound(["f1", "f2"], held);

    await store.failFile(held, KEY, "f1", failure);
    expect(await store.nextRetry(KEY, minute(72))).toBe(minute(75));
    expect((await store.pending({ ...due, now: minute(72) })).map(({ id }) => id)).toEqual(["f2"]);
    expect((await store.pending(due))[0]).toMatchObject({ id: "f1", attempts: 1, retryAt: minute(75) });
    await store.failFile(held, KEY, "f1", { ...failure, state: "quarantined" });
    await store.expireFile(held, KEY, "f2", minute(73), ALLOWANCE_MS);

    expect((await rewind()).again).toMatchObject({ done: 0, failed: 2 });
    expect((await rewind()).phase).toBe("done");
    expect(await reader.gaps({})).toEqual([]);
    expect(await store.pending(due)).toEqual([]);
    expect((await store.state(KEY)).counts).toMatchObject({
      filesDone: 2,
      filesPending: 0,
      unacknowledgedQuarantined: 0,
    });
  });

  test("cancelled, what has not been fetched again is not, and another rewind may follow", async () => {
    const held = await collected();
    const { store } = use();
    await rewound(["f1", "f2"], held);
    await store.commitFile(held, aCommit("f1", [aLine("e1", 1)]), ALLOWANCE_MS);

    expect(await store.cancelRewind(KEY, "ada", minute(74))).toBe(true);
    expect(await store.cancelRewind(KEY, "ada", minute(75))).toBe(false);

    expect(await rewind()).toMatchObject({ phase: "cancelled", again: { files: 1, done: 1 } });
    expect(await store.pending(due)).toEqual([]);
    const { id } = await rewind();
    await store.finishScan(held, KEY, aScan({ cursor: minute(60) }), ALLOWANCE_MS);
    expect(await store.requestRewind(KEY, aRequest({ after: id }))).toBeGreaterThan(id);
  });

  test("cancelled before the engine has seen it, the cursor stays where it is", async () => {
    const held = await collected();
    const { store } = use();
    await store.requestRewind(KEY, aRequest());
    await store.cancelRewind(KEY, "ada", minute(71));

    expect(await store.applyRewind(held, KEY, minute(72))).toBe(false);
    expect((await store.state(KEY)).cursor).toBe(minute(50));
  });

  test("the ledger tells how it knows files, and forgets rewinds with their collector", async () => {
    const held = await collected();
    const { store } = use();
    await store.recordListing(held, KEY, [aFile("f3", 30)], minute(72));
    await store.requestRewind(KEY, aRequest({ again: ["f1"] }));

    expect(await store.fileStates(KEY, ["f1", "f3", "f4"])).toEqual([
      { id: "f1", state: "done" },
      { id: "f3", state: "pending" },
    ]);
    expect(await store.ledgerAmount(KEY, minute(20), minute(30))).toEqual({ files: 2, bytes: 2000 });
    await store.removeCollector(KEY.collectorId);
    await lease();
    expect((await store.state(KEY)).rewind).toBeUndefined();
  });
}
