import { generateKeyPairSync } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import type { CheckStep } from "../model/check.ts";
import type { CollectorError } from "../model/errors.ts";
import { aBatch, anOutgoingEvent } from "../testing/an-outgoing-event.ts";
import { type OtherSide, openSender, testDestination } from "../testing/destination-contract.ts";
import { googleSecopsSimulator, type SecopsSimulator } from "../testing/google-secops-simulator.ts";
import { googleSecops } from "./google-secops.ts";

const settingsFor = (service: SecopsSimulator) => ({
  project: service.project,
  location: service.location,
  instance: service.instance,
  forwarder: service.forwarder,
  service_account_key: JSON.stringify(service.key),
  endpoint: service.url,
  allow_networks: "127.0.0.0/8 ::1/128",
});

async function openSimulator(): Promise<OtherSide> {
  const service = await googleSecopsSimulator();
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  const wrongKey = JSON.stringify({ ...service.key, private_key: pem });
  return {
    settings: settingsFor(service),
    wrongCredentials: { service_account_key: wrongKey },
    received: async () => service.seen.logs.map(({ labels }) => labels.event_key!),
    bodyOf: async (key) => service.seen.logs.find(({ labels }) => labels.event_key === key)?.text,
    stop: service.close,
    close: service.close,
  };
}

