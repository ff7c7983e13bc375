import { expect, test } from "vitest";
import { dueScan, windowMs } from "./schedule.ts";

const now = new Date("2026-07-15T12:00:00Z");
const HOUR_MS = 3_600_000;

test.each([
  [{}, "deep"],
  [{ deep: "2026-07-14T11:59:00Z" }, "deep"],
  [{ deep: "2026-07-15T10:00:00Z" }, "overlap"],
  [{ deep: "2026-07-15T10:00:00Z", overlap: "2026-07-15T11:30:00Z" }, "poll"],
  [{ deep: "2026-07-15T11:30:00Z" }, "poll"],
  // The clock was set back a day: what the future promised is done again now.
  [{ deep: "2026-07-16T11:00:00Z", overlap: "2026-07-16T11:00:00Z" }, "deep"],
] as const)("after %j the next scan is %s", (scans, kind) => {
  expect(dueScan({ scans }, now)).toBe(kind);
});

test("each kind looks further back, and none beyond what the collector's overlap asks for", () => {
  expect(windowMs("poll", 24 * HOUR_MS)).toBe(2 * HOUR_MS);
  expect(windowMs("overlap", 24 * HOUR_MS)).toBe(24 * HOUR_MS);
  expect(windowMs("deep", 24 * HOUR_MS)).toBe(29 * 24 * HOUR_MS);
  expect(windowMs("poll", HOUR_MS)).toBe(HOUR_MS);
});
