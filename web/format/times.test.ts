import { expect, test } from "vitest";
import { absolute, duration, relative, shortTime, stepTime } from "./times.ts";

const now = Date.parse("2026-07-15T16:00:00Z");

test("an instant is written with date, seconds and zone", () => {
  expect(absolute("2026-07-15T15:29:05.746Z")).toBe("2026-07-15 15:29:05 UTC");
});

test("midnight is 00, not 24", () => {
  expect(absolute("2026-07-15T00:00:00Z")).toBe("2026-07-15 00:00:00 UTC");
});

test("an instant of today is a clock time, another day's carries its date", () => {
  expect(shortTime("2026-07-15T14:20:00Z", now)).toBe("14:20 UTC");
  expect(shortTime("2026-10-12T14:20:00Z", now)).toBe("12 Oct 14:20 UTC");
});

test.each([
  [2, "just now"],
  [40, "40 s ago"],
  [720, "12 min ago"],
  [3 * 3_600, "3 h ago"],
  [2 * 86_400, "2 d ago"],
  [-300, "in 5 min"],
])("%d seconds back is %s", (seconds, text) => {
  expect(relative(now - seconds * 1_000, now)).toBe(text);
});

test("durations keep one unit and round down", () => {
  expect([duration(89), duration(90), duration(5_399), duration(5_400), duration(172_799), duration(172_800)]).toEqual([
    "89 s",
    "1 min",
    "89 min",
    "1 h",
    "47 h",
    "2 d",
  ]);
});

test("steps of a test tell milliseconds below a second", () => {
  expect([stepTime(12.4), stepTime(1_240)]).toEqual(["12 ms", "1.2 s"]);
});
