import fc from "fast-check";
import { expect, test } from "vitest";
import { earlierOf, instantUs, isoFromUs, isTimezone, shiftTime, withZone } from "./time.ts";

test.each([
  ["2026-07-15T15:29:05Z", 1784129345000000],
  ["2026-07-15T15:29:05.746Z", 1784129345746000],
  ["2026-07-15T15:29:05.746561Z", 1784129345746561],
  ["2026-07-15T15:29:05.746561999Z", 1784129345746561],
  ["2026-07-15T17:29:05+02:00", 1784129345000000],
  ["2026-07-15T15:29:05", 1784129345000000],
])("%s is read to the microsecond", (text, us) => {
  expect(instantUs(text)).toBe(us);
});

test.each(["", "yesterday", "2026-02-30T00:00:00Z", "2026-07-15", "2026-07-15T25:00:00Z", "9999-01-01T00:00:00Z"])(
  "%j is not a time",
  (text) => {
    expect(instantUs(text)).toBeUndefined();
  },
);

test("the quick reading of the usual form says what the careful one says", () => {
  const two = fc.integer({ min: 0, max: 99 }).map((value) => String(value).padStart(2, "0"));
  const year = fc.integer({ min: 1965, max: 2205 }).map(String);
  const micros = fc.integer({ min: 0, max: 999_999 }).map((value) => String(value).padStart(6, "0"));
  fc.assert(
    fc.property(year, two, two, two, two, two, micros, (y, mo, d, h, mi, s, us) => {
      // A seventh digit takes it past the quick reading.
      const usual = `${y}-${mo}-${d}T${h}:${mi}:${s}.${us}`;
      expect(instantUs(`${usual}Z`)).toBe(instantUs(`${usual}0Z`));
    }),
    { numRuns: 5_000 },
  );
});

test("a printed instant reads back as itself", () => {
  for (const us of [0, 1, 1784129345000000, 1784129345746561]) expect(instantUs(isoFromUs(us))).toBe(us);
});

test("shifting keeps microseconds and stops at 1970", () => {
  expect(shiftTime("2026-07-15T15:29:05.746561Z", -1_000)).toBe("2026-07-15T15:29:04.746561Z");
  expect(shiftTime("1970-01-01T00:00:00Z", -1_000)).toBe("1970-01-01T00:00:00Z");
});

test("times are compared as instants, not as text", () => {
  expect(earlierOf("2026-07-15T15:29:05Z", "2026-07-15T15:29:05.5Z")).toBe("2026-07-15T15:29:05Z");
  expect(earlierOf(undefined, "2026-07-15T15:29:05Z")).toBe("2026-07-15T15:29:05Z");
});

test.each([
  ["2026-07-15T15:29:05", "Europe/Berlin", "2026-07-15T15:29:05+02:00", false],
  ["2026-01-15T15:29:05.5", "America/New_York", "2026-01-15T15:29:05.5-05:00", false],
  ["2026-01-15T15:29:05", "UTC", "2026-01-15T15:29:05Z", false],
  ["2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T02:30:00+02:00", true],
  ["2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T02:30:00+01:00", false],
  ["2026-01-15T15:29:05", "Asia/Kathmandu", "2026-01-15T15:29:05+05:45", false],
])("%s in %s becomes %s", (text, zone, time, ambiguous) => {
  expect(withZone(text, zone)).toEqual({ time, ambiguous });
});

test("UTC and aliases are zones, inventions are not", () => {
  expect(["UTC", "Etc/UTC", "Europe/Berlin"].every(isTimezone)).toBe(true);
  expect(isTimezone("Mars/Olympus")).toBe(false);
});
