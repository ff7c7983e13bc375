import { expect, test } from "vitest";
import type { FilePage, UpstreamFile } from "../model/connector.ts";
import type { DataSourceState, Gap, ScanResult } from "../model/store.ts";
import { quietLog } from "../testing/quiet-log.ts";
import { createTally } from "./request-tally.ts";
import { peek, scan } from "./scan.ts";
import type { SourceContext } from "./source-context.ts";
import { unwatched } from "./watch.ts";

const key = { collectorId: "col_1", dataSource: "conversations" };
const SERVED = "2026-07-15T16:00:00Z";
const file = (id: string, endTime: string): UpstreamFile => ({ id, endTime, size: 1, sha256: "0".repeat(64) });

/** A source whose list is `answer`, over a store that keeps what it is told. */
function aSource(answer: (after: string) => Partial<FilePage>, state: Partial<DataSourceState> = {}) {
  const asked: string[] = [];
  const listed = new Set<string>();
  const gaps: Pick<Gap, "from" | "to" | "reason">[] = [];
  const finished: ScanResult[] = [];
  const store = {
    state: async () => ({ key, scans: {}, ...state }),
    recordListing: async (_lease: unknown, _key: unknown, files: readonly UpstreamFile[]) => {
      const before = listed.size;
      for (const { id } of files) listed.add(id);
      return listed.size - before;
    },
    recordGap: async (_lease: unknown, gap: Gap) => void gaps.push(gap),
    finishScan: async (_lease: unknown, _key: unknown, result: ScanResult) => void finished.push(result),
  };
  const feed = {
    maxPageSize: 2,
    list: async (_ctx: unknown, after: string): Promise<FilePage> => {
      asked.push(after);
      return { files: [], lastEndTime: undefined, more: false, servedAt: SERVED, ...answer(after) };
    },
  };
  const ctx = {
    store,
    feed,
    key,
    lease: { collectorId: "col_1", epoch: 1 },
    settings: {},
    upstream: () => ({}),
    overlapMs: 86_400_000,
    start: undefined,
    now: () => new Date("2026-07-15T16:00:01Z"),
    log: quietLog(),
    signal: new AbortController().signal,
    work: unwatched,
    tally: createTally(() => new Date(0)),
  } as unknown as SourceContext;
  return { ctx, asked, listed, gaps, finished };
}

test("a first scan begins in 1970 and goes on a second before the last printed end time", async () => {
  const first = [file("a", "2026-07-15T15:00:00Z"), file("b", "2026-07-15T15:10:00.5Z")];
  const { ctx, asked, listed, finished } = aSource((after) =>
    after.startsWith("1970")
      ? { files: first, lastEndTime: "2026-07-15T15:10:00.5Z", more: true }
      : { files: [first[1]!, file("c", "2026-07-15T15:20:00Z")], lastEndTime: "2026-07-15T15:20:00Z" },
  );

  await scan(ctx, "deep", () => undefined);

  expect(asked).toEqual(["1970-01-01T00:00:00Z", "2026-07-15T15:09:59.500000Z"]);
  expect([...listed]).toEqual(["a", "b", "c"]);
  expect(finished).toMatchObject([{ kind: "deep", cursor: "2026-07-15T15:20:00Z", scannedTo: SERVED }]);
});

test("a later scan begins its window before the cursor, whatever our clock says", async () => {
  const { ctx, asked } = aSource(() => ({}), { cursor: "2026-07-15T15:40:00Z" });

  await scan(ctx, "poll", () => undefined);
  await scan(ctx, "overlap", () => undefined);

  expect(asked).toEqual(["2026-07-15T13:39:59Z", "2026-07-14T15:39:59Z"]);
});

test("an empty list moves no cursor, and says how far it was looked", async () => {
  const { ctx, finished } = aSource(() => ({}));

  await scan(ctx, "poll", () => undefined);

  expect(finished).toMatchObject([{ cursor: undefined, scannedTo: SERVED }]);
});

test("what was asked for reaches back to the start, and no further than upstream keeps files", async () => {
  const since = async (start: string | undefined, page: Partial<FilePage> = {}) => {
    const { ctx, finished } = aSource(() => page);
    await scan({ ...ctx, start }, "deep", () => undefined);
    return finished[0]?.since;
  };

  expect(await since(undefined)).toBe("2026-06-15T16:00:00Z");
  expect(await since("2026-01-01T00:00:00Z")).toBe("2026-06-15T16:00:00Z");
  expect(await since("2026-07-10T00:00:00Z")).toBe("2026-07-09T23:59:59Z");
  expect(await since("2026-07-10T00:00:00Z", { servedAt: undefined })).toBeUndefined();
});

