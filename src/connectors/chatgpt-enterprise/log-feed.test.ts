import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createOutbound, type Outbound } from "../../http/outbound.ts";
import type { FeedContext } from "../../model/connector.ts";
import type { CollectorError } from "../../model/errors.ts";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { fakeClock } from "../../testing/fake-clock.ts";
import { type RawServer, rawAnswer, rawServer } from "../../testing/raw-server.ts";
import { chatgptEnterprise } from "./connector.ts";
import type { Settings } from "./settings.ts";

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
    quirks: { dateHeaderSkewMs: 0 },
  });
  outbound = createOutbound({ ...fakeClock(), version: "0.0.0" });
});

afterEach(async () => {
  sandbox.setQuirks({ signedUrlExpired: 0, stuckPaging: "off", forbiddenTypes: [], unknownEventType: false });
  await double?.close();
  double = undefined;
});

afterAll(async () => {
  await outbound.close();
  await sandbox.close();
});

function context(changes: Partial<Record<keyof Settings, string | undefined>> = {}): FeedContext<Settings> {
  const settings = chatgptEnterprise.settings.parse({
    token: sandbox.key,
    workspace_id: sandbox.workspaceId,
    organization_id: sandbox.organizationId,
    base_url: sandbox.baseUrl,
    ...changes,
  });
  const credential = chatgptEnterprise.credential(settings);
  const upstream = outbound.createUpstream({ credential, lane: "fresh", requestsPerMinute: 60_000 });
  return { settings, upstream, now: () => new Date(sandbox.now()), signal: new AbortController().signal };
}

const feed = (name: string) => chatgptEnterprise.resolve(name)!;
const START = "2026-07-01T00:00:00Z";
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as CollectorError,
  );

/** A stand-in for the API that gives one answer. */
async function answering(answer: string): Promise<FeedContext<Settings>> {
  double = await rawServer((socket) => socket.write(answer));
  return context({ base_url: `${double.origin}/v1` });
}

test.each(chatgptEnterprise.dataSources.map(({ name }) => name))(
  "%s lists what upstream has published, page by page",
  async (name) => {
    const { upstreamType } = feed(name);
    const scope = name === "costs" ? "organization" : "workspace";
    const published = [...sandbox.published({ type: upstreamType })].filter((file) => file.scope === scope);

    const seen = new Map<string, { size: number; sha256: string | undefined; endTime: string }>();
    let after = START;
    for (let more = true; more; ) {
      const page = await feed(name).list(context(), after, 100);
      for (const { id, ...file } of page.files) seen.set(id, file);
      more = page.more;
      after = page.lastEndTime ?? after;
      expect(page.servedAt).toMatch(/^2026-07-1[56]T/);
    }

    expect(seen).toEqual(new Map(published.map(({ id, size, sha256, endTime }) => [id, { size, sha256, endTime }])));
  },
);

test("the bytes of a file are those whose hash was listed, and every line says what it is", async () => {
  const conversations = feed("conversations");
  const { files } = await conversations.list(context(), START, 5);

  for (const file of files) {
    const bytes = Buffer.from(await new Response(await conversations.open(context(), file)).arrayBuffer());
    expect(bytes.length).toBe(file.size);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(file.sha256);
    for (const line of bytes.toString("utf8").split("\n").filter(Boolean)) {
      expect(conversations.identify(line)).toMatchObject({
        type: "CONVERSATION_MESSAGE",
        principal: sandbox.workspaceId,
      });
    }
  }
  expect(sandbox.counters.leakedAuthorizations).toBe(0);
});

test("a fresh signed address is asked for at each attempt", async () => {
  const audit = feed("audit-log");
  const [file] = (await audit.list(context(), START, 1)).files;
  sandbox.setQuirks({ signedUrlExpired: 1 });
  expect(await failure(audit.open(context(), file!))).toMatchObject({
    code: "unavailable",
    reason: "signed_address_refused",
    status: undefined,
  });

  sandbox.setQuirks({ signedUrlExpired: 0 });

  expect((await new Response(await audit.open(context(), file!)).arrayBuffer()).byteLength).toBe(file!.size);
});

