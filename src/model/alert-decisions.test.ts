import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aReport } from "../testing/a-report.ts";
import { type AlertSource, completeSettings, decide, isQuiet, nextAttemptMs, problemsOf } from "./alert-decisions.ts";
import { type AlertProblem, type AlertSettings, defaultAlertSettings, type KnownProblem } from "./alerts.ts";
import type { HealthReport } from "./health.ts";

const source = (report: Partial<HealthReport>, dataSource = "conversations", collectorId = "col_1"): AlertSource => ({
  collectorId,
  collector: `name of ${collectorId}`,
  dataSource,
  report: aReport(report),
});
const failed = { health: "failed", cause: "key_refused", summary: "Upstream refuses the key" } as const;
const stalled = { health: "stalled_upstream", cause: "stalled_upstream" } as const;
const start = Date.parse("2026-07-15T12:00:00Z");
const minutes = (amount: number) => new Date(start + amount * 60_000);

/** Rounds in a row, with what each has told. */
function alarm(change: Partial<AlertSettings> = {}, hears: readonly string[] = ["warning", "critical"]) {
  const settings = completeSettings(change, defaultAlertSettings);
  let known: readonly KnownProblem[] = [];
  return (atMinute: number, problems: readonly AlertProblem[]) => {
    // What was kept comes back from a database.
    const decision = decide(problems, JSON.parse(JSON.stringify(known)), settings, {
      now: minutes(atMinute),
      heard: (severity) => hears.includes(severity),
    });
    known = decision.known;
    return decision.notices.map(({ kind, severity, problem }) => `${kind} ${severity} ${problem.key}`);
  };
}

describe("problems", () => {
  test("a refused key is one problem of the collector, however many data sources have it", () => {
    const problems = problemsOf([source(failed), source(failed, "audit-log"), source(failed, "audit-log", "col_2")]);

    expect(problems.map(({ key, dataSources }) => [key, dataSources])).toEqual([
      ["failed/col_1", ["conversations", "audit-log"]],
      ["failed/col_2", ["audit-log"]],
    ]);
  });

  test("a full disk is one problem of the whole", () => {
    const full = { health: "degraded", cause: "disk_full" } as const;

    expect(problemsOf([source(full), source(full, "audit-log", "col_2")])).toMatchObject([
      { key: "disk", dataSources: [] },
    ]);
  });

  test.each(["collecting", "quiet", "paused", "starting", "nothing_yet"] as const)("%s is none", (cause) => {
    expect(problemsOf([source({ health: "idle", cause })])).toEqual([]);
  });

  test("short headroom is a problem of its own, beside the state and also while paused", () => {
    const headroom = { seconds: 86_400, until: "2026-07-16T12:00:00Z", level: "critical" } as const;

    expect(problemsOf([source({ ...failed, headroom })]).map(({ rule }) => rule)).toEqual(["failed", "headroom"]);
    expect(problemsOf([source({ health: "paused", cause: "paused", headroom })])).toMatchObject([
      { rule: "headroom", severity: "critical", reason: expect.stringContaining("24 h") },
    ]);
  });

  test("what upstream answered is in no problem", () => {
    const quoting = { ...failed, reason: "api.example answered 401: someone@example.org" };

    expect(JSON.stringify(problemsOf([source(quoting)]))).not.toContain("someone@example.org");
  });
});