testDestination(googleSecops, openSimulator);

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function world() {
  const service = await googleSecopsSimulator();
  cleanUp.push(service.close);
  const open = (settings: Readonly<Record<string, unknown>> = {}) => {
    const sender = openSender(googleSecops, { ...settingsFor(service), ...settings }, "/nowhere");
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

test("a log is the event in its format, with times, labels and namespace", async () => {
  const { service, open } = await world();
  const event = anOutgoingEvent({ seq: 3, eventId: "a1" });

  await open({ namespace: "emea" }).send(aBatch([event]), signal());

  expect(service.seen.logs).toEqual([
    {
      text: event.body,
      entryTime: "2026-07-15T15:29:05.746561Z",
      collectionTime: "2026-07-15T15:41:00.123000Z",
      namespace: "emea",
      labels: {
        event_key: event.key,
        event_id: "a1",
        event_type: "CONVERSATION_MESSAGE",
        collector: "chatgpt-prod",
        data_source: "conversations",
        sitename: "hq",
        timezone: "Europe/Berlin",
      },
    },
  ]);
});

test.each([
  ["without a time", ""],
  ["from the future", "2030-01-01T00:00:00Z"],
])("an event %s is entered right before it was collected, as Google wants it", async (_, time) => {
  const { service, open } = await world();

  await open().send(aBatch([anOutgoingEvent({ time })]), signal());

  expect(service.seen.logs[0]).toMatchObject({
    entryTime: "2026-07-15T15:41:00.122000Z",
    collectionTime: "2026-07-15T15:41:00.123000Z",
  });
});

test("a batch that came before counts as taken, however Google says so", async () => {
  const { service, open } = await world();
  const batch = aBatch(events(3));
  await open().send(batch, signal());
  service.faults.repeated = "already_exists";

  await open().send(batch, signal());

  expect(service.seen.imports).toBe(2);
  expect(service.seen.logs).toHaveLength(3);
});

test("as many events as one batch may have make a request of about 1 MB", async () => {
  const { service, open } = await world();
  const size = googleSecops.limits.bytes / googleSecops.limits.events;
  const many = Array.from({ length: googleSecops.limits.events }, (_, i) =>
    anOutgoingEvent({ seq: i + 1, body: "x".repeat(size) }),
  );

  await open().send(aBatch(many), signal());

  expect(service.seen.largest).toBeGreaterThan(950_000);
  expect(service.seen.largest).toBeLessThan(1_100_000);
});

test("an event of the largest size that is allowed is taken; more than a request may have is not sent", async () => {
  const { service, open } = await world();
  const large = (seq: number) => anOutgoingEvent({ seq, body: "x".repeat(googleSecops.limits.eventBytes!) });
  const sender = open();

  await sender.send(aBatch([large(1)]), signal());
  const error = await failure(sender.send(aBatch([large(2), large(3)]), signal()));

  expect(service.seen.logs).toHaveLength(1);
  expect(service.seen.imports).toBe(1);
  expect(error).toMatchObject({ code: "rejected", reason: "too_large" });
});

test("an invalid event makes Google refuse its batch, and halves lead to it", async () => {
  const { service, open } = await world();
  service.faults.poison = "event-6";
  const sender = open();
  const alone: string[] = [];
  const halve = async (some: ReturnType<typeof events>): Promise<void> => {
    const error = await failure(sender.send(aBatch(some), signal()));
    if (error === undefined) return;
    expect(error).toMatchObject({ code: "rejected", reason: "malformed", status: 400 });
    if (some.length === 1) alone.push(some[0]!.key);
    else for (const part of [some.slice(0, some.length / 2), some.slice(some.length / 2)]) await halve(part);
  };
  const all = events(8);

  await halve(all);

  expect(alone).toEqual([all[5]!.key]);
  expect(service.seen.logs).toHaveLength(7);
});

test.each([
  ["another log type", { log_type: "OTHER" }, 400],
  ["another forwarder", { forwarder: "00000000-0000-4000-8000-000000000000" }, 400],
  ["another instance", { instance: "00000000-0000-4000-8000-000000000000" }, 404],
])("%s is a matter of settings and makes no dead letters", async (_, settings, status) => {
  const { open } = await world();

  const error = await failure(open(settings).send(aBatch(events(1)), signal()));

  expect(error).toMatchObject({ code: "config_invalid", reason: "wrong_address", status });
});

test("429 waits as long as it asks, else for the five minutes of the burst limit", async () => {
  const { service, open } = await world();
  const sender = open();
  Object.assign(service.faults, { throttled: 1, retryAfter: "11" });
  const asked = await failure(sender.send(aBatch(events(1)), signal()));
  Object.assign(service.faults, { throttled: 1, retryAfter: undefined });
  const silent = await failure(sender.send(aBatch(events(1)), signal()));

  expect(asked).toMatchObject({ code: "rate_limited", reason: "throttled", retryAfterMs: 11_000 });
  expect(silent).toMatchObject({ code: "rate_limited", reason: "throttled", retryAfterMs: 300_000 });
});

test("a batch that met a fault of Google's goes through unchanged once that has passed", async () => {
  const { service, open } = await world();
  const sender = open();
  const batch = aBatch(events(3));
  service.faults.failing = 1;

  const error = await failure(sender.send(batch, signal()));
  await sender.send(batch, signal());

  expect(error).toMatchObject({ code: "unavailable", status: 500 });
  expect(service.seen.logs).toHaveLength(3);
});

test("a permission that is missing is named", async () => {
  const { service, open } = await world();
  service.faults.permissionMissing = true;

  const error = await failure(open().send(aBatch(events(1)), signal()));

  expect(error).toMatchObject({ code: "auth_failed", reason: "role_missing" });
  expect(error?.action).toContain("chronicle.logs.import");
});

test("one token serves many batches; one that is refused is replaced once", async () => {
  const { service, open } = await world();
  const sender = open();
  for (const from of [1, 10]) await sender.send(aBatch(events(2, from)), signal());
  const first = service.seen.tokens;
  service.faults.tokensRefused = 1;
  await sender.send(aBatch(events(2, 20)), signal());
  const second = service.seen.tokens;
  service.faults.tokensRefused = 2;
  const error = await failure(sender.send(aBatch(events(2, 30)), signal()));

  expect([first, second]).toEqual([1, 2]);
  expect(error).toMatchObject({ code: "auth_failed", status: 401 });
  expect(service.seen.logs).toHaveLength(6);
});

test("a clock that is wrong is told as such", async () => {
  const { service, open } = await world();
  service.seen.aheadMs = 2 * 3_600_000;

  const error = await failure(open().send(aBatch(events(1)), signal()));

  expect(error).toMatchObject({ code: "auth_failed", reason: "clock_skew", action: expect.stringMatching(/clock/) });
});

test("the connection test says which step failed and what to do, and delivers nothing without a token", async () => {
  const { service, open } = await world();
  const key = { ...service.key, client_email: "somebody@else.example" };
  const steps: CheckStep[] = [];

  const sender = open({ service_account_key: JSON.stringify(key) });
  for await (const step of sender.check(events(1)[0]!, signal())) steps.push(step);

  expect(steps.map(({ id, state }) => `${id} ${state}`)).toEqual([
    "sign-in running",
    "sign-in failed",
    "deliver skipped",
  ]);
  expect(steps[1]!.remedy).toMatch(/new key/);
  expect(JSON.stringify(steps)).not.toContain("PRIVATE");
  expect(service.seen.logs).toEqual([]);
});