test("a file that has aged out keeps upstream's 404, so that the engine may ask again", async () => {
  const file = { id: "eclf_gone", endTime: START, size: 1, sha256: undefined };

  const error = await failure(feed("conversations").open(context(), file));

  expect(error?.code).toBe("rejected");
  expect([400, 404]).toContain(error?.status);
});

test("says the newest event time, and nothing where upstream does not know the route", async () => {
  const newest = await feed("conversations").newest?.(context());
  const unknown = await feed("conversations").newest?.(await answering(rawAnswer(404, "{}")));

  expect(newest).toMatch(/^2026-07-1[45]T/);
  expect(unknown).toBeUndefined();
});

test("a page that says more and gives no end is handed on as it is", async () => {
  sandbox.setQuirks({ stuckPaging: "null" });

  const page = await feed("conversations").list(context(), START, 10);

  expect(page).toMatchObject({ more: true, lastEndTime: undefined });
  expect(page.files.length).toBe(10);
});

test("never asks for more than a page may hold", async () => {
  expect((await feed("conversations").list(context(), START, 5_000)).files.length).toBe(100);
});

test("a type that is new to us is read like any other", async () => {
  sandbox.setQuirks({ unknownEventType: true });
  sandbox.advance(3_600_000);

  const page = await feed("WORKSPACE_FORECAST_LOG").list(context(), START, 10);

  expect(page.files.length).toBeGreaterThan(0);
});

test.each([
  ["an HTTP redirect without an address", rawAnswer(307)],
  ["an address that is no address", rawAnswer(307, "", { location: "https://" })],
  ["another scheme", rawAnswer(307, "", { location: "file:///etc/passwd" })],
  ["the file itself", rawAnswer(200, "{}")],
  ["another redirect", rawAnswer(302, "", { location: "https://files.example/x" })],
])("a download answered by %s is a protocol error", async (_case, answer) => {
  const file = { id: "eclf_1", endTime: START, size: 1, sha256: undefined };

  const error = await failure(feed("conversations").open(await answering(answer), file));

  expect(error).toMatchObject({ code: "protocol", reason: "bad_redirect" });
});

test("a signed address in a private range is refused, and it is not the operator's fault", async () => {
  const file = { id: "eclf_1", endTime: START, size: 1, sha256: undefined };
  const answer = rawAnswer(307, "", { location: "https://169.254.169.254/latest/meta-data" });

  const error = await failure(feed("conversations").open(await answering(answer), file));

  expect(error).toMatchObject({ code: "protocol", reason: "address_forbidden" });
});

test("an id cannot lead out of its path", async () => {
  const ctx = await answering(rawAnswer(404, "{}"));
  const file = { id: "../../users?x=/../", endTime: START, size: 1, sha256: undefined };

  await failure(feed("conversations").open(ctx, file));

  expect(double!.heads[0]).toMatch(/^GET \/v1\/compliance\/workspaces\/[0-9a-f-]+\/logs\/[^/?]+ HTTP/);
});

const inPage = (file: object) =>
  rawAnswer(200, JSON.stringify({ data: [file], has_more: false, last_end_time: "2026-07-15T12:00:00Z" }));
const good = { id: "eclf_1", end_time: "2026-07-15T12:00:00Z", file_size: 10, file_sha256: "ab".repeat(32) };

test("a file without a hash is listed without one", async () => {
  const page = await feed("conversations").list(await answering(inPage({ ...good, file_sha256: null })), START, 10);

  expect(page.files).toEqual([{ id: "eclf_1", endTime: "2026-07-15T12:00:00Z", size: 10, sha256: undefined }]);
});

