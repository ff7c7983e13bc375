import { afterEach, expect, test } from "vitest";
import type { CheckStep } from "../model/check.ts";
import type { CollectorError } from "../model/errors.ts";
import { aBatch, anOutgoingEvent, hostileEvents, hostileLines } from "../testing/an-outgoing-event.ts";
import { type OtherSide, openSender, testDestination } from "../testing/destination-contract.ts";
import { type SentinelSimulator, sentinelSimulator } from "../testing/sentinel-simulator.ts";
import { sentinelColumns } from "./parts/sentinel-columns.ts";
import { sentinel } from "./sentinel.ts";

const columns = Object.fromEntries(sentinelColumns.map(({ name, type }) => [name, type]));

const settingsFor = (service: SentinelSimulator) => ({
  endpoint: service.url,
  dcr_id: service.dcrId,
  tenant_id: service.tenantId,
  client_id: service.clientId,
  client_secret: service.clientSecret,
  authority_host: service.url,
  allow_networks: "127.0.0.0/8 ::1/128",
});

async function openSimulator(): Promise<OtherSide> {
  const service = await sentinelSimulator(columns);
  return {
    settings: settingsFor(service),
    wrongCredentials: { client_secret: "another~secret" },
    received: async () => service.seen.rows.map(({ EventKey }) => String(EventKey)),
    stop: service.close,
    close: service.close,
  };
}

testDestination(sentinel, openSimulator);

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function world() {
  const service = await sentinelSimulator(columns);
  cleanUp.push(service.close);
  const open = (settings: Readonly<Record<string, unknown>> = {}) => {
    const sender = openSender(sentinel, { ...settingsFor(service), ...settings }, "/nowhere");
    cleanUp.push(() => sender.close());
    return sender;
  };
  return { service, open };
}

const signal = () => AbortSignal.timeout(20_000);
const events = (count: number, from = 1) => Array.from({ length: count }, (_, i) => anOutgoingEvent({ seq: from + i }));
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as CollectorError,
  );

test("a row names who, what, when and where, and keeps the upstream line byte for byte", async () => {
  const { service, open } = await world();
  const raw =
    '{"event_id":"a1", "type":"AUDIT_LOG","action":"USER_DELETE","n":12345678901234567890,"principal":{"id":"ws-1"},"actor":{"type":"ACCOUNT_USER","user_id":"user-ada","user_email":"ada@example.com"},"request_metadata":{"client_ip":"198.51.100.7"},"action_data":{"conversation_id":"conv-9"}}';
  const event = anOutgoingEvent({ seq: 7, eventId: "a1", type: "AUDIT_LOG", dataSource: "audit-log", raw });

  await open().send(aBatch([event]), signal());

  expect(service.seen.rows).toEqual([
    {
      TimeGenerated: "2026-07-15T15:29:05.746561Z",
      EventTime: "2026-07-15T15:29:05.746561Z",
      CollectedTime: "2026-07-15T15:41:00.123Z",
      EventKey: event.key,
      EventId: "a1",
      Revision: event.view.stored.contentHash,
      EventType: "AUDIT_LOG",
      Operation: "USER_DELETE",
      Collector: "chatgpt-prod",
      Connector: "chatgpt-enterprise",
      DataSource: "audit-log",
      SiteName: "hq",
      SiteId: "site_abcdefghijklmnop",
      Timezone: "Europe/Berlin",
      WorkspaceId: "ws-1",
      ActorEmail: "ada@example.com",
      ActorId: "user-ada",
      ActorType: "ACCOUNT_USER",
      ClientIp: "198.51.100.7",
      ConversationId: "conv-9",
      Sequence: 7,
      Truncated: false,
      RawEncoding: "text",
      Raw: raw,
    },
  ]);
});

test("no column is one that the rule does not declare, and hostile content arrives as it is unless it is too long", async () => {
  const { service, open } = await world();

  const { warning } = await open().send(aBatch(hostileEvents()), signal());

  expect([...service.seen.dropped]).toEqual([]);
  expect(service.seen.cut).toBe(0);
  const whole = service.seen.rows.filter(({ Truncated }) => Truncated === false).map(({ Raw }) => Raw);
  expect(whole).toEqual(hostileLines.filter((line) => line.length < 64_000));
  expect(warning).toBe("1 of 10 rows had a field over 64 KB, which was cut");
});

test("one token serves many batches", async () => {
  const { service, open } = await world();
  const sender = open();

  for (const from of [1, 10, 20]) await sender.send(aBatch(events(2, from)), signal());

  expect([service.seen.tokens, service.seen.calls]).toEqual([1, 3]);
});

test("a token that is refused early is replaced once; a second refusal halts", async () => {
  const { service, open } = await world();
  const sender = open();
  await sender.send(aBatch(events(1)), signal());

  service.seen.aheadMs = 2 * 3_600_000;
  await sender.send(aBatch(events(1, 2)), signal());
  const afterExpiry = service.seen.tokens;
  service.faults.tokensRefused = 2;
  const error = await failure(sender.send(aBatch(events(1, 3)), signal()));

  expect(afterExpiry).toBe(2);
  expect(error).toMatchObject({ code: "auth_failed", status: 401 });
  expect(service.seen.tokens).toBe(3);
  expect(service.seen.rows).toHaveLength(2);
});