test("more files with one end time than a page holds: smaller steps back, then past it with a suspected gap", async () => {
  const tie = "2026-07-15T15:10:00Z";
  const { ctx, asked, gaps, finished } = aSource((after) =>
    after < tie
      ? { files: [file("a", tie), file("b", tie)], lastEndTime: tie, more: true }
      : { files: [file("z", "2026-07-15T15:30:00Z")], lastEndTime: "2026-07-15T15:30:00Z" },
  );

  await scan(ctx, "deep", () => undefined);

  expect(asked.slice(1)).toEqual([
    "2026-07-15T15:09:59Z",
    "2026-07-15T15:09:59.999000Z",
    "2026-07-15T15:09:59.999999Z",
    tie,
  ]);
  expect(gaps).toMatchObject([{ reason: "suspected", from: "2026-07-15T15:09:59Z", to: "2026-07-15T15:10:01Z" }]);
  expect(finished).toMatchObject([{ cursor: "2026-07-15T15:30:00Z" }]);
});

test("the same where `after` includes its bound: past the moment, not for ever in front of it", async () => {
  const tie = "2026-07-15T15:10:00Z";
  const { ctx, gaps, finished } = aSource((after) =>
    after <= tie
      ? { files: [file("a", tie), file("b", tie)], lastEndTime: tie, more: true }
      : { files: [file("z", "2026-07-15T15:30:00Z")], lastEndTime: "2026-07-15T15:30:00Z" },
  );

  await scan(ctx, "deep", () => undefined);

  expect(gaps).toMatchObject([{ reason: "suspected", from: "2026-07-15T15:09:59Z", to: "2026-07-15T15:10:01Z" }]);
  expect(finished).toMatchObject([{ cursor: "2026-07-15T15:30:00Z" }]);
});

test("a smaller step that upstream rounds up has gone past the boundary: a suspected gap", async () => {
  const tie = "2026-07-15T15:10:00.5Z";
  const { ctx, gaps, finished } = aSource((after) =>
    after < "2026-07-15T15:10:00"
      ? { files: [file("a", tie), file("b", tie)], lastEndTime: tie, more: true }
      : { files: [file("z", "2026-07-15T15:30:00Z")], lastEndTime: "2026-07-15T15:30:00Z" },
  );

  await scan(ctx, "deep", () => undefined);

  expect(gaps).toMatchObject([
    { reason: "suspected", from: "2026-07-15T15:09:59.500000Z", to: "2026-07-15T15:10:01.500000Z" },
  ]);
  expect(finished).toMatchObject([{ cursor: "2026-07-15T15:30:00Z" }]);
});

test("a list that says there is more and never moves is a failed call: nothing is finished", async () => {
  const { ctx, finished } = aSource(() => ({
    files: [file("a", "2026-07-15T15:10:00Z")],
    lastEndTime: "2026-07-15T15:10:00Z",
    more: true,
  }));

  await expect(scan(ctx, "deep", () => undefined)).rejects.toMatchObject({ code: "protocol", reason: "list_stuck" });
  expect(finished).toEqual([]);
});

test("more without any time to go on from is a failed call", async () => {
  const { ctx } = aSource(() => ({ more: true }));

  await expect(scan(ctx, "deep", () => undefined)).rejects.toMatchObject({ reason: "list_stuck" });
});

test("the newest files are listed ahead of the first scan, which claims nothing", async () => {
  const { ctx, asked, listed, finished } = aSource(() => ({
    files: [file("new", "2026-07-15T15:55:00Z")],
    lastEndTime: "2026-07-15T15:55:00Z",
  }));

  expect(await peek(ctx)).toBe(1);

  expect(asked).toEqual(["2026-07-15T14:00:01.000Z"]);
  expect([...listed]).toEqual(["new"]);
  expect(finished).toEqual([]);
});

test("a wide scan looks at the end of its list at each poll interval, and goes on where it was", async () => {
  const pages = ["2026-07-01T00:00:00Z", "2026-07-02T00:00:00Z", "2026-07-03T00:00:00Z"];
  let page = 0;
  const { ctx, asked, listed } = aSource((after) => {
    if (after > "2026-07-15") return { files: [file("new", "2026-07-15T15:55:00Z")] };
    const end = pages[page++]!;
    return { files: [file(end, end)], lastEndTime: end, more: page < pages.length };
  });
  const now = () => new Date(Date.parse("2026-07-15T16:00:00Z") + asked.length * 35_000);
  const lanes: string[] = [];
  const upstream = (lane: string) => {
    lanes.push(lane);
    return {};
  };
  let heard = 0;

  await scan({ ...ctx, now, upstream, pollIntervalMs: 60_000 } as unknown as SourceContext, "deep", () => {
    heard += 1;
  });

  expect(asked.map((after) => after.slice(0, 10))).toEqual(["1970-01-01", "2026-06-30", "2026-07-15", "2026-07-01"]);
  expect([...listed]).toEqual([pages[0], pages[1], "new", pages[2]]);
  expect(lanes).toEqual(["backlog", "backlog", "fresh", "backlog"]);
  expect(heard).toBe(4);
});
