import { expect, test } from "vitest";
import type { DataSourceStatus } from "../api-types.ts";
import { countdown, headline, sourceShare } from "./headline.ts";

const now = Date.parse("2026-07-15T16:00:00Z");
const counts = { events: 1, bytes: 1, duplicates: 0, conflicts: 0, quarantined: 0, filesDone: 0, filesPending: 0 };

test("the headline says what happens, up to when it is complete and how far behind", () => {
  const said = headline({ health: "running", completeThrough: "2026-07-15T14:20:00Z", lagSeconds: 720 }, now, "UTC");

  expect(said).toBe("Collecting. Complete through 14:20 UTC, 12 min behind upstream.");
});

test("without a claim the headline makes none", () => {
  expect(headline({ health: "starting" }, now, "UTC")).toBe("Starting. Nothing is complete yet.");
});

test("a data source's share follows its files, then its claim", () => {
  const aSource = (part: object) => sourceShare({ counts, ...part } as DataSourceStatus);

  expect(aSource({ counts: { ...counts, filesDone: 3, filesPending: 1 } })).toBe(0.75);
  expect(aSource({})).toBe(0);
  expect(aSource({ completeThrough: "2026-07-15T14:20:00Z" })).toBe(1);
});

test("a loss that is near is counted down", () => {
  expect([3 * 86_400, 3_600, 0].map(countdown)).toEqual(["Loss in 3 d", "Loss in 60 min", "Being lost now"]);
});
