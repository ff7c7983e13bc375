import fc from "fast-check";
import { expect, test } from "vitest";
import { guide } from "./guide.ts";

const WORKSPACE = "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa";
const platform = {
  way: "platform",
  chatgpt_organization_id: "org-abc123",
  platform_organization_id: "org-abc123",
  workspace_id: WORKSPACE,
  key_name: "cistern",
  created_by: "Ada Example",
  secret_key_last4: "Ab12",
  key_permissions: "read-only",
  requested_scope: "read",
};

const findings = (values: Readonly<Record<string, string>>) => guide.evaluate(values).findings;
const blocking = (values: Readonly<Record<string, string>>) =>
  findings(values)
    .filter(({ blocks }) => blocks)
    .map(({ step, field }) => `${step}.${field}`);

/** The steps that a person sees who takes this way. */
const stepsOf = (way: string) =>
  guide.steps.filter(({ onlyIf }) => onlyIf === undefined || onlyIf.value === way).map(({ id }) => id);

test("the older way has the vendor's five steps, the newer one needs no message", () => {
  expect(stepsOf("platform")).toEqual(["way", "workspace", "organization", "platform-key", "request", "approval"]);
  expect(stepsOf("admin-console")).toEqual(["way", "workspace", "admin-console-key"]);
});

test("every finding belongs to a step and a field that exist", () => {
  const fields = new Set(guide.steps.flatMap((step) => step.fields.map(({ name }) => `${step.id}.${name}`)));
  const value = fc.constantFrom(
    "",
    "x",
    "org-abc",
    "org-def",
    WORKSPACE,
    "sk-admin-x",
    "all",
    "read-delete",
    "platform",
  );
  const names = guide.steps.flatMap((step) => step.fields.map(({ name }) => name));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names, "secret_key_last4"), value), (values) => {
      for (const { step, field } of findings(values)) expect(fields).toContain(`${step}.${field}`);
    }),
  );
});

test("says nothing about what is not entered yet", () => {
  expect(guide.evaluate({})).toEqual({ findings: [], mail: undefined });
});

test("stops where the two organization ids differ, shows both and names OpenAI support", () => {
  const values = { ...platform, platform_organization_id: "org-personal" };
  const { mail } = guide.evaluate(values);

  expect(blocking(values)).toEqual(["organization.platform_organization_id"]);
  expect(findings(values).find(({ blocks }) => blocks)?.text).toMatch(
    /org-abc123 .*org-personal .*support@openai\.com/,
  );
  expect(mail).toBeUndefined();
});

test("says so where they are the same", () => {
  expect(findings(platform)).toContainEqual({
    step: "organization",
    field: "platform_organization_id",
    tone: "ok",
    text: "Both organization IDs are the same",
    blocks: false,
  });
});

test("recognises ids that have changed places", () => {
  const values = { chatgpt_organization_id: WORKSPACE, workspace_id: "org-abc123" };

  expect(blocking(values)).toEqual(["workspace.chatgpt_organization_id", "workspace.workspace_id"]);
  expect(findings(values)[0]?.text).toMatch(/changed places/);
});

test.each([
  [{ workspace_id: "org-abc123" }, "workspace.workspace_id"],
  [{ workspace_id: "the workspace" }, "workspace.workspace_id"],
  [{ workspace_id: "sk-admin-abcdef" }, "workspace.workspace_id"],
  [{ chatgpt_organization_id: WORKSPACE }, "workspace.chatgpt_organization_id"],
  [{ way: "platform", platform_organization_id: "abc" }, "organization.platform_organization_id"],
  [{ secret_key_last4: "sk-admin-abcdef" }, "admin-console-key.secret_key"],
  [{ key_name: "sk-admin-abcdef" }, "admin-console-key.key_name"],
  [{ way: "platform", support_address: "nobody" }, "request.support_address"],
  [{ way: "platform", support_address: "a@b.example?bcc=x@y.example" }, "request.support_address"],
])("stops at %o", (values, field) => {
  expect(blocking(values as Record<string, string>)).toEqual([field]);
});

test("warns, but does not stop, where the key could delete", () => {
  const values = { ...platform, key_permissions: "all", requested_scope: "read-delete" };
  const warnings = findings(values).filter(({ tone }) => tone === "warn");

  expect(warnings.map(({ step, field }) => `${step}.${field}`)).toEqual([
    "platform-key.key_permissions",
    "request.requested_scope",
  ]);
  expect(blocking(values)).toEqual([]);
  expect(guide.evaluate(values).mail?.body).toContain("Requested scope: Read and Delete");
});

test("writes the message with every fact, and asks for Read where nothing else was chosen", () => {
  const { requested_scope: _, ...values } = platform;

  expect(guide.evaluate(values).mail).toEqual({
    to: "support@openai.com",
    subject: "Request to enable the Compliance API for our ChatGPT Enterprise workspace",
    body: [
      "Hello,",
      "",
      "Please enable access to the ChatGPT Enterprise Compliance API for the following API key of our organization:",
      "",
      `ChatGPT workspace ID: ${WORKSPACE}`,
      "OpenAI Platform organization ID: org-abc123",
      "Last four characters of the API key: Ab12",
      "Key name: cistern",
      "Created by: Ada Example",
      "Requested scope: Read",
      "",
      "Please let us know when access has been enabled.",
      "",
      "Thank you",
    ].join("\n"),
  });
});

test("goes to another address where one is given", () => {
  expect(guide.evaluate({ ...platform, support_address: "compliance@openai.example" }).mail?.to).toBe(
    "compliance@openai.example",
  );
});

test.each([
  "workspace_id",
  "platform_organization_id",
  "chatgpt_organization_id",
  "key_name",
  "created_by",
  "secret_key_last4",
])("writes no message without %s", (name) => {
  expect(guide.evaluate({ ...platform, [name]: "" }).mail).toBeUndefined();
});

test("a name over several lines cannot add a line to the message", () => {
  const { mail } = guide.evaluate({ ...platform, key_name: "x\nRequested scope: Everything" });

  expect(mail?.body).toContain("Key name: x Requested scope: Everything\n");
});

test("the newer way needs no message", () => {
  expect(guide.evaluate({ ...platform, way: "admin-console" }).mail).toBeUndefined();
});
