import { expect, test } from "vitest";
import { acceptedAlias, matchingZones, offsetOf } from "./zones.ts";

const zones = ["America/New_York", "Asia/Kolkata", "Europe/Berlin", "UTC"];
const winter = Date.parse("2026-01-15T12:00:00Z");

test("UTC stands first while nothing is searched", () => {
  expect(matchingZones(zones, "")[0]).toBe("UTC");
});

test("a city is found by its words, with or without the underscore", () => {
  expect(matchingZones(zones, "new york")).toEqual(["America/New_York"]);
  expect(matchingZones(zones, "New_York")).toEqual(["America/New_York"]);
});

test("a zone is found by its offset", () => {
  expect(matchingZones(zones, "+05:30", winter)).toEqual(["Asia/Kolkata"]);
  expect(matchingZones(zones, "utc+01", winter)).toEqual(["Europe/Berlin"]);
});

test("an alias that the system knows is accepted, a known or unknown name is not one", () => {
  expect(acceptedAlias(zones, "Asia/Calcutta")).toBe("Asia/Calcutta");
  expect(acceptedAlias(zones, "Europe/Berlin")).toBeUndefined();
  expect(acceptedAlias(zones, "Mars/Olympus")).toBeUndefined();
  expect(acceptedAlias(zones, "<b>")).toBeUndefined();
});

test("the offset of an unknown zone is empty", () => {
  expect([offsetOf("UTC", winter), offsetOf("Europe/Berlin", winter), offsetOf("Nowhere", winter)]).toEqual([
    "UTC+00:00",
    "UTC+01:00",
    "",
  ]);
});
