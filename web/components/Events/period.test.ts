import fc from "fast-check";
import { expect, test } from "vitest";
import { apiFilters, chosen, eventsSearch, withChosen, withPeriod } from "./address.ts";
import { boundsOf, fieldInstant, fieldValue, periodName, ranges, widened, zoomed } from "./period.ts";

const now = Date.parse("2026-07-15T15:29:05.500Z");

test("a named period begins that long before now and has no end", () => {
  expect(boundsOf({ range: "15m" }, now)).toEqual({ from: "2026-07-15T15:14:05.500Z" });
  expect(boundsOf({ range: "30d" }, now)).toEqual({ from: "2026-06-15T15:29:05.500Z" });
  expect(boundsOf({ range: "all" }, now)).toEqual({});
});

test("no period and an unknown one are the last 24 hours", () => {
  expect(boundsOf({}, now)).toEqual({ from: "2026-07-14T15:29:05.500Z" });
  expect(boundsOf({ range: "soon" }, now)).toEqual(boundsOf({ range: "24h" }, now));
  expect(periodName({}, now, "UTC")).toBe("Last 24 hours");
});

test("a brushed stretch becomes whole steps, from whichever side it is drawn", () => {
  const step = 60_000;
  const from = Date.parse("2026-07-15T10:00:20Z");
  const to = Date.parse("2026-07-15T10:04:40Z");

  expect(zoomed(from, to, step)).toEqual({ from: "2026-07-15T10:00:00.000Z", to: "2026-07-15T10:05:00.000Z" });
  expect(zoomed(to, from, step)).toEqual(zoomed(from, to, step));
  expect(zoomed(step * 5, step * 5, step)).toEqual({
    from: "1970-01-01T00:05:00.000Z",
    to: "1970-01-01T00:06:00.000Z",
  });
});

test("a zoomed period always holds what was brushed", () => {
  const at = fc.integer({ min: 0, max: 4e12 });
  fc.assert(
    fc.property(at, at, fc.integer({ min: 1_000, max: 86_400_000 }), (a, b, step) => {
      const { from, to } = zoomed(a, b, step);
      expect(Date.parse(from!)).toBeLessThanOrEqual(Math.min(a, b));
      expect(Date.parse(to!)).toBeGreaterThanOrEqual(Math.max(a, b));
      expect(Date.parse(to!)).toBeGreaterThan(Date.parse(from!));
    }),
  );
});

test("widening triples the period, ends at now at the latest, and comes to all time", () => {
  const hour = 3_600_000;

  expect(widened(now - 10 * hour, now - 8 * hour, now)).toEqual({
    from: new Date(now - 12 * hour).toISOString(),
    to: new Date(now - 6 * hour).toISOString(),
  });
  expect(widened(now - hour, now, now)).toEqual({
    from: new Date(now - 3 * hour).toISOString(),
    to: new Date(now).toISOString(),
  });
  expect(widened(now - 200 * 24 * hour, now, now)).toEqual({ range: "all" });
});

test("a field of date and time keeps the instant, to the minute, in either zone", () => {
  for (const zone of ["UTC", "local"] as const) {
    expect(fieldInstant(fieldValue(now, zone), zone)).toBe(Math.floor(now / 60_000) * 60_000);
  }
  expect(fieldInstant("", "UTC")).toBeUndefined();
  expect(fieldInstant("2026-13-45T00:00", "UTC")).toBeUndefined();
});

test("the address drops what makes no sense and keeps the rest", () => {
  expect(eventsSearch({ q: " ", range: "2y", from: "yesterday", view: "raw", type: "AUTH_LOG" })).toEqual({
    type: "AUTH_LOG",
  });
  expect(eventsSearch({ from: "2026-07-02T00:00:00Z", to: "2026-07-01T00:00:00Z", range: "7d" })).toEqual({
    range: "7d",
  });
  expect(eventsSearch({ q: 42 })).toEqual({ q: "42" });
  for (const { value } of ranges) expect(eventsSearch({ range: value })).toEqual({ range: value });
});

test("filters and period are changed without touching the others", () => {
  const search = eventsSearch({ q: "x", type: "A,B", range: "7d", collector: "col_1" });

  expect(chosen(search, "type")).toEqual(["A", "B"]);
  expect(withChosen(search, "type", [])).toEqual({ q: "x", range: "7d", collector: "col_1" });
  expect(withPeriod(search, { from: "f", to: "t" })).toEqual({
    q: "x",
    type: "A,B",
    collector: "col_1",
    from: "f",
    to: "t",
  });
});

test("the API is asked with one parameter for each collector, data source, type and site", () => {
  const search = eventsSearch({ q: "日本 OR x", collector: "col_1,col_2", type: "A", site: "site_1" });

  expect([...apiFilters(search, boundsOf({ range: "all" }, now))]).toEqual([
    ["collector", "col_1"],
    ["collector", "col_2"],
    ["type", "A"],
    ["site", "site_1"],
    ["q", "日本 OR x"],
  ]);
  expect(`${apiFilters({ type: "A", site: "s" }, {}, "type")}`).toBe("site=s");
});
