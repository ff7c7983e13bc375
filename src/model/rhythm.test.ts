import fc from "fast-check";
import { expect, test } from "vitest";
import { learnRhythm, noticedQuiet, steadyUntilNow, usualIn, usualWeek } from "./rhythm.ts";
import type { VolumeBucket } from "./store.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Monday, 00:00 UTC. */
const start = Date.parse("2026-03-02T00:00:00Z");
const weeks = 8;

/** Office hours, five days a week; what falls out is left out, as the store does. */
function office(spread: (hour: number) => number = () => 1): VolumeBucket[] {
  return Array.from({ length: weeks * 168 }, (_, index) => {
    const at = start + index * HOUR;
    const day = Math.floor(index / 24) % 7;
    const hour = index % 24;
    const worked = day < 5 && hour >= 8 && hour < 18 ? 60 : 0;
    return { at, events: Math.round(worked * spread(index)), bytes: 0 };
  }).filter(({ events }) => events > 0);
}

/** What is noticed at each hour of [from, to), as the store would have stood then: nothing after `silentFrom`. */
function noticesOf(buckets: readonly VolumeBucket[], from: number, to: number, silentFrom = Infinity) {
  const found: number[] = [];
  for (let now = from; now < to; now += HOUR) {
    const seen = buckets.filter(({ at }) => at < Math.min(now - HOUR, silentFrom));
    const rhythm = learnRhythm(seen);
    const newest = seen.at(-1)!.at + HOUR - 1;
    if (rhythm && noticedQuiet(rhythm, newest, now)) found.push(now);
  }
  return found;
}

const lastMonday = start + (weeks - 1) * 7 * DAY;

test("a quiet weekend is not noticed, nor any night", () => {
  expect(noticesOf(office(), lastMonday, lastMonday + 7 * DAY)).toEqual([]);
});

test("no week of usual unevenness is noticed in any hour", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 97, maxLength: 97 }), (factors) => {
      const buckets = office((index) => factors[index % factors.length]!);
      return noticesOf(buckets, lastMonday + 4 * DAY, lastMonday + 6 * DAY).length === 0;
    }),
    { numRuns: 10 },
  );
});

test("a quiet Tuesday noon is noticed within four hours, and for as long as it lasts", () => {
  const noon = lastMonday + DAY + 12 * HOUR;

  const noticed = noticesOf(office(), noon - 4 * HOUR, noon + 3 * DAY, noon);

  expect(noticed[0]).toBeLessThanOrEqual(noon + 4 * HOUR);
  expect(noticed[0]).toBeGreaterThan(noon);
  expect(noticed.at(-1)).toBe(noon + 3 * DAY - HOUR);
});

test("a silence does not become usual by lasting", () => {
  const noon = lastMonday + DAY + 12 * HOUR;
  const rhythm = learnRhythm(office().filter(({ at }) => at < noon))!;

  expect(noticedQuiet(rhythm, noon - 1, noon + 30 * DAY)).toBeDefined();
});

test("a trickle is noticed as silence is", () => {
  const noon = lastMonday + DAY + 12 * HOUR;
  const buckets = office().map((bucket) => (bucket.at >= noon ? { ...bucket, events: 1 } : bucket));

  expect(noticesOf(buckets, noon + 7 * HOUR, noon + 8 * HOUR)).toHaveLength(1);
});

test("clocks that are changed by an hour raise nothing", () => {
  const moved = office().map((bucket) => ({ ...bucket, at: bucket.at >= lastMonday ? bucket.at + HOUR : bucket.at }));

  expect(noticesOf(moved, lastMonday, lastMonday + 6 * DAY)).toEqual([]);
});

test("one holiday among six weeks neither raises nor hides anything", () => {
  const holiday = lastMonday - 13 * DAY;
  const noon = lastMonday + DAY + 12 * HOUR;
  const buckets = office().filter(({ at }) => at < holiday || at >= holiday + DAY);

  expect(noticesOf(buckets, noon + 4 * HOUR, noon + 5 * HOUR, noon)).toHaveLength(1);
  expect(noticesOf(buckets, lastMonday + 5 * DAY, lastMonday + 7 * DAY)).toEqual([]);
});

test("less than two weeks teach nothing", () => {
  const rhythm = learnRhythm(office().filter(({ at }) => at < start + 9 * DAY))!;

  expect(usualIn(rhythm, start + 9 * DAY + 9 * HOUR, start + 9 * DAY + 12 * HOUR)).toBeUndefined();
  expect(usualWeek(rhythm, start + 9 * DAY)).toBeUndefined();
  expect(learnRhythm([])).toBeUndefined();
});

test("the usual week has an amount for each of its hours, from Monday on", () => {
  const week = usualWeek(learnRhythm(office())!, lastMonday + 3 * DAY)!;

  expect(week).toHaveLength(168);
  expect(week[24 + 12]).toBe(60);
  expect(week[5 * 24 + 12]).toBe(0);
});

test("a data source that is never silent has stalled after an hour and a half, and not before", () => {
  const end = start + 50 * HOUR + HOUR / 2;
  const steady = Array.from({ length: 51 }, (_, hour) => ({ at: start + hour * HOUR, events: 3, bytes: 0 }));

  expect(steadyUntilNow(learnRhythm(steady)!, end, end + 89 * 60_000)).toBe(false);
  expect(steadyUntilNow(learnRhythm(steady)!, end, end + 90 * 60_000)).toBe(true);
});

test("one that is silent at night, or thin, never counts as steady", () => {
  const thin = Array.from({ length: 100 }, (_, hour) => ({ at: start + hour * HOUR, events: 2, bytes: 0 }));
  const friday = lastMonday + 4 * DAY + 18 * HOUR - 1;

  expect(steadyUntilNow(learnRhythm(thin)!, start + 100 * HOUR, start + 110 * HOUR)).toBe(false);
  expect(steadyUntilNow(learnRhythm(office())!, friday, friday + 10 * HOUR)).toBe(false);
});
