import { expect, test } from "vitest";
import { collectorSearch, draftSearch, overviewSearch } from "./search.ts";

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
