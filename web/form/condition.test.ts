import { expect, test } from "vitest";
import type { FieldRule } from "../api-types.ts";
import { conditionOf, conditionProblem, conditionText, emptyCondition, formOfCondition, isPath } from "./condition.ts";

const rules: readonly FieldRule[] = [
  { field: "message.author.type", equals: ["user", "tool"] },
  { field: "action", contains: "delete" },
  { field: "gizmo_id", exists: true },
  { field: "gizmo_id", exists: false },
];

test("every kind of condition comes back as it was", () => {
  expect(rules.map((rule) => conditionOf(formOfCondition(rule)))).toEqual(rules);
});

test("a condition is told in words", () => {
  expect(rules.map(conditionText)).toEqual([
    "message.author.type is one of user, tool",
    "action contains delete",
    "gizmo_id is there",
    "gizmo_id is not there",
  ]);
});

test("a field and what it is compared with are needed", () => {
  expect(conditionProblem(emptyCondition)).toContain("Name a field");
  expect(conditionProblem({ ...emptyCondition, field: "a" })).toContain("at least one value");
  expect(conditionProblem({ ...emptyCondition, field: "a", operator: "contains" })).toContain("text");
  expect(conditionProblem({ ...emptyCondition, field: "a", operator: "missing" })).toBeUndefined();
});

test("paths have names between full stops and no space", () => {
  expect(["actor.*", "a", "a.0.b"].every(isPath)).toBe(true);
  expect(["", "a..b", ".a", "a b", "a.".repeat(17)].some(isPath)).toBe(false);
});
