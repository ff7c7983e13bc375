import { afterEach, describe, expect, test } from "vitest";
import type { CheckStep } from "../model/check.ts";
import type { Sender } from "../model/destination.ts";
import { aBatch, anOutgoingEvent } from "../testing/an-outgoing-event.ts";
import { openSender, testDestination } from "../testing/destination-contract.ts";
import { exabeamReceiver } from "../testing/exabeam-receiver.ts";
import { exabeam } from "./exabeam.ts";
import { ExabeamSettings, endpointOf } from "./parts/exabeam-settings.ts";

const TOKEN = "eyJ.canary-token.x";
const networks = { allow_networks: "127.0.0.0/8 ::1/128" };
const signal = () => AbortSignal.timeout(20_000);
const keyOf = (text: string) => (JSON.parse(text) as { key: string }).key;

describe.each([
  { body: "json", gzip: true },
  { body: "json", gzip: false },
  { body: "raw", gzip: true },
] as const)("as $body, gzip $gzip", (kind) => {
  testDestination(exabeam, async () => {
    const receiver = await exabeamReceiver({ token: TOKEN });
    return {
      settings: { url: receiver.url, token: TOKEN, ...kind, ...networks },
      received: async () => receiver.logs().map(keyOf),
      bodyOf: async (key) => receiver.logs().find((text) => keyOf(text) === key),
      wrongCredentials: { token: "eyJ.of-an-api-key.x" },
      stop: receiver.close,
      close: receiver.close,
    };
  });
});

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function receiving() {
  const receiver = await exabeamReceiver({ token: TOKEN, forbidden: ["eyJ.may-not.x"] });
  cleanUp.push(receiver.close);
  return receiver;
}

function senderTo({ url }: { readonly url: string }, settings: Readonly<Record<string, unknown>> = {}): Sender {
  const sender = openSender(exabeam, { url, token: TOKEN, ...networks, ...settings }, "/nowhere");
  cleanUp.push(() => sender.close());
  return sender;
}

const events = (count: number) => Array.from({ length: count }, (_, i) => anOutgoingEvent({ seq: i + 1 }));
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test("an array and lines are sent as what they are, compressed", async () => {
  const receiver = await receiving();
  const batch = aBatch(events(3));

  await senderTo(receiver).send(batch, signal());
  await senderTo(receiver, { body: "raw" }).send(batch, signal());

  for (const { headers, logs } of receiver.taken) {
    expect(headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, "content-encoding": "gzip" });
    expect(logs).toEqual(batch.events.map(({ body }) => body));
  }
  expect(receiver.taken.map(({ headers }) => headers["content-type"])).toEqual(["application/json", "text/plain"]);
});

test("the largest batch that the engine makes is taken", async () => {
  const receiver = await receiving();
  const body = (i: number) => JSON.stringify({ key: `k${i}`, text: "x".repeat(2_399_000) });
  const batch = aBatch(Array.from({ length: 10 }, (_, i) => anOutgoingEvent({ seq: i + 1, body: body(i) })));
  const bytes = batch.events.reduce((sum, event) => sum + event.bytes, 0);

  await senderTo(receiver).send(batch, signal());

  expect(bytes).toBeGreaterThan(exabeam.limits.bytes * 0.99);
  expect(bytes).toBeLessThanOrEqual(exabeam.limits.bytes);
  expect(receiver.taken[0]?.bytes.plain).toBeGreaterThan(bytes);
  expect(receiver.logs()).toHaveLength(10);
});

test("a batch beyond what Exabeam takes is told as too large, so that it is halved", async () => {
  const receiver = await receiving();
  const batch = aBatch([anOutgoingEvent({ body: JSON.stringify({ text: "x".repeat(32_000_001) }) })]);

  expect(await failure(senderTo(receiver).send(batch, signal()))).toMatchObject({
    code: "rejected",
    reason: "too_large",
  });
});

test.each([
  [{ status: 400 }, { code: "rejected", reason: "malformed" }],
  [{ status: 401 }, { code: "auth_failed", action: expect.stringContaining("webhook collector") }],
  [{ status: 403 }, { code: "auth_failed", action: expect.stringContaining("webhook collector") }],
  [{ status: 404 }, { code: "config_invalid", action: expect.stringContaining("region") }],
  [
    { status: 302, headers: { location: "https://elsewhere.example" } },
    { code: "config_invalid", reason: "redirected" },
  ],
  [{ status: 413 }, { code: "rejected", reason: "too_large" }],
  [
    { status: 429, headers: { "retry-after": "7" } },
    { code: "rate_limited", retryAfterMs: 7_000 },
  ],
  [{ status: 500 }, { code: "unavailable" }],
  [
    { status: 503, headers: { "retry-after": "2" } },
    { code: "unavailable", retryAfterMs: 2_000 },
  ],
])("an answer of %j is %j", async (answer, expected) => {
  const receiver = await receiving();
  receiver.state.answer = { ...answer, body: `no: ${TOKEN}` };

  const error = await failure(senderTo(receiver).send(aBatch(events(1)), signal()));

  expect(error).toMatchObject({ ...expected, status: answer.status });
  expect((error as Error).message).not.toContain("canary");
});

test.each([
  ["a token of an API key", { token: "eyJ.of-an-api-key.x" }, "Jwt issuer is not configured"],
  ["a token that may not write", { token: "eyJ.may-not.x" }, "access denied"],
])("the connection test tells of %s", async (_, settings, words) => {
  const receiver = await receiving();
  const steps: CheckStep[] = [];

  for await (const step of senderTo(receiver, settings).check(anOutgoingEvent(), signal())) steps.push(step);

  const failed = steps.filter(({ state }) => state === "failed");
  expect(failed).toMatchObject([{ id: "sign-in", detail: expect.stringContaining(words) }]);
  expect(failed[0]?.remedy).toMatch(/showed when the webhook collector was made/);
  expect(steps.at(-1)).toMatchObject({ id: "deliver", state: "skipped" });
  expect(receiver.taken).toEqual([]);
});

const at = (settings: Readonly<Record<string, unknown>>) =>
  endpointOf(ExabeamSettings.parse({ token: TOKEN, ...settings })).href;

test.each([
  [{ region: "us-west" }, "https://api2.us-west.exabeam.cloud/cloud-collectors/v1/logs/json"],
  [{ region: "sa", body: "raw" }, "https://api2.sa.exabeam.cloud/cloud-collectors/v1/logs/raw"],
  [{ url: "https://relay.example" }, "https://relay.example/cloud-collectors/v1/logs/json"],
  [{ url: "https://relay.example:8443/x/", body: "raw" }, "https://relay.example:8443/x/raw"],
  [{ url: "https://relay.example/x/logs/json" }, "https://relay.example/x/logs/json"],
  [{ url: "https://relay.example/x/logs/raw/", body: "raw" }, "https://relay.example/x/logs/raw"],
])("settings %j lead to %s", (settings, url) => {
  expect(at(settings)).toBe(url);
});

test.each([
  [{}, "region"],
  [{ region: "us-west", url: "https://relay.example" }, "region"],
  [{ region: "mars" }, "region"],
  [{ region: "eu", token: "Bearer x" }, "token"],
  [{ region: "eu", body: "xml" }, "body"],
  [{ url: "https://relay.example/logs/raw" }, "body"],
])("settings such as %j are refused at %s", (settings, field) => {
  const { error } = exabeam.settings.safeParse({ token: TOKEN, ...settings });

  expect(error?.issues.map(({ path }) => path.join("."))).toEqual([field]);
  expect(error?.issues[0]?.message).toMatch(/^expected /);
});
