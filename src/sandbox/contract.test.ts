import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { STREAMS } from "./event-types.ts";
import { STILL, testClient } from "./fixtures/client.ts";
import { problemsOfEvent, problemsOfReply } from "./fixtures/openapi.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

const LIST = "/compliance/workspaces/{workspace_id}/logs";
const FILE = "/compliance/workspaces/{workspace_id}/logs/{log_file_id}";
const FRESHNESS = "/compliance/workspaces/{workspace_id}/max_event_time";
const ORG_LIST = "/compliance/organizations/{organization_id}/logs";
const ORG_FILE = "/compliance/organizations/{organization_id}/logs/{log_file_id}";
const ORG_FRESHNESS = "/compliance/organizations/{organization_id}/max_event_time";
const USERS = "/compliance/workspaces/{workspace_id}/users";
const CONVERSATIONS = "/compliance/workspaces/{workspace_id}/conversations";
const SINCE = "after=2020-01-01T00:00:00Z";
const UNKNOWN_WORKSPACE = "00000000-0000-4000-8000-000000000000";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ ...STILL, quirks: { unknownEventType: true } });
});
afterEach(() => sandbox.close());

describe("what each route answers is as the description says", () => {
  const cases: readonly [what: string, template: string, path: string, status: number, key?: string | null][] = [
    ["a page of files", LIST, `workspaces/{ws}/logs?event_type=CONVERSATION_MESSAGE&${SINCE}`, 200],
    ["a short page", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}&limit=2`, 200],
    ["an empty page", LIST, "workspaces/{ws}/logs?event_type=AUTH_LOG&after=2030-01-01T00:00:00Z", 200],
    ["several types, repeated", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&event_type=AUDIT_LOG&${SINCE}`, 200],
    ["several types, with commas", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG,AUDIT_LOG&${SINCE}`, 200],
    ["a page of the organization", ORG_LIST, `organizations/{org}/logs?event_type=COSTS&${SINCE}`, 200],
    ["freshness", FRESHNESS, "workspaces/{ws}/max_event_time?event_type=AUTH_LOG&event_type=CODEX_LOG", 200],
    ["freshness of the organization", ORG_FRESHNESS, "organizations/{org}/max_event_time?event_type=COSTS", 200],
    ["users", USERS, "workspaces/{ws}/users", 200],
    ["users behind the last one", USERS, "workspaces/{ws}/users?after=user-zzzzzzzz", 200],
    ["an unknown type", LIST, `workspaces/{ws}/logs?event_type=NO_SUCH_LOG&${SINCE}`, 400],
    ["an organization's type in a workspace", LIST, `workspaces/{ws}/logs?event_type=COSTS&${SINCE}`, 400],
    ["a workspace's type in an organization", ORG_LIST, `organizations/{org}/logs?event_type=AUTH_LOG&${SINCE}`, 400],
    ["an organization id as the workspace", LIST, `workspaces/{org}/logs?event_type=AUTH_LOG&${SINCE}`, 400],
    ["a workspace id as the organization", ORG_LIST, `organizations/{ws}/logs?event_type=COSTS&${SINCE}`, 400],
    ["a bad timestamp", LIST, "workspaces/{ws}/logs?event_type=AUTH_LOG&after=yesterday", 400],
    ["a malformed file id", FILE, "workspaces/{ws}/logs/nonsense", 400],
    ["no key", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}`, 401, null],
    ["a wrong key", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}`, 401, "sk-admin-sandbox-wrong"],
    ["no key for a file", FILE, "workspaces/{ws}/logs/eclf_0000000000000000000000000000", 401, null],
    ["no key for users", USERS, "workspaces/{ws}/users", 401, null],
    ["no key for freshness", FRESHNESS, "workspaces/{ws}/max_event_time?event_type=AUTH_LOG", 401, null],
    ["an unknown workspace", LIST, `workspaces/${UNKNOWN_WORKSPACE}/logs?event_type=AUTH_LOG&${SINCE}`, 404],
    ["an unknown organization", ORG_LIST, `organizations/org-unknown/logs?event_type=COSTS&${SINCE}`, 404],
    ["an unknown file", FILE, "workspaces/{ws}/logs/eclf_0000000000000000000000000000", 404],
    [
      "an unknown file of the organization",
      ORG_FILE,
      "organizations/{org}/logs/eclf_0000000000000000000000000000",
      404,
    ],
    ["the retired conversations", CONVERSATIONS, "workspaces/{ws}/conversations?since_timestamp=0", 410],
    ["no type", LIST, `workspaces/{ws}/logs?${SINCE}`, 422],
    ["no type for freshness", FRESHNESS, "workspaces/{ws}/max_event_time", 422],
    ["no after", LIST, "workspaces/{ws}/logs?event_type=AUTH_LOG", 422],
    ["a limit above 100", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}&limit=101`, 422],
    ["a limit of 0", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}&limit=0`, 422],
    ["a limit that is no number", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}&limit=many`, 422],
    ["a users limit that is no number", USERS, "workspaces/{ws}/users?limit=many", 422],
  ];
  test.each(cases)("%s", async (_what, template, path, status, key) => {
    const reply = await testClient(sandbox, fetch).get(path, key === undefined ? sandbox.key : key);

    expect(reply.status).toBe(status);
    expect(problemsOfReply(template, reply)).toEqual([]);
    expect(reply.headers.get("Date")).toMatch(/^Fri, 20 Nov 2026 15:03:/);
  });

  const refused: readonly [key: string, template: string, path: string, status: number][] = [
    ["revoked", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}`, 401],
    ["api-platform-admin", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}`, 401],
    ["other-workspace", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}`, 403],
    ["other-workspace", ORG_LIST, `organizations/{org}/logs?event_type=COSTS&${SINCE}`, 403],
    ["awaiting-approval", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}`, 403],
    ["without-audit-log", LIST, `workspaces/{ws}/logs?event_type=AUDIT_LOG&${SINCE}`, 403],
    ["only-auth-log", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG,AUDIT_LOG&${SINCE}`, 403],
    ["only-auth-log", FRESHNESS, "workspaces/{ws}/max_event_time?event_type=CODEX_LOG", 403],
    ["logs-read", USERS, "workspaces/{ws}/users", 403],
    ["logs-read", CONVERSATIONS, "workspaces/{ws}/conversations", 403],
    ["without-audit-log", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}`, 200],
    ["only-auth-log", LIST, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}`, 200],
    ["only-costs", ORG_LIST, `organizations/{org}/logs?event_type=COSTS&${SINCE}`, 200],
    ["legacy-read", LIST, `workspaces/{ws}/logs?event_type=AUDIT_LOG&${SINCE}`, 200],
    ["delete-capable", LIST, `workspaces/{ws}/logs?event_type=AUDIT_LOG&${SINCE}`, 200],
  ];
  test.each(refused)("the key '%s' on %s", async (name, template, path, status) => {
    const reply = await testClient(sandbox, fetch).get(path, sandbox.keyNamed(name));

    expect(reply.status).toBe(status);
    expect(problemsOfReply(template, reply)).toEqual([]);
  });

  test("a download, of the workspace and of the organization", async () => {
    const client = testClient(sandbox, fetch);
    const [file] = (await client.list("AUTH_LOG")).data;
    const [costs] = [...sandbox.published({ type: "COSTS" })];

    const reply = await client.get(`workspaces/{ws}/logs/${file?.id}`);
    const orgReply = await client.get(`organizations/{org}/logs/${costs?.id}`);
    const misplaced = await client.get(`workspaces/{ws}/logs/${costs?.id}`);
    const unscoped = await client.get(`workspaces/{ws}/logs/${file?.id}`, sandbox.keyNamed("only-audit-log"));

    expect([reply.status, orgReply.status, misplaced.status, unscoped.status]).toEqual([307, 307, 404, 403]);
    expect(problemsOfReply(FILE, reply)).toEqual([]);
    expect(problemsOfReply(ORG_FILE, orgReply)).toEqual([]);
    expect(problemsOfReply(FILE, misplaced)).toEqual([]);
    expect(problemsOfReply(FILE, unscoped)).toEqual([]);
    expect(new URL(reply.headers.get("Location") ?? "").origin).toBe(sandbox.storageUrl);
  });

  test.each(["error", "detail", "message"] as const)("refusals and faults in the shape '%s'", async (errorShape) => {
    const client = testClient(sandbox, fetch);
    const path = `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}`;

    sandbox.setQuirks({ errorShape, throttled: 1 });
    const throttled = await client.get(path);
    sandbox.setQuirks({ throttled: 0, retiredConversations: "not-found" });
    const missing = await client.get("workspaces/{ws}/conversations");

    expect([throttled.status, missing.status]).toEqual([429, 404]);
    expect(problemsOfReply(LIST, throttled)).toEqual([]);
    expect(problemsOfReply(CONVERSATIONS, missing)).toEqual([]);
    expect(Object.keys(missing.body as object)).toEqual([errorShape]);
  });
});

describe("what files hold is as the description says", () => {
  test.each(STREAMS)("$scope $type", (stream) => {
    const problems = [...sandbox.published(stream)].flatMap((file) =>
      file.events().flatMap(({ line }) => problemsOfEvent(stream.type, JSON.parse(line))),
    );
    const lines = [...sandbox.published(stream)].reduce((sum, file) => sum + file.events().length, 0);

    expect(problems).toEqual([]);
    expect(lines).toBeGreaterThan(0);
  });
});

test("the texts of wrong event types name the right route, and come before what else is missing", async () => {
  const client = testClient(sandbox, fetch);
  const messageOf = async (path: string) =>
    ((await client.get(path)).body as { error: { message: string } }).error.message;

  expect(await messageOf("organizations/{org}/logs?event_type=AUTH_LOG")).toMatch(
    /^AUTH_LOG is a workspace-scoped event type\. Use \/v1\/compliance\/workspaces\//,
  );
  expect(await messageOf("workspaces/{ws}/logs?event_type=COSTS")).toMatch(
    /^COSTS is an organization-scoped event type\. Use \/v1\/compliance\/organizations\//,
  );
  expect((await client.get("workspaces/{ws}/logs", sandbox.keyNamed("revoked"))).status).toBe(401);
});

test("the check against the description finds what is wrong", () => {
  const reply = { status: 200, headers: new Headers(), body: { data: [{ id: 7 }], has_more: "no" } };

  expect(problemsOfReply(LIST, reply)).not.toEqual([]);
  expect(problemsOfReply(LIST, { ...reply, status: 418 })).not.toEqual([]);
  expect(problemsOfEvent("AUDIT_LOG", { event_id: "x", type: "AUDIT_LOG" })).not.toEqual([]);
});
