import { expect, test } from "vitest";
import { collectorSearch, destinationSearch, draftSearch, overviewSearch } from "./search.ts";

test("unknown or malformed values are dropped from the address", () => {
  expect(overviewSearch({ q: "", status: "nonsense", vendor: "OpenAI", other: 1 })).toEqual({ vendor: "OpenAI" });
  expect(collectorSearch({ range: "1y", by: "event", from: "2026-07-15T00:00:00Z" })).toEqual({ by: "event" });
});

test("a period needs both its ends", () => {
  const period = { from: "2026-07-15T00:00:00Z", to: "2026-07-16T00:00:00Z" };

  expect(collectorSearch(period)).toEqual(period);
});

test("an id that reads as a number stays a text", () => {
  expect(draftSearch({ draft: 12 })).toEqual({ draft: "12" });
});

test("a destination's page keeps its tab and period, and only those that there are", () => {
  expect(destinationSearch({ tab: "receipts", hours: 72, state: "all" })).toEqual({
    tab: "receipts",
    hours: 72,
    state: "all",
  });
  expect(destinationSearch({ tab: "settings", hours: "13", state: "x" })).toEqual({});
});