test("while Entra ID is away nothing is delivered, and it passes", async () => {
  const { service, open } = await world();
  service.faults.signIn = { status: 503, code: "AADSTS90033" };

  const error = await failure(open().send(aBatch(events(1)), signal()));

  expect(error).toMatchObject({ code: "unavailable", reason: "server_error", status: 503 });
  expect(service.seen.calls).toBe(0);
});

test("a role that is missing is named, with the half hour that it takes", async () => {
  const { service, open } = await world();
  service.faults.roleMissing = true;

  const error = await failure(open().send(aBatch(events(1)), signal()));

  expect(error).toMatchObject({ code: "auth_failed", reason: "role_missing" });
  expect(error?.action).toMatch(/Monitoring Metrics Publisher.*30 minutes/);
});

test.each([
  ["another rule", { dcr_id: `dcr-${"f".repeat(32)}` }, 404],
  ["another stream", { stream: "Custom-Other_CL" }, 400],
])("%s is a matter of settings and makes no dead letters", async (_, settings, status) => {
  const { open } = await world();

  const error = await failure(open(settings).send(aBatch(events(1)), signal()));

  expect(error).toMatchObject({ code: "config_invalid", reason: "wrong_address", status });
});

test.each([
  [500, "unavailable", "server_error"],
  [400, "rejected", "malformed"],
  [413, "rejected", "too_large"],
  [200, "protocol", "unexpected_answer"],
])("a call answered %i is %s, %s: only 204 is success", async (status, code, reason) => {
  const { service, open } = await world();
  Object.assign(service.faults, { failing: 1, failingStatus: status });

  const error = await failure(open().send(aBatch(events(1)), signal()));

  expect(error).toMatchObject({ code, reason, status });
});

test("429 waits as long as it asks", async () => {
  const { service, open } = await world();
  Object.assign(service.faults, { throttled: 1, retryAfter: "17" });

  const error = await failure(open().send(aBatch(events(1)), signal()));

  expect(error).toMatchObject({ code: "rate_limited", retryAfterMs: 17_000 });
});

test("rows that are too much for one call are not sent, so that the batch is halved", async () => {
  const { service, open } = await world();
  const quotes = `{"event_id":"q","text":"${'\\"'.repeat(15_000)}"}`;
  const batch = aBatch(
    Array.from({ length: 24 }, (_, i) => anOutgoingEvent({ seq: i + 1, eventId: `q${i}`, raw: quotes })),
  );
  const sender = open();

  const error = await failure(sender.send(batch, signal()));
  await sender.send(aBatch(batch.events.slice(0, 12)), signal());

  expect(error).toMatchObject({ code: "rejected", reason: "too_large" });
  expect(service.seen.rows).toHaveLength(12);
});

test("the connection test says which step failed and what to do, and delivers nothing without a token", async () => {
  const { service, open } = await world();
  const steps: CheckStep[] = [];

  for await (const step of open({ client_secret: "wrong~secret" }).check(events(1)[0]!, signal())) steps.push(step);

  expect(steps.map(({ id, state }) => `${id} ${state}`)).toEqual([
    "sign-in running",
    "sign-in failed",
    "deliver skipped",
  ]);
  expect(steps[1]!.remedy).toMatch(/client secret/);
  expect(JSON.stringify(steps)).not.toContain("wrong~secret");
  expect(service.seen.rows).toEqual([]);
});

test.each([
  ["dcr_id", "my-rule", /immutable ID/],
  ["stream", "Cistern_CL", /beginning with Custom-/],
  ["client_secret", "2f6b7a10-54c1-4f0e-8a67-9d3f8f1f0c02", /not its value/],
  ["scope", "https://monitor.azure.com/", /ends with \/\.default/],
  ["endpoint", "monitor.azure.com", /begins with https/],
])("the setting %s refuses %s in its own words", async (name, value, words) => {
  const { service } = await world();

  const { error } = sentinel.settings.safeParse({ ...settingsFor(service), [name]: value });

  expect(error?.issues.map(({ message }) => message)).toEqual([expect.stringMatching(words)]);
});

test("as much as one batch may have fits into one call", async () => {
  const { service, open } = await world();
  const { bytes, events: most } = sentinel.limits;
  const filled = (make: (seq: number) => ReturnType<typeof anOutgoingEvent>) =>
    aBatch(Array.from({ length: Math.min(most, Math.floor(bytes / make(100).bytes)) }, (_, i) => make(i + 1)));
  const small = filled((seq) => anOutgoingEvent({ seq, raw: `{"event_id":"event-${seq}"}` }));
  const usual = filled((seq) => anOutgoingEvent({ seq }));
  const sender = open();

  await sender.send(small, signal());
  await sender.send(usual, signal());

  expect(service.seen.rows).toHaveLength(small.events.length + usual.events.length);
  expect(service.seen.largest).toBeGreaterThan(700_000);
});
