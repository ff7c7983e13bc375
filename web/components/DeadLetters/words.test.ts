import { expect, test } from "vitest";
import { exportName, isOpen, reasonText } from "./words.ts";

test("the name of a file holds nothing that a system stumbles over", () => {
  expect(exportName("SOC / prod: ../x")).toBe("dead-letters-soc-prod-x.json");
  expect(exportName("会話")).toBe("dead-letters-destination.json");
});

test("a reason that nobody gave words to is not made up", () => {
  expect(reasonText("too_large")).toContain("too large");
  expect(reasonText("toString")).toBeUndefined();
});

test("what is delivered or given up is done with", () => {
  const states = ["dead", "again", "delivered", "discarded"] as const;

  expect(states.filter((state) => isOpen({ state }))).toEqual(["dead", "again"]);
});
