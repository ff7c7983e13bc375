import { expect, test } from "vitest";
import { type CoverageState, coverageRuns, MINUTE_US, minutesOf, wholeCoverage } from "../../model/coverage.ts";
import type { CoveredFile } from "../../model/report.ts";
import type { FileFailure, StoreReader } from "../../model/store.ts";
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
} from "./fixture.ts";

const base = minuteUs(0) / MINUTE_US;

/** The states of the story's minutes, as `[first, last + 1, state]`. */
async function calendar(
  reader: StoreReader,
  from: number,
  to: number,
): Promise<(readonly [number, number, CoverageState])[]> {
  const source = await wholeCoverage((query) => reader.coverage(query), {
    key: KEY,
    fromUs: minuteUs(from),
    toUs: minuteUs(to),
  });
  const runs = coverageRuns(source, base + from, base + to);
  expect(Object.values(minutesOf(runs)).reduce((sum, count) => sum + count, 0)).toBe(to - from);
  return runs.map((run) => [run.from - base, run.to - base, run.state] as const);
}

const failure = (state: FileFailure["state"]): FileFailure => ({
  state,
  error: { code: "protocol", reason: "hash_mismatch", message: "The hash differs", action: undefined, at: minute(61) },
  retryAt: undefined,
  missingSince: undefined,
});

async function allFiles(
  reader: StoreReader,
  from: number,
  to: number,
  touching = false,
  limit = 2,
): Promise<CoveredFile[]> {
  const files: CoveredFile[] = [];
  let after: string | undefined;
  do {
    const page = await reader.coveredFiles({
      key: KEY,
      fromUs: minuteUs(from),
      toUs: minuteUs(to),
      touching,
      after,
      limit,
    });
    files.push(...page.files);
    after = page.next;
  } while (after !== undefined);
  return files;
}

