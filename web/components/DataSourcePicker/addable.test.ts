import { expect, test } from "vitest";
import { addable } from "./addable.ts";

const known = [{ name: "audit-log", title: "Audit log", description: "", upstreamType: "AUDIT_LOG" }];

test("a type that is not known is added by its own name", () => {
  expect(addable(" NEW_TYPE ", known, [])).toEqual({ name: "NEW_TYPE" });
});

test("a known type is added as its data source, so that one feed has one name", () => {
  expect(addable("AUDIT_LOG", known, [])).toEqual({ name: "audit-log" });
});

test("what is chosen already and what cannot be a type is refused with a sentence", () => {
  expect(addable("AUDIT_LOG", known, ["audit-log"]).problem).toBe("Audit log is chosen already");
  expect(addable("a b", known, []).problem).toBeDefined();
});
