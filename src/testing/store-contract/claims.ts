import { expect, test } from "vitest";
import { ALLOWANCE_MS, aCommit, aFile, aLine, aScan, type Fixture, KEY, minute } from "./fixture.ts";

export function claimCases({ use, lease }: Fixture): void {
  test("nothing is claimed before the first whole scan", async () => {
    const { store } = use();
    await store.recordListing(await lease(), KEY, [aFile("f1", 0)], minute(50));

    expect(await store.state(KEY)).toMatchObject({
      cursor: undefined,
      scannedTo: undefined,
      completeThrough: undefined,
    });
  });

  test("without holes the claim is scanned_to less the allowance", async () => {
    const { store } = use();

    await store.finishScan(await lease(), KEY, aScan({ cursor: minute(50) }), ALLOWANCE_MS);

    expect(await store.state(KEY)).toMatchObject({
      cursor: minute(50),
      scannedTo: minute(60),
      completeThrough: minute(30),
      claimMovedBack: 0,
      scans: { poll: minute(60) },
      lastSuccessAt: minute(60),
    });
  });

  test("the claim stands at the oldest hole and follows as holes are filled", async () => {
    const { store } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("f10", 10), aFile("f20", 20), aFile("f50", 50)], minute(60));
    await store.finishScan(held, KEY, aScan(), ALLOWANCE_MS);
    const claims = [(await store.state(KEY)).completeThrough];

    for (const id of ["f20", "f10"]) {
      await store.commitFile(held, aCommit(id, [aLine(id)]), ALLOWANCE_MS);
      claims.push((await store.state(KEY)).completeThrough);
    }

    expect(claims).toEqual([minute(10), minute(10), minute(30)]);
    expect((await store.state(KEY)).claimMovedBack).toBe(0);
  });

  test("a quarantined file holds the claim; an expired one lets it go", async () => {
    const { store } = use();
    const held = await lease();
    await store.recordListing(held, KEY, [aFile("f10", 10)], minute(60));
    await store.finishScan(held, KEY, aScan(), ALLOWANCE_MS);
    const error = { code: "protocol" as const, reason: undefined, message: "m", action: undefined, at: minute(61) };

    await store.failFile(held, KEY, "f10", {
      state: "quarantined",
      retryAt: undefined,
      missingSince: undefined,
      error,
    });
    expect((await store.state(KEY)).completeThrough).toBe(minute(10));

    await store.expireFile(held, KEY, "f10", minute(62), ALLOWANCE_MS);
    expect((await store.state(KEY)).completeThrough).toBe(minute(30));
  });

  test("a late file before the claim moves it back, and that is counted", async () => {
    const { store } = use();
    const held = await lease();
    await store.finishScan(held, KEY, aScan(), ALLOWANCE_MS);

    await store.recordListing(held, KEY, [aFile("late1", 5), aFile("late2", 7)], minute(61));
    expect(await store.state(KEY)).toMatchObject({ completeThrough: minute(5), claimMovedBack: 1 });

    await store.recordListing(held, KEY, [aFile("late3", 6)], minute(62));
    expect(await store.state(KEY)).toMatchObject({ completeThrough: minute(5), claimMovedBack: 1 });

    await store.commitFile(held, aCommit("late1", []), ALLOWANCE_MS);
    expect(await store.state(KEY)).toMatchObject({ completeThrough: minute(6), claimMovedBack: 1 });
  });

  test("a larger allowance lowers the claim without proving it wrong", async () => {
    const { store } = use();
    const held = await lease();
    await store.finishScan(held, KEY, aScan(), ALLOWANCE_MS);

    await store.finishScan(held, KEY, aScan({ at: minute(61) }), 2 * ALLOWANCE_MS);

    expect(await store.state(KEY)).toMatchObject({ completeThrough: minute(0), claimMovedBack: 0 });
  });

  test("cursor and scanned_to never move back", async () => {
    const { store } = use();
    const held = await lease();
    const later = { cursor: "2026-07-15T12:50:00.0000019Z", scannedTo: minute(60) };
    await store.finishScan(held, KEY, aScan(later), ALLOWANCE_MS);

    for (const earlier of [
      { cursor: "2026-07-15T12:50:00.000000Z", scannedTo: minute(59) },
      { cursor: "2026-07-15T13:50:00+01:00", scannedTo: undefined },
      { cursor: undefined, scannedTo: undefined },
    ])
      await store.finishScan(held, KEY, aScan(earlier), ALLOWANCE_MS);

    expect(await store.state(KEY)).toMatchObject(later);
  });

  test("each kind of scan has its time, and a whole scan clears the error", async () => {
    const { store } = use();
    const held = await lease();
    const error = {
      code: "unavailable" as const,
      reason: "timeout",
      message: "No answer",
      action: "Wait",
      at: minute(1),
    };
    await store.recordError(held, KEY, error);
    await store.recordError(held, KEY, { ...error, at: minute(2) });
    expect((await store.state(KEY)).error).toEqual({ ...error, since: minute(1), at: minute(2), count: 2 });

    await store.finishScan(held, KEY, aScan({ kind: "deep", at: minute(3) }), ALLOWANCE_MS);
    await store.finishScan(held, KEY, aScan({ kind: "overlap", at: minute(4) }), ALLOWANCE_MS);

    const { scans, error: after } = await store.state(KEY);
    expect(scans).toEqual({ deep: minute(3), overlap: minute(4) });
    expect(after).toBeUndefined();
  });
}
