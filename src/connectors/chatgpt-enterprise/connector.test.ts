import fc from "fast-check";
import { expect, test } from "vitest";
import { secretFields } from "../../model/settings-fields.ts";
import { testConnector } from "../../testing/connector-contract.ts";
import { rawAnswer } from "../../testing/raw-server.ts";
import { chatgptEnterprise } from "./connector.ts";

const WORKSPACE = "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa";
const given = {
  token: "sk-admin-canary-0123456789abcd",
  workspace_id: WORKSPACE,
  organization_id: "org-abc123",
};

const aFile = (id: string) => ({
  id,
  event_type: "CONVERSATION_MESSAGE",
  end_time: "2026-07-15T12:10:00.410275Z",
  file_name: "CONVERSATION_MESSAGE_2026-07-15T12:10:00.410275+00:00.jsonl",
  file_size: 18_234,
  file_sha256: "AB".repeat(32),
});

const event = {
  event_id: "5c0e9d6b-0001-4000-8000-000000000001",
  type: "CONVERSATION_MESSAGE",
  timestamp: "2026-07-15T12:09:27.103845Z",
  principal: { id: WORKSPACE, type: "CHATGPT_WORKSPACE" },
  actor: { type: "SOMETHING_NEW" },
  not_yet_known: [1, { a: null }],
};

testConnector(chatgptEnterprise, {
  settings: (baseUrl) => ({ ...given, base_url: baseUrl }),
  emptyPage: '{"data":[],"has_more":false,"last_end_time":null}',
  pageOf: (id) => JSON.stringify({ data: [aFile(id)], has_more: false, last_end_time: "2026-07-15T12:10:00.410275Z" }),
  download: (signedUrl) => rawAnswer(307, "", { location: signedUrl }),
  line: { text: JSON.stringify(event), id: event.event_id, time: event.timestamp, type: event.type },
});

const parse = (changes: Record<string, unknown>) => chatgptEnterprise.settings.safeParse({ ...given, ...changes });
const problem = (changes: Record<string, unknown>) =>
  parse(changes)
    .error?.issues.map(({ message }) => message)
    .join("; ");

test("takes settings as they are pasted, with spaces, capitals and a trailing slash", () => {
  const parsed = parse({ workspace_id: ` ${WORKSPACE.toUpperCase()}\n`, base_url: "http://127.0.0.1:7412/v1/" });

  expect(parsed.data).toEqual({ ...given, base_url: "http://127.0.0.1:7412/v1" });
  expect(parse({ organization_id: undefined }).success).toBe(true);
  expect(parse({ organization_id: "" }).success).toBe(true);
  expect(parse({}).data?.base_url).toBe("https://api.chatgpt.com/v1");
});

test.each([
  [{ workspace_id: "org-abc123" }, /organization ID \(org-…\); the workspace ID stands beside it/],
  [{ workspace_id: "sk-admin-xyz" }, /secret key, not a workspace ID/],
  [{ workspace_id: "my workspace" }, /is a UUID/],
  [{ workspace_id: "" }, /is missing/],
  [{ organization_id: WORKSPACE }, /workspace ID; an organization ID begins with org-/],
  [{ organization_id: "abc" }, /begins with org-/],
  [{ token: "" }, /is missing/],
  [{ token: "sk-admin-...abcd" }, /shortened form/],
  [{ token: WORKSPACE }, /an ID, not a secret key/],
  [{ token: "Bearer sk-admin-xyz" }, /without “Bearer”/],
  [{ token: "sk-admin-\u00e9" }, /letters, digits and dashes/],
  [{ base_url: "https://api.openai.com/v1" }, /not at api\.openai\.com/],
  [{ base_url: "http://api.chatgpt.com/v1" }, /must begin with https/],
  [{ base_url: "https://user:pw@api.chatgpt.com/v1" }, /no query, fragment or user name/],
  [{ base_url: "nonsense" }, /./],
])("refuses %o with a sentence of its own", (changes, sentence) => {
  expect(problem(changes)).toMatch(sentence);
});

test("only the token is a secret, and no message repeats it", () => {
  expect(secretFields(chatgptEnterprise.settings)).toEqual(["token"]);
  expect(problem({ token: "sk-admin canary" })).not.toContain("canary");
});

test("offers the data sources in their order, conversations first", () => {
  expect(chatgptEnterprise.dataSources.map(({ name, upstreamType }) => [name, upstreamType])).toEqual([
    ["conversations", "CONVERSATION_MESSAGE"],
    ["audit-log", "AUDIT_LOG"],
    ["auth-log", "AUTH_LOG"],
    ["app-log", "APP_LOG"],
    ["app-auth-log", "APP_AUTH_LOG"],
    ["codex-log", "CODEX_LOG"],
    ["codex-turn", "CODEX_TURN"],
    ["codex-security-log", "CODEX_SECURITY_LOG"],
    ["custom-agents-log", "CUSTOM_AGENTS_LOG"],
    ["chatgpt-plugin-spreadsheet", "CHATGPT_PLUGIN_SPREADSHEET"],
    ["costs", "COSTS"],
  ]);
});

test("a type that we do not know is collected under upstream's name, in either spelling", () => {
  for (const name of ["MEMORY_CONTEXT", "memory-context"]) {
    expect(chatgptEnterprise.resolve(name)).toMatchObject({ name: "memory-context", upstreamType: "MEMORY_CONTEXT" });
  }
});

test("two names for one type are one data source", () => {
  const { resolve } = chatgptEnterprise;

  expect(resolve("CONVERSATION_MESSAGE")).toBe(resolve("conversations"));
  expect(resolve("conversation-message")).toBe(resolve("conversations"));
});

test("a known name with one slip is no new type", () => {
  for (const slip of ["conversation", "audit-logs", "adit-log", "audti-log", "costss", "codex-tur"]) {
    expect(chatgptEnterprise.resolve(slip), slip).toBeUndefined();
  }
  expect(chatgptEnterprise.resolve("AUDIT_LOGS")?.name).toBe("audit-logs");
});

test("resolving never throws, and what it gives back has a name that leads to it", () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      const feed = chatgptEnterprise.resolve(name);
      if (feed) expect(chatgptEnterprise.resolve(feed.upstreamType)?.upstreamType).toBe(feed.upstreamType);
    }),
  );
});

test("costs belong to the organization, everything else to the workspace", () => {
  const settings = parse({}).data!;
  const targets = chatgptEnterprise.dataSources.map(({ name }) => chatgptEnterprise.target(settings, name));

  expect(new Set(targets.slice(0, -1))).toEqual(new Set([`workspace:${WORKSPACE}`]));
  expect(targets.at(-1)).toBe("organization:org-abc123");
  expect(chatgptEnterprise.resolve("costs")?.principal(settings)).toBe("org-abc123");
  expect(chatgptEnterprise.resolve("app-log")?.principal(settings)).toBe(WORKSPACE);
});
