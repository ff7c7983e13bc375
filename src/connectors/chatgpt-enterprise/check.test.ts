import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createOutbound, type Outbound } from "../../http/outbound.ts";
import type { CheckStep } from "../../model/check.ts";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { fakeClock } from "../../testing/fake-clock.ts";
import { type RawServer, rawAnswer, rawServer } from "../../testing/raw-server.ts";
import { chatgptEnterprise } from "./connector.ts";

let sandbox: Sandbox;
let outbound: Outbound;
let double: RawServer | undefined;

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    days: 2,
    people: 12,
    live: false,
    ratePerMinute: 0,
    startAt: "2026-07-15T12:00:00Z",
  });
  outbound = createOutbound({ ...fakeClock(), version: "0.0.0" });
});

afterEach(async () => {
  sandbox.setQuirks({
    dateHeaderSkewMs: 0,
    htmlPages: 0,
    forbiddenTypes: [],
    retiredConversations: "gone",
    throttled: 0,
  });
  await double?.close();
  double = undefined;
});

afterAll(async () => {
  await outbound.close();
  await sandbox.close();
});

interface Choice {
  readonly key?: string;
  readonly sources?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The ended steps of one connection test. */
async function checked({ key = "all-read", sources = ["conversations", "audit-log"], settings = {} }: Choice = {}) {
  const parsed = chatgptEnterprise.settings.parse({
    token: sandbox.keyNamed(key),
    workspace_id: sandbox.workspaceId,
    organization_id: sandbox.organizationId,
    base_url: sandbox.baseUrl,
    ...settings,
  }) as never;
  const credential = chatgptEnterprise.credential(parsed);
  const signal = new AbortController().signal;
  const steps: CheckStep[] = [];
  for await (const step of chatgptEnterprise.check({
    settings: parsed,
    upstream: outbound.createUpstream({ credential, lane: "fresh", requestsPerMinute: 60_000 }),
    dataSources: sources.map((name) => chatgptEnterprise.resolve(name)!),
    probe: (url) => outbound.probe(url, signal),
    now: () => new Date(sandbox.now()),
    signal,
  })) {
    steps.push(step);
  }
  return steps.filter(({ state }) => state !== "running");
}

const states = (steps: readonly CheckStep[]) => Object.fromEntries(steps.map(({ id, state }) => [id, state]));
const failures = (steps: readonly CheckStep[]) =>
  Object.fromEntries(steps.filter(({ state }) => state === "failed").map(({ id, reason }) => [id, reason]));
const step = (steps: readonly CheckStep[], id: string) => steps.find((one) => one.id === id);

test("a good key passes every step, each data source with its files and its newest event", async () => {
  const steps = await checked({ sources: ["conversations", "audit-log", "costs"] });

  expect(steps.map(({ id, state }) => `${id} ${state}`)).toEqual([
    "dns ok",
    "connect ok",
    "tls skipped",
    "key ok",
    "workspace ok",
    "data-source:conversations ok",
    "data-source:audit-log ok",
    "data-source:costs ok",
    "download ok",
    "key-scope skipped",
    "retired-route ok",
    "clock ok",
  ]);
  expect(step(steps, "data-source:conversations")?.detail).toMatch(
    /^\d+ files.* in the last day, newest event 2026-07-1/,
  );
  expect(step(steps, "retired-route")?.detail).toMatch(/^As expected, .* gone since 2026-06-05/);
  for (const one of steps) expect(one.durationMs ?? 0).toBeGreaterThanOrEqual(0);
});

test("each step is told when it starts, before it has ended", async () => {
  const parsed = chatgptEnterprise.settings.parse({
    token: sandbox.key,
    workspace_id: sandbox.workspaceId,
    base_url: sandbox.baseUrl,
  }) as never;
  const signal = new AbortController().signal;
  const before = JSON.stringify(sandbox.counters.requests);
  const ctx = {
    settings: parsed,
    upstream: outbound.createUpstream({
      credential: chatgptEnterprise.credential(parsed),
      lane: "fresh",
      requestsPerMinute: 60_000,
    }),
    dataSources: [chatgptEnterprise.resolve("conversations")!],
    probe: (url: URL) => outbound.probe(url, signal),
    now: () => new Date(sandbox.now()),
    signal,
  };
  for await (const one of chatgptEnterprise.check(ctx)) {
    if (one.id === "key" && one.state === "running") break;
  }

  expect(JSON.stringify(sandbox.counters.requests)).toBe(before);
});

test.each([
  ["revoked", "key_refused", /does not accept this key/, /create a new one/],
  ["api-platform-admin", "key_wrong_kind", /key of the API Platform/, /Admin Console/],
])(
  "a %s key fails at the key, and everything after it is skipped with the reason",
  async (key, reason, sentence, remedy) => {
    const steps = await checked({ key });

    expect(failures(steps)).toEqual({ key: reason });
    expect(step(steps, "key")?.detail).toMatch(sentence);
    expect(step(steps, "key")?.remedy).toMatch(remedy);
    expect(steps.slice(4).map(({ state }) => state)).toEqual(steps.slice(4).map(() => "skipped"));
    expect(step(steps, "workspace")?.detail).toMatch(/could not be tested/);
  },
);

test("a key without the scope of one data source fails that one alone", async () => {
  const steps = await checked({ key: "without-audit-log" });

  expect(failures(steps)).toEqual({ "data-source:audit-log": "scope_missing" });
  expect(states(steps)).toMatchObject({ workspace: "ok", "data-source:conversations": "ok", download: "ok" });
  expect(step(steps, "data-source:audit-log")?.remedy).toContain("compliance_logs_platform.audit_log.read");
});

test("a key that lacks the only data source chosen is told from one of another workspace", async () => {
  const lacking = await checked({ key: "only-auth-log", sources: ["conversations"] });
  const other = await checked({ key: "other-workspace", sources: ["conversations"] });

  expect(failures(lacking)).toEqual({ "data-source:conversations": "scope_missing" });
  expect(states(lacking).workspace).toBe("ok");
  expect(failures(other)).toEqual({ workspace: "workspace_refused" });
  expect(states(other)["data-source:conversations"]).toBe("skipped");
});

test("a key whose access is not enabled yet is told to wait", async () => {
  const steps = await checked({ key: "awaiting-approval" });

  expect(failures(steps)).toEqual({ workspace: "access_not_enabled" });
  expect(step(steps, "workspace")?.remedy).toMatch(/wait for the answer/);
});

test("where upstream refuses without a word, both causes are named", async () => {
  double = await rawServer((socket) => socket.write(rawAnswer(403, "{}")));

  const steps = await checked({ settings: { base_url: `${double.origin}/v1` } });

  expect(failures(steps)).toMatchObject({ workspace: "access_not_enabled" });
  expect(step(steps, "workspace")?.remedy).toMatch(/One key is for one workspace.*wait for the answer/s);
});

test("a workspace that does not exist fails at the workspace", async () => {
  const steps = await checked({ settings: { workspace_id: "00000000-0000-4000-8000-000000000000" } });

  expect(failures(steps)).toEqual({ workspace: "workspace_unknown" });
});

test("an organization's data source fails alone without the organization id, and with another's", async () => {
  const sources = ["conversations", "costs"];
  const without = await checked({ sources, settings: { organization_id: undefined } });
  const wrong = await checked({ sources, settings: { organization_id: "org-nobody" } });

  expect(failures(without)).toEqual({ "data-source:costs": "organization_id_missing" });
  expect(failures(wrong)).toEqual({ "data-source:costs": "organization_unknown" });
  expect(step(without, "data-source:costs")?.remedy).toMatch(/Enter the organization ID/);
});

test("only an organization's data source can be tested too, and what was not tried is said", async () => {
  const fine = await checked({ sources: ["costs"] });
  const without = await checked({ sources: ["costs"], settings: { organization_id: undefined } });

  expect(states(fine)).toMatchObject({ key: "ok", workspace: "skipped", "data-source:costs": "ok", download: "ok" });
  expect(states(without)).toMatchObject({ key: "skipped", workspace: "skipped", "data-source:costs": "failed" });
});

test("a wrong base URL is recognised, from its 404 and from a web page", async () => {
  const missing = await checked({ settings: { base_url: sandbox.baseUrl.replace("/v1", "/v2") } });
  sandbox.setQuirks({ htmlPages: 1 });
  const page = await checked();

  for (const steps of [missing, page]) {
    expect(failures(steps)).toEqual({ key: "wrong_base_url" });
    expect(step(steps, "key")?.remedy).toContain("https://api.chatgpt.com/v1");
  }
});

test("an address where nothing answers skips all that would follow", async () => {
  const closed = await rawServer(() => undefined);
  await closed.close();

  const steps = await checked({ settings: { base_url: `${closed.origin}/v1` } });

  expect(failures(steps)).toEqual({ connect: "connection_refused" });
  expect(step(steps, "key")?.detail).toBe("Not tried: the API cannot be reached");
  expect(steps.filter(({ state }) => state === "skipped")).toHaveLength(9);
});

test("an unknown event type fails alone, and the workspace is still known", async () => {
  const steps = await checked({ sources: ["NO_SUCH_THING"] });

  expect(failures(steps)).toEqual({ "data-source:no-such-thing": "unknown_event_type" });
  expect(states(steps)).toMatchObject({ key: "skipped", workspace: "ok" });
});

test("being throttled is no wrong key, and the remedy is patience", async () => {
  sandbox.setQuirks({ throttled: 1 });

  const steps = await checked({ key: "legacy-read" });

  expect(step(steps, "key")).toMatchObject({ state: "failed", reason: "rate_limited" });
  expect(step(steps, "key")?.remedy).toMatch(/^It passes by itself/);
});

test.each([
  [
    "a storage host's XML",
    rawAnswer(400, "<?xml version='1.0'?><Error><Code>InvalidURI</Code></Error>"),
    "wrong_base_url",
  ],
  ["another service's JSON", rawAnswer(400, '{"error":{"message":"No such method"}}'), "request_refused"],
  ["words of another service", rawAnswer(422, "Unprocessable"), "request_refused"],
  ["a route that is gone", rawAnswer(410, "{}"), "route_retired"],
])("%s is no word on the key, and is told as it is", async (_, answer, reason) => {
  double = await rawServer((socket) => socket.write(answer));

  const steps = await checked({ settings: { base_url: `${double.origin}/v1` } });

  expect(Object.values(failures(steps))[0]).toBe(reason);
  expect(JSON.stringify(steps)).not.toMatch(/accepts the key|OpenAI (?:refuses|knows)/);
});

test("the key is accepted where one of the chosen data sources can be listed, and not before", async () => {
  const one = await checked({ key: "only-auth-log", sources: ["conversations", "auth-log"] });
  const none = await checked({ key: "only-auth-log", sources: ["conversations"] });

  expect(step(one, "key")).toMatchObject({ state: "ok", detail: expect.stringMatching(/accepts the key/) as string });
  expect(step(none, "key")).toMatchObject({ state: "skipped", detail: expect.stringMatching(/refused/) as string });
});

test.each([
  ["an outage", rawAnswer(500, "{}"), "unavailable"],
  ["a break of the connection", "", "connection_reset"],
  ["a throttle", rawAnswer(429, "{}", { "retry-after": "1" }), "rate_limited"],
  ["what is no JSON", rawAnswer(200, "hello"), "not_json"],
  ["another shape", rawAnswer(200, "{}"), "unexpected_shape"],
  ["a status that is not documented", rawAnswer(204, ""), "unexpected_status"],
])("of %s nothing is promised that a test does not do", async (_, answer, reason) => {
  double = await rawServer((socket) => (answer === "" ? socket.destroy() : socket.write(answer)));

  const steps = await checked({ settings: { base_url: `${double.origin}/v1` } });

  expect(failures(steps)).toEqual({ key: reason });
  expect(step(steps, "key")?.remedy).toMatch(/^\S/);
  expect(JSON.stringify(steps)).not.toMatch(/again; |(?:tried|asked|fetched) again|accepts the key/);
});

test("a clock that is off is a warning with both directions told", async () => {
  sandbox.setQuirks({ dateHeaderSkewMs: 300_000 });
  const behind = step(await checked(), "clock");
  sandbox.setQuirks({ dateHeaderSkewMs: -300_000 });
  const ahead = step(await checked(), "clock");

  expect(behind).toMatchObject({ state: "warning", reason: "clock_skew" });
  expect(behind?.detail).toMatch(/(?:299|300|301) s behind/);
  expect(ahead?.detail).toMatch(/(?:299|300|301) s ahead of/);
});

test("events of another workspace are found before the collector is installed", async () => {
  const line = JSON.stringify({ event_id: "e", type: "CONVERSATION_MESSAGE", principal: { id: "someone-else" } });
  const file = { id: "eclf_1", end_time: "2026-07-15T11:00:00Z", file_size: line.length, file_sha256: "ab".repeat(32) };
  const list = JSON.stringify({ data: [file], has_more: false, last_end_time: file.end_time });
  double = await rawServer((socket, head) => {
    if (head.includes("/signed")) socket.write(rawAnswer(200, line));
    else if (head.includes("/logs/")) socket.write(rawAnswer(307, "", { location: "/signed" }));
    else socket.write(head.includes("/logs?") ? rawAnswer(200, list) : rawAnswer(404, "{}"));
  });

  const steps = await checked({ sources: ["conversations"], settings: { base_url: `${double.origin}/v1` } });

  expect(failures(steps)).toEqual({ download: "foreign_principal" });
  expect(step(steps, "data-source:conversations")?.detail).toBe("1 file in the last day, OpenAI names no newest event");
});

test("a storage host that cannot be reached is found, although every list works", async () => {
  const closed = await rawServer(() => undefined);
  await closed.close();
  const file = { id: "eclf_1", end_time: "2026-07-15T11:00:00Z", file_size: 10, file_sha256: "ab".repeat(32) };
  const list = JSON.stringify({ data: [file], has_more: false, last_end_time: file.end_time });
  double = await rawServer((socket, head) => {
    if (head.includes("/logs/")) socket.write(rawAnswer(307, "", { location: `${closed.origin}/signed` }));
    else socket.write(head.includes("/logs?") ? rawAnswer(200, list) : rawAnswer(404, "{}"));
  });

  const steps = await checked({ sources: ["conversations"], settings: { base_url: `${double.origin}/v1` } });

  expect(failures(steps)).toEqual({ download: "connection_refused" });
});

test("what the key may delete is not claimed to be known, and no DELETE is sent to find out", async () => {
  const harmless = step(await checked(), "key-scope");
  const dangerous = step(await checked({ key: "delete-capable" }), "key-scope");

  expect(dangerous).toEqual(harmless);
  expect(dangerous?.detail).toMatch(/cannot be told.*never sends a DELETE/);
  expect(dangerous?.remedy).toMatch(/Admin keys/);
});

test("without a data source chosen, nothing of upstream is asked", async () => {
  const steps = await checked({ sources: [] });

  expect(step(steps, "key")?.detail).toBe("Not tried: no data source is chosen");
});
