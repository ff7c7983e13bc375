import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CollectorError } from "../../model/errors.ts";
import { marked } from "../../testing/settings-table.ts";
import { explained, type ProblemReason, problemError, problems } from "./problems.ts";
import { Settings } from "./settings.ts";

const settings = Settings.parse({ token: "sk-admin-x", workspace_id: "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa" });
const asked = { settings, scope: "workspace", type: "AUDIT_LOG" } as const;
const answered = (status: number, text = "") => {
  const code = status === 401 || status === 403 ? "auth_failed" : "rejected";
  return new CollectorError(code, `api.chatgpt.com answered ${status}${text && `: ${text}`}`, { status });
};
const reasonOf = (status: number, text?: string) => (explained(answered(status, text), asked) as CollectorError).reason;

test("the page shows every problem with the sentence and the remedy that the code has", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/connectors/chatgpt-enterprise.md"), "utf8");
  const fill = (text: string) => text.replaceAll("{type}", "*type*").replaceAll("{scope}", "*scope*");
  const rows = Object.entries(problems).map(
    ([reason, { code, sentence, action }]) => `| \`${reason}\` | \`${code}\` | ${fill(sentence)} | ${fill(action)} |`,
  );

  expect(marked(page, "problems").split("\n").slice(2)).toEqual(rows);
});

test("every sentence is one, without a full stop, and every problem has its remedy", () => {
  for (const [reason, { sentence, action }] of Object.entries(problems)) {
    expect(sentence, reason).toMatch(/^(?:[A-Z]|\{type\} ).*[^.]$/);
    expect(action, reason).toMatch(/^[A-Z].*[^.]$/);
  }
});

test("names the type and its scope", () => {
  const error = problemError("scope_missing", "AUDIT_LOG");

  expect(error.message).toBe("This key may not read AUDIT_LOG");
  expect(error.action).toContain("the scope chatgpt.enterprise.compliance_logs_platform.audit_log.read");
  for (const reason of Object.keys(problems) as ProblemReason[]) {
    expect(`${problemError(reason, "X").message} ${problemError(reason, "X").action}`).not.toMatch(/[{}]/);
  }
});

test("decides by the status where upstream says nothing", () => {
  expect([400, 401, 403, 404, 410, 422].map((status) => reasonOf(status))).toEqual([
    "request_refused",
    "key_refused",
    "access_refused",
    "workspace_unknown",
    "route_retired",
    "request_refused",
  ]);
});

test.each([
  [400, "AUTH_LOG is a workspace-scoped event type. Use /v1/compliance/workspaces/…", "type_of_workspace"],
  [400, "COSTS is an organization-scoped event type", "type_of_organization"],
  [400, "Invalid event_type: 'X'", "unknown_event_type"],
  [400, "bad timestamp", "request_refused"],
  [403, "Missing scopes: a.b.c", "scope_missing"],
  [403, "You have insufficient permissions for this operation", "scope_missing"],
  [403, "This API key does not have access to this workspace", "workspace_refused"],
  [401, "This is an API Platform admin key", "key_wrong_kind"],
  [401, "Incorrect API key provided", "key_refused"],
])("refines %i by the words '%s' to %s", (status, text, reason) => {
  expect(reasonOf(status, text)).toBe(reason);
});

test("what should pass by itself is no problem of the settings, and bugs stay bugs", () => {
  const passing = new CollectorError("unavailable", "x", { status: 502, reason: "html_answer" });
  const bug = new TypeError("x");

  expect(explained(passing, asked)).toBe(passing);
  expect(explained(bug, asked)).toBe(bug);
});

test("a web page is a problem of the way there, and never ends collecting for good", () => {
  const page = new CollectorError("protocol", "x", { status: 403, reason: "html_answer" });

  expect(explained(page, asked)).toMatchObject({ reason: "html_answer", code: "protocol" });
  const elsewhere = { ...asked, settings: { ...settings, base_url: "https://compliance.example/v1" } };
  expect(explained(page, elsewhere)).toMatchObject({ reason: "wrong_base_url", code: "protocol" });
});
