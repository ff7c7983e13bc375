import { expect, test } from "vitest";
import type { Replay } from "../../api-types.ts";
import { progressOf, rangeProblem, replayOf } from "./range.ts";

const form = { collectorIds: ["a", "b"], dataSource: null, from: "", to: "" };

test("what is left open is not named, so that everything is meant", () => {
  expect(replayOf(form, 2)).toEqual({});
});

test("times are read as UTC, with or without seconds", () => {
  const asked = { collectorIds: ["a"], dataSource: "audit-log", from: "2026-07-15T14:00", to: "2026-07-15T14:00:30" };

  expect(replayOf(asked, 2)).toEqual({
    collectorIds: ["a"],
    dataSource: "audit-log",
    from: "2026-07-15T14:00:00Z",
    to: "2026-07-15T14:00:30Z",
  });
});

test("an end before its beginning and a choice of nobody are refused", () => {
  expect(rangeProblem({ ...form, collectorIds: [] })).toContain("collector");
  expect(rangeProblem({ ...form, from: "2026-07-15T14:00", to: "2026-07-15T14:00" })).toContain("end");
  expect(rangeProblem({ ...form, from: "2026-07-15T14:00" })).toBeUndefined();
});

test("progress counts what is settled and never passes the whole", () => {
  const replay = { state: "running", events: 10, delivered: 3, filtered: 1, dead: 1 } as Replay;

  expect(progressOf(replay)).toBe(0.5);
  expect(progressOf({ ...replay, delivered: 30 })).toBe(1);
  expect(progressOf({ ...replay, events: 0, delivered: 0, filtered: 0, dead: 0 })).toBe(0);
  expect(progressOf({ ...replay, state: "done", delivered: 0 })).toBe(1);
});