test.each([
  ["no id", { ...good, id: "" }],
  ["no end time", { ...good, end_time: undefined }],
  ["an end time that is none", { ...good, end_time: "yesterday" }],
  ["a size that is none", { ...good, file_size: -1 }],
  ["a hash that is none", { ...good, file_sha256: "abc" }],
])("a listed file with %s is a protocol error", async (_case, file) => {
  const error = await failure(feed("conversations").list(await answering(inPage(file)), START, 10));

  expect(error).toMatchObject({ code: "protocol", reason: "unexpected_shape" });
});

test.each(["error", "detail", "message", "text"] as const)(
  "every refusal is explained, whatever shape errors have: %s",
  async (errorShape) => {
    sandbox.setQuirks({ errorShape });
    const list = (name: string, changes: Parameters<typeof context>[0]) =>
      failure(feed(name).list(context(changes), START, 1)).then((error) => error?.reason);
    const key = (name: string) => ({ token: sandbox.keyNamed(name) });

    expect({
      revoked: await list("conversations", key("revoked")),
      unknownKey: await list("conversations", { token: "sk-admin-nobody-knows" }),
      otherKind: await list("conversations", key("api-platform-admin")),
      oneScopeMissing: await list("audit-log", key("without-audit-log")),
      noScope: await list("audit-log", key("awaiting-approval")),
      otherWorkspace: await list("audit-log", key("other-workspace")),
      otherOrganization: await list("costs", key("other-workspace")),
      unknownWorkspace: await list("audit-log", { workspace_id: "00000000-0000-4000-8000-000000000000" }),
      unknownOrganization: await list("costs", { organization_id: "org-nobody" }),
      noOrganization: await list("costs", { organization_id: undefined }),
      unknownType: await list("NO_SUCH_THING", {}),
      wrongBaseUrl: await list("audit-log", { base_url: sandbox.baseUrl.replace("/v1", "/v2") }),
    }).toEqual({
      revoked: "key_refused",
      unknownKey: "key_refused",
      otherKind: "key_wrong_kind",
      oneScopeMissing: "scope_missing",
      noScope: "scope_missing",
      otherWorkspace: "workspace_refused",
      otherOrganization: "organization_refused",
      unknownWorkspace: "workspace_unknown",
      unknownOrganization: "organization_unknown",
      noOrganization: "organization_id_missing",
      unknownType: "unknown_event_type",
      wrongBaseUrl: "wrong_base_url",
    });
  },
);

test("an organization id that reached the workspace's place is recognised by upstream's words", async () => {
  const ctx = context();
  const swapped = { ...ctx, settings: { ...ctx.settings, workspace_id: ctx.settings.organization_id! } };
  const other = { ...ctx, settings: { ...ctx.settings, organization_id: ctx.settings.workspace_id } };

  const first = await failure(feed("audit-log").list(swapped, START, 1));
  const second = await failure(feed("costs").list(other, START, 1));

  expect(first).toMatchObject({ code: "config_invalid", reason: "workspace_id_is_organization", status: 400 });
  expect(second).toMatchObject({ code: "config_invalid", reason: "organization_id_is_workspace", status: 400 });
});

test("a refusal says its sentence, then upstream's words, and what to do", async () => {
  const error = await failure(
    feed("audit-log").list(context({ token: sandbox.keyNamed("without-audit-log") }), START, 1),
  );

  expect(error?.message).toMatch(
    /^This key may not read AUDIT_LOG \(127\.0\.0\.1:\d+ answered 403: Missing required scope/,
  );
  expect(error?.action).toContain("chatgpt.enterprise.compliance_logs_platform.audit_log.read");
});

test("a download that needs another scope concerns the key, not the file", async () => {
  const [file] = (await feed("audit-log").list(context(), START, 1)).files;

  const error = await failure(feed("audit-log").open(context({ token: sandbox.keyNamed("only-costs") }), file!));

  expect(error).toMatchObject({ code: "auth_failed", reason: "scope_missing" });
});

test("a route that upstream has retired is told apart", async () => {
  const error = await failure(feed("conversations").list(await answering(rawAnswer(410, "gone")), START, 1));

  expect(error).toMatchObject({ code: "rejected", reason: "route_retired", status: 410 });
});
