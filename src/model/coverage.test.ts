import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CoverageSource,
  type CoverageState,
  coverageBuckets,
  coverageRuns,
  coverageStates,
  FILE_SPAN_US,
  fileStartUs,
  type GapStretch,
  isComplete,
  type LedgerStretch,
  MINUTE_US,
  minutesOf,
  worstOf,
} from "./coverage.ts";

const nothing: CoverageSource = {
  facts: { askedFromUs: undefined, scannedToUs: undefined, allowanceUs: 0 },
  stretches: [],
  gaps: [],
};
const at = (minutes: number) => minutes * MINUTE_US;
const scanned = { askedFromUs: at(10), scannedToUs: at(100), allowanceUs: at(20) };
const file = (from: number, to: number, kind: LedgerStretch["kind"]) => ({ fromUs: at(from), toUs: at(to), kind });
const states = (source: Partial<CoverageSource>, from = 0, to = 120) =>
  coverageRuns({ ...nothing, facts: scanned, ...source }, from, to).map((run) => [run.from, run.to, run.state]);

describe("a minute's state", () => {
  test("before any scan nobody has looked", () => {
    expect(coverageRuns(nothing, 0, 5)).toEqual([{ from: 0, to: 5, state: "not_scanned" }]);
  });

  test("without files: not asked for, empty, perhaps late, not looked at", () => {
    expect(states({})).toEqual([
      [0, 10, "not_asked"],
      [10, 80, "empty"],
      [80, 100, "late_possible"],
      [100, 120, "not_scanned"],
    ]);
  });

  test("a file that ends with a minute does not reach into the next", () => {
    expect(states({ stretches: [file(30, 40, "done")] }, 20, 50)).toEqual([
      [20, 30, "empty"],
      [30, 40, "collected"],
      [40, 50, "empty"],
    ]);
  });

  test("a minute of which only a part is pending is pending", () => {
    const pending: LedgerStretch = { fromUs: at(30) + 59_999_999, toUs: at(32) + 1, kind: "pending" };
    expect(states({ stretches: [pending] }, 29, 34)).toEqual([
      [29, 30, "empty"],
      [30, 33, "pending"],
      [33, 34, "empty"],
    ]);
  });

  test("the worst of overlapping files counts", () => {
    const stretches = [
      file(20, 60, "done"),
      file(30, 50, "pending"),
      file(35, 45, "quarantined"),
      file(38, 40, "expired"),
    ];
    expect(states({ stretches }, 20, 60)).toEqual([
      [20, 30, "collected"],
      [30, 35, "pending"],
      [35, 38, "missing"],
      [38, 40, "lost"],
      [40, 45, "missing"],
      [45, 50, "pending"],
      [50, 60, "collected"],
    ]);
  });

  test("a file that keeps failing is missing, not merely pending", () => {
    expect(states({ stretches: [file(20, 30, "failing")] }, 20, 30)).toEqual([[20, 30, "missing"]]);
  });

  test("what is collected may still get late files until it is settled", () => {
    expect(states({ stretches: [file(70, 110, "done")] }, 70, 120)).toEqual([
      [70, 80, "collected"],
      [80, 110, "late_possible"],
      [110, 120, "not_scanned"],
    ]);
  });

  test("a gap is lost whatever else is there, a suspected one is missing", () => {
    const gaps: GapStretch[] = [
      { fromUs: at(30), toUs: at(40), reason: "stopped_too_long" },
      { fromUs: at(50), toUs: at(51), reason: "suspected" },
    ];
    expect(states({ gaps, stretches: [file(20, 60, "done")] }, 25, 55)).toEqual([
      [25, 30, "collected"],
      [30, 40, "lost"],
      [40, 50, "collected"],
      [50, 51, "missing"],
      [51, 55, "collected"],
    ]);
  });

  test("a gap without a beginning covers the span of a file", () => {
    const gaps: GapStretch[] = [{ fromUs: at(75), toUs: at(75), reason: "expired_upstream" }];
    expect(states({ gaps }, 0, 80)).toEqual([
      [0, 10, "not_asked"],
      [10, 15, "empty"],
      [15, 75, "lost"],
      [75, 80, "empty"],
    ]);
  });
});

test("a done file speaks for an hour at most, another for all the time since the file before", () => {
  const end = at(600);
  expect(fileStartUs(end, at(590), "done")).toBe(at(590));
  expect(fileStartUs(end, at(10), "done")).toBe(end - FILE_SPAN_US);
  expect(fileStartUs(end, at(10), "pending")).toBe(at(10));
  expect(fileStartUs(end, undefined, "expired")).toBe(end - FILE_SPAN_US);
});