export function coverageCases({ use, lease }: Fixture): void {
  test("a data source that was never leased has been looked at by nobody", async () => {
    expect(await calendar(use().reader, 0, 10)).toEqual([[0, 10, "not_scanned"]]);
  });

  test("each minute of the calendar says how it stands", async () => {
    const { store, reader } = use();
    const held = await lease();
    for (const end of [-60, -50, -20]) await collect(store, held, { id: `f${end}`, end }, [aLine(`e${end}`, end)]);
    await store.recordListing(held, KEY, [aFile("waits", -10), aFile("bad", 0), aFile("fails", 5)], minute(60));
    await store.failFile(held, KEY, "bad", failure("quarantined"));
    for (let i = 0; i < 3; i++) await store.failFile(held, KEY, "fails", failure("pending"));
    await store.finishScan(held, KEY, aScan({ since: minute(-180) }), ALLOWANCE_MS);

    expect(await calendar(reader, -200, 70)).toEqual([
      [-200, -180, "not_asked"],
      [-180, -120, "empty"],
      [-120, -20, "collected"],
      [-20, -10, "pending"],
      [-10, 5, "missing"],
      [5, 30, "empty"],
      [30, 60, "late_possible"],
      [60, 70, "not_scanned"],
    ]);
  });

  test("a file that ends after the period speaks for the minutes before it", async () => {
    const { store, reader } = use();
    const held = await lease();
    await collect(store, held, { id: "f0", end: 0 }, [aLine("e0")]);
    await store.recordListing(held, KEY, [aFile("waits", 20)], minute(60));
    await store.finishScan(held, KEY, aScan({ since: minute(-60) }), ALLOWANCE_MS);

    expect(await calendar(reader, 5, 15)).toEqual([[5, 15, "pending"]]);
  });

  test("what upstream no longer has is lost since the file before it, and comes back with the file", async () => {
    const { store, reader } = use();
    const held = await lease();
    await collect(store, held, { id: "f0", end: 0 }, [aLine("e0")]);
    await store.recordListing(held, KEY, [aFile("gone", 20)], minute(60));
    await store.finishScan(held, KEY, aScan({ since: minute(0) }), ALLOWANCE_MS);
    await store.expireFile(held, KEY, "gone", minute(61), ALLOWANCE_MS);

    expect(await calendar(reader, 0, 30)).toEqual([
      [0, 20, "lost"],
      [20, 30, "empty"],
    ]);
    await collect(store, held, { id: "gone", end: 20 }, [aLine("e1")]);
    expect(await calendar(reader, 0, 30)).toEqual([
      [0, 20, "collected"],
      [20, 30, "empty"],
    ]);
  });

  test("a recorded gap is lost, a suspected one missing", async () => {
    const { store, reader } = use();
    const held = await lease();
    await store.finishScan(held, KEY, aScan({ since: minute(0) }), ALLOWANCE_MS);
    await store.recordGap(
      held,
      { ...KEY, from: minute(5), to: minute(8), reason: "stopped_too_long", files: 0 },
      minute(60),
    );
    await store.recordGap(
      held,
      { ...KEY, from: minute(10), to: minute(11), reason: "suspected", files: 0 },
      minute(60),
    );

    expect(await calendar(reader, 0, 15)).toEqual([
      [0, 5, "empty"],
      [5, 8, "lost"],
      [8, 10, "empty"],
      [10, 11, "missing"],
      [11, 15, "empty"],
    ]);
  });

  test("what was once asked for stays so, whatever a later scan asks for", async () => {
    const { store, reader } = use();
    const held = await lease();
    for (const since of [minute(20), minute(5), minute(10), undefined])
      await store.finishScan(held, KEY, aScan({ since }), ALLOWANCE_MS);

    expect(await calendar(reader, 0, 10)).toEqual([
      [0, 5, "not_asked"],
      [5, 10, "empty"],
    ]);
  });

  test("a ledger longer than a page gives the same calendar", async () => {
    const { store, reader } = use();
    const held = await lease();
    const files = Array.from({ length: 5_020 }, (_, i) => ({ ...aFile(`f${i}`, 0), endTime: minute(i / 60) }));
    await store.recordListing(held, KEY, files, minute(100));
    await store.commitFile(held, aCommit("f5010", [aLine("e")]), ALLOWANCE_MS);
    await store.finishScan(held, KEY, aScan({ since: minute(-60), scannedTo: minute(200) }), ALLOWANCE_MS);

    expect(await calendar(reader, -60, 90)).toEqual([
      [-60, 84, "pending"],
      [84, 90, "empty"],
    ]);
  });

  test("files come in the order of their end times, in pages, with what became of them", async () => {
    const { store, reader } = use();
    const held = await lease();
    await collect(store, held, { id: "late", end: 10 }, [
      aLine("e1"),
      aLine("e2"),
      { raw: "{", unreadable: "bad_line" },
    ]);
    await collect(store, held, { id: "first", end: 5 }, [aLine("e1")]);
    await store.recordListing(held, KEY, [aFile("tie", 10), aFile("after", 20), aFile("far", 30)], minute(60));

    expect((await allFiles(reader, 0, 12)).map(({ id }) => id)).toEqual(["first", "late", "tie"]);
    expect((await allFiles(reader, 5, 12, true)).map(({ id }) => id)).toEqual(["late", "tie", "after"]);
    const [late, tie] = await allFiles(reader, 5, 12);
    expect(late).toMatchObject({
      state: "done",
      endTime: minute(10),
      done: { lines: 3, inserted: 2, duplicates: 0, quarantined: 1, tombstoned: 0, held: 2, verified: true },
    });
    expect(late?.done?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(tie).toMatchObject({ state: "pending", done: undefined });
  });

  test("the held events of a file are hashed again", async () => {
    const opened = use();
    const { store, reader } = opened;
    const held = await lease();
    await collect(store, held, { id: "f1" }, [aLine("e1"), aLine("e2"), aLine("e3")]);
    const { events } = await reader.readLog({ ...KEY, after: 0, upTo: 100, limit: 10 });
    expect(ids(events)).toHaveLength(3);

    expect(await reader.rehash(KEY, "f1")).toEqual({ events: 3, held: 3, mismatched: [] });
    await opened.erase([events[1]!.seq], minute(62));
    expect(await reader.rehash(KEY, "f1")).toEqual({ events: 2, held: 2, mismatched: [] });
    expect(await reader.rehash(KEY, "none")).toBeUndefined();
  });
}