describe("what is told", () => {
  const one = problemsOf([source(failed)]);

  test("one alert until the problem changes, then one when it is over", () => {
    const round = alarm();

    expect(round(0, one)).toEqual(["problem critical failed/col_1"]);
    expect(round(1, one)).toEqual([]);
    expect(round(2, problemsOf([source({ health: "failed", cause: "configuration" })]))).toEqual([
      "changed critical failed/col_1",
    ]);
    expect(round(2.5, [])).toEqual([]);
    expect(round(4, [])).toEqual(["resolved critical failed/col_1"]);
    expect(round(5, [])).toEqual([]);
  });

  test("what comes back within a minute was never gone", () => {
    const round = alarm();
    round(0, one);

    expect(round(0.5, [])).toEqual([]);
    expect(round(1, one)).toEqual([]);
  });

  test("a further gap is told again, more of the same backlog is not", () => {
    const round = alarm();
    const gaps = (amount: number) =>
      problemsOf([source({ health: "degraded", cause: "gap", summary: `${amount} gaps` })]);

    expect(round(0, gaps(1))).toHaveLength(1);
    expect(round(1, gaps(2))).toEqual(["changed critical gap/col_1/conversations"]);
    expect(round(2, gaps(2))).toEqual([]);
  });

  test("a rule's time must have passed, and a problem that ends before it is never told", () => {
    const round = alarm();
    const behind = problemsOf([source({ health: "catching_up", cause: "catching_up" })]);

    expect(round(0, behind)).toEqual([]);
    expect(round(359, behind)).toEqual([]);
    expect(round(360, behind)).toEqual(["problem warning behind/col_1/conversations"]);

    const other = alarm();
    other(0, behind);
    expect(other(10, [])).toEqual([]);
  });

  test("a problem that stays is told again after the reminder's time", () => {
    const round = alarm({ reminderMs: 60 * 60_000 });
    round(0, one);

    expect(round(59, one)).toEqual([]);
    expect(round(60, one)).toEqual(["reminder critical failed/col_1"]);
    expect(round(61, one)).toEqual([]);
    expect(alarm({ reminderMs: 0 })(0, one)).toHaveLength(1);
  });

  test("in quiet hours only what is critical is told; the rest follows in the morning, if it still is", () => {
    const quietHours = { timezone: "Europe/Berlin", from: "13:00", to: "15:00" };
    const round = alarm({ quietHours });
    const both = problemsOf([source(failed), source(stalled, "audit-log", "col_2")]);

    // 12:00 UTC is 14:00 in Berlin.
    expect(round(0, both)).toEqual(["problem critical failed/col_1"]);
    expect(round(60, both)).toEqual(["problem warning stalled_upstream/col_2"]);

    const passing = alarm({ quietHours });
    passing(0, both);
    expect(passing(60, one)).toEqual([]);
  });

  test("that a warning is over waits for the end of the quiet hours", () => {
    const round = alarm({ quietHours: { timezone: "UTC", from: "13:00", to: "15:00" } });
    round(0, problemsOf([source(stalled)]));

    expect(round(70, [])).toEqual([]);
    expect(round(180, [])).toEqual(["resolved warning stalled_upstream/col_1"]);
  });

  test("a rule that is switched off tells nothing", () => {
    const rules = { ...defaultAlertSettings.rules, failed: { enabled: false, afterMs: 0 } };

    expect(alarm({ rules })(0, one)).toEqual([]);
  });

  test("what nobody hears counts as not told, so that a channel set up later hears of it", () => {
    const hears: string[] = [];
    const round = alarm({}, hears);

    expect(round(0, one)).toEqual([]);
    hears.push("warning", "critical");
    expect(round(1, one)).toEqual(["problem critical failed/col_1"]);
  });

  test("whatever comes and goes, each problem is told and resolved in turns", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (present) => {
        const round = alarm({ reminderMs: 0 });
        const told = present.flatMap((here, minute) =>
          round(minute, here ? one : []).map((text) => text.split(" ")[0]),
        );
        return told.every((kind, place) => kind === (place % 2 === 0 ? "problem" : "resolved"));
      }),
    );
  });
});

test.each([
  ["2026-07-15T21:30:00Z", true],
  ["2026-07-15T05:59:00Z", true],
  ["2026-07-15T06:00:00Z", false],
  ["2026-07-15T12:00:00Z", false],
])("quiet hours go past midnight: %s", (at, expected) => {
  expect(isQuiet({ timezone: "UTC", from: "21:00", to: "06:00" }, new Date(at))).toBe(expected);
});

test("attempts are spread over a day and then given up", () => {
  expect([1, 2, 3, 20].map((attempts) => nextAttemptMs(attempts, 0))).toEqual([5_000, 10_000, 20_000, 3_600_000]);
  expect(nextAttemptMs(30, 24 * 3_600_000)).toBeUndefined();
});