// Written a second time, minute by minute and without a sweep.
function stateOfMinute({ facts, stretches, gaps }: CoverageSource, minute: number): CoverageState {
  const [from, to] = [minute * MINUTE_US, (minute + 1) * MINUTE_US];
  const touches = (one: { fromUs: number; toUs: number }) => one.fromUs < to && one.toUs > from;
  const file = (...kinds: string[]) =>
    stretches.some((one) => kinds.includes(one.kind) && one.fromUs < one.toUs && touches(one));
  const gap = (suspected: boolean) =>
    gaps.some(({ reason, fromUs, toUs }) => {
      const start = fromUs < toUs ? fromUs : Math.max(0, toUs - FILE_SPAN_US);
      return (reason === "suspected") === suspected && start < toUs && touches({ fromUs: start, toUs });
    });
  const settled = facts.scannedToUs !== undefined && to <= facts.scannedToUs - facts.allowanceUs;
  if (file("expired") || gap(false)) return "lost";
  if (file("failing", "quarantined") || gap(true)) return "missing";
  if (file("pending")) return "pending";
  if (file("done")) return settled ? "collected" : "late_possible";
  if (facts.askedFromUs !== undefined && from < facts.askedFromUs) return "not_asked";
  if (settled) return "empty";
  return facts.scannedToUs !== undefined && to <= facts.scannedToUs ? "late_possible" : "not_scanned";
}

const instant = fc.integer({ min: 0, max: 300 * MINUTE_US });
const interval = fc.tuple(instant, instant).map(([a, b]) => ({ fromUs: Math.min(a, b), toUs: Math.max(a, b) }));
const source: fc.Arbitrary<CoverageSource> = fc.record({
  facts: fc.record({
    askedFromUs: fc.option(instant, { nil: undefined }),
    scannedToUs: fc.option(instant, { nil: undefined }),
    allowanceUs: fc.integer({ min: 0, max: 60 * MINUTE_US }),
  }),
  stretches: fc.array(
    fc
      .tuple(interval, fc.constantFrom("done", "pending", "failing", "quarantined", "expired"))
      .map(([times, kind]) => ({ ...times, kind }) as LedgerStretch),
    { maxLength: 12 },
  ),
  gaps: fc.array(
    fc
      .tuple(interval, fc.constantFrom("expired_upstream", "stopped_too_long", "suspected"))
      .map(([times, reason]) => ({ ...times, reason }) as GapStretch),
    { maxLength: 4 },
  ),
});
const period = fc.tuple(fc.integer({ min: 0, max: 280 }), fc.integer({ min: 1, max: 120 }));

test("every minute of any period has exactly one state, the right one, and the runs are as long as the period", () => {
  fc.assert(
    fc.property(source, period, (given, [from, length]) => {
      const runs = coverageRuns(given, from, from + length);
      let minute = from;
      for (const run of runs) {
        expect(run.from).toBe(minute);
        expect(run.to).toBeGreaterThan(run.from);
        for (; minute < run.to; minute++) expect(run.state).toBe(stateOfMinute(given, minute));
      }
      expect(minute).toBe(from + length);
      expect(Object.values(minutesOf(runs)).reduce((sum, count) => sum + count, 0)).toBe(length);
    }),
  );
});

test("cells hold the same minutes as the runs, none twice", () => {
  fc.assert(
    fc.property(source, period, fc.integer({ min: 1, max: 90 }), (given, [from, length], step) => {
      const runs = coverageRuns(given, from, from + length);
      const cells = coverageBuckets(runs, step);
      expect(cells.map((cell) => cell.from)).toEqual(cells.map((_, index) => from + index * step));
      expect(cells).toHaveLength(Math.ceil(length / step));
      for (const state of coverageStates)
        expect(cells.reduce((sum, cell) => sum + cell.minutes[state], 0)).toBe(minutesOf(runs)[state]);
      for (const cell of cells) {
        expect(cell.minutes[cell.worst]).toBeGreaterThan(0);
        expect(cell.worst).toBe(worstOf(cell.minutes));
      }
    }),
  );
});

test("only collected and empty minutes are complete", () => {
  for (const state of coverageStates) {
    const runs = [{ from: 0, to: 1, state }];
    expect(isComplete(minutesOf(runs)), state).toBe(state === "collected" || state === "empty");
  }
});
