import { expect, test } from "vitest";
import { matching } from "./matching.ts";

const commands = [
  { label: "Show times in UTC", hint: "Time zone" },
  { label: "Events", hint: "g e" },
  { label: "Time table", hint: "" },
];

test("every word counts, in label or hint; what begins with the first comes first", () => {
  expect(matching(commands, "time").map(({ label }) => label)).toEqual(["Time table", "Show times in UTC"]);
  expect(matching(commands, "zone utc").map(({ label }) => label)).toEqual(["Show times in UTC"]);
  expect(matching(commands, "")).toEqual(commands);
});
