import { expect, test } from "vitest";
import type { Guide, GuideStep } from "../api-types.ts";
import { changedValues, mailtoUrl, stepState, stepsFor } from "./guide.ts";

const aStep = (step: Partial<GuideStep>): GuideStep => ({
  id: "key",
  title: "",
  instructions: [],
  fields: [],
  notes: [],
  kind: "form",
  ...step,
});
const empty = { values: {}, secrets: [] };

test("a step of another way is left out", () => {
  const guide: Guide = {
    title: "",
    audience: "",
    steps: [aStep({ id: "way" }), aStep({ id: "mail", onlyIf: { field: "way", value: "platform" } })],
  };

  expect(stepsFor(guide, {}).map(({ id }) => id)).toEqual(["way"]);
  expect(stepsFor(guide, { way: "platform" }).map(({ id }) => id)).toEqual(["way", "mail"]);
});

test("a form is done once every field is filled, its secret included", () => {
  const step = aStep({
    fields: [
      { name: "key_name", label: "", kind: "text" },
      { name: "secret_key", label: "", kind: "secret" },
    ],
  });
  const secrets = [{ name: "secret_key", last4: "abcd", setAt: "" }];

  expect(stepState(step, { values: { key_name: "k" }, secrets: [] }, [])).toBe("open");
  expect(stepState(step, { values: { key_name: "k" }, secrets }, [])).toBe("done");
});

test("a finding that blocks wins over everything", () => {
  expect(stepState(aStep({}), empty, [{ step: "key", tone: "error", text: "", blocks: true }])).toBe("blocked");
});

test("a message is done when it was sent, the wait when access was granted", () => {
  expect(stepState(aStep({ kind: "mail" }), empty, [])).toBe("open");
  expect(stepState(aStep({ kind: "mail" }), { values: { asked_on: "2026-07-15" }, secrets: [] }, [])).toBe("done");
  expect(stepState(aStep({ kind: "wait" }), { values: { granted_on: "2026-07-20" }, secrets: [] }, [])).toBe("done");
});

test("a value that the form has kept changes with the wizard's", () => {
  const field = { name: "workspace", label: "", kind: "text", fills: "workspace_id" } as const;

  expect(changedValues(field, "new", {})).toEqual({ workspace: "new" });
  expect(changedValues(field, "new", { settings: { workspace_id: "old", other: 1 } })).toEqual({
    workspace: "new",
    settings: { workspace_id: "new", other: 1 },
  });
});

test("the mail link carries subject and body, and no second header", () => {
  const url = mailtoUrl({ to: "support@openai.com", subject: "A & B", body: "one\ntwo?cc=x@y.example" });

  expect(url).toBe("mailto:support@openai.com?subject=A%20%26%20B&body=one%0D%0Atwo%3Fcc%3Dx%40y.example");
});
