import { expect, test } from "vitest";
import { ALLOWANCE_MS, aCommit, aFile, aLine, collect, type Fixture, KEY, minute } from "./fixture.ts";

export function attentionCases({ use, lease }: Fixture): void {
  test("a file that upstream no longer has becomes a gap from the end of the file before it, once", async () => {
    const { store, reader } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("f10", 10), aFile("f20", 20), aFile("f30", 30)], minute(40));

    await store.expireFile(held, KEY, "f20", minute(61), ALLOWANCE_MS);
    await store.expireFile(held, KEY, "f20", minute(62), ALLOWANCE_MS);

    expect(await reader.gaps({ collectorId: KEY.collectorId })).toEqual([
      {
        id: expect.any(Number),
        ...KEY,
        from: minute(10),
        to: minute(20),
        reason: "expired_upstream",
        files: 1,
        fileId: "f20",
        recordedAt: minute(61),
        acknowledgedAt: undefined,
        acknowledgedBy: undefined,
      },
    ]);
    expect((await reader.holes(KEY, 10)).map(({ id }) => id)).toEqual(["f10", "f30"]);
    expect((await store.state(KEY)).counts).toMatchObject({ unacknowledgedGaps: 1, filesPending: 2 });
  });

  test("an expired file that is listed again is a hole again and no gap", async () => {
    const { store, reader } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("f10", 10)], minute(40));
    await store.expireFile(held, KEY, "f10", minute(61), ALLOWANCE_MS);

    expect(await store.recordListing(held, KEY, [aFile("f10", 10)], minute(62))).toBe(1);

    expect(await reader.gaps({})).toEqual([]);
    expect((await reader.holes(KEY, 10)).map(({ id }) => id)).toEqual(["f10"]);
    expect((await store.state(KEY)).counts).toMatchObject({ unacknowledgedGaps: 0, filesPending: 1 });
    expect(await store.commitFile(held, aCommit("f10", [aLine("e1")]), ALLOWANCE_MS)).toMatchObject({ inserted: 1 });
  });

  test("the same gap is recorded once", async () => {
    const { store, reader } = use();
    const held = await lease();
    const gap = { ...KEY, from: minute(0), to: minute(5), reason: "suspected" as const, files: 0 };

    await store.recordGap(held, gap, minute(61));
    await store.recordGap(held, gap, minute(62));
    await store.recordGap(held, { ...gap, reason: "stopped_too_long" }, minute(63));

    const gaps = await reader.gaps({});
    expect(gaps.map(({ reason, recordedAt, fileId }) => [reason, recordedAt, fileId])).toEqual([
      ["suspected", minute(61), undefined],
      ["stopped_too_long", minute(63), undefined],
    ]);
    expect((await store.state(KEY)).counts.unacknowledgedGaps).toBe(2);
  });

  test("a gap is acknowledged once, with who and when", async () => {
    const { store, reader } = use();
    const gap = { ...KEY, from: minute(0), to: minute(5), reason: "suspected" as const, files: 0 };
    await store.recordGap(await lease(), gap, minute(61));
    const id = (await reader.gaps({}))[0]!.id;

    const answers = [
      await store.acknowledge({ gap: id }, "ada", minute(70)),
      await store.acknowledge({ gap: id }, "bob", minute(71)),
      await store.acknowledge({ gap: id + 1 }, "bob", minute(71)),
    ];

    expect(answers).toEqual([true, false, false]);
    expect(await reader.gaps({})).toMatchObject([{ acknowledgedBy: "ada", acknowledgedAt: minute(70) }]);
    expect(await reader.gaps({ unacknowledgedOnly: true })).toEqual([]);
    expect((await store.state(KEY)).counts.unacknowledgedGaps).toBe(0);
  });

  test("quarantined lines and files are acknowledged, and stay", async () => {
    const { store, reader } = use();
    const held = await lease();
    await collect(store, held, { id: "f1" }, [{ raw: "}", unreadable: "not JSON" }]);
    await store.recordListing(held, KEY, [aFile("f2", 10)], minute(60));
    const error = { code: "protocol" as const, reason: "hash", message: "m", action: undefined, at: minute(61) };
    await store.failFile(held, KEY, "f2", { state: "quarantined", retryAt: undefined, missingSince: undefined, error });
    const [line] = await reader.quarantine({ limit: 1, unacknowledgedOnly: true });
    expect((await reader.holes(KEY, 10))[0]?.acknowledgedAt).toBeUndefined();
    expect((await store.state(KEY)).counts).toMatchObject({ quarantined: 1, unacknowledgedQuarantined: 2 });

    const answers = [
      await store.acknowledge({ quarantined: line!.id }, "ada", minute(70)),
      await store.acknowledge({ quarantined: line!.id }, "ada", minute(70)),
      await store.acknowledge({ file: "f2" }, "ada", minute(70)),
      await store.acknowledge({ file: "f2" }, "ada", minute(70)),
      await store.acknowledge({ file: "f1" }, "ada", minute(70)),
    ];

    expect(answers).toEqual([true, false, true, false, false]);
    expect((await reader.quarantine({ limit: 1 }))[0]?.acknowledgedAt).toBe(minute(70));
    expect(await reader.quarantine({ limit: 1, unacknowledgedOnly: true })).toEqual([]);
    expect(await reader.holes(KEY, 10)).toMatchObject([{ id: "f2", acknowledgedAt: minute(70) }]);
    expect((await store.state(KEY)).counts).toMatchObject({ quarantined: 1, unacknowledgedQuarantined: 0 });
  });
}
