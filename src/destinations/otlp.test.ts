import { afterEach, describe, expect, test } from "vitest";
import type { CheckStep } from "../model/check.ts";
import type { Sender } from "../model/destination.ts";
import { aBatch, anOutgoingEvent } from "../testing/an-outgoing-event.ts";
import { openSender, testDestination } from "../testing/destination-contract.ts";
import { attributeOf, type OtlpOptions, otlpReceiver } from "../testing/otlp-receiver.ts";
import { otlp } from "./otlp.ts";
import { endpointOf, OtlpSettings } from "./parts/otlp-settings.ts";

const TOKEN = "canary-token-0123";
const networks = { allow_networks: "127.0.0.0/8 ::1/128" };
const signal = () => AbortSignal.timeout(20_000);

describe.each([{ gzip: true }, { gzip: false }])("gzip $gzip", (kind) => {
  testDestination(otlp, async () => {
    const receiver = await otlpReceiver({ authorization: `Bearer ${TOKEN}` });
    const bodyOf = (key: string) => receiver.taken.find((record) => attributeOf(record, "cistern.key") === key)?.body;
    return {
      settings: { url: receiver.url, token: TOKEN, ...kind, ...networks },
      received: async () => receiver.taken.map((record) => attributeOf(record, "cistern.key") ?? "no key"),
      bodyOf: async (key) => (bodyOf(key) as { stringValue?: string }).stringValue,
      wrongCredentials: { token: "canary-other-4567" },
      stop: receiver.close,
      close: receiver.close,
    };
  });
});

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function receiving(options: OtlpOptions = {}) {
  const receiver = await otlpReceiver(options);
  cleanUp.push(receiver.close);
  return receiver;
}

function senderTo({ url }: { readonly url: string }, settings: Readonly<Record<string, unknown>> = {}): Sender {
  const sender = openSender(otlp, { url, ...networks, ...settings }, "/nowhere");
  cleanUp.push(() => sender.close());
  return sender;
}

const events = (count: number) => Array.from({ length: count }, (_, i) => anOutgoingEvent({ seq: i + 1 }));
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

async function ended(sender: Sender) {
  const steps: CheckStep[] = [];
  for await (const step of sender.check(anOutgoingEvent(), signal())) if (step.state !== "running") steps.push(step);
  return steps;
}

describe("what stands on the wire", () => {
  const string = (key: string, stringValue: string) => ({ key, value: { stringValue } });

  test("the whole request", async () => {
    const receiver = await receiving();
    const event = anOutgoingEvent({ eventId: "e1" });

    await senderTo(receiver).send(aBatch([event]), signal());

    const schemaUrl = "https://opentelemetry.io/schemas/1.41.0";
    expect(JSON.parse(receiver.requests[0]!.text)).toEqual({
      resourceLogs: [
        {
          resource: {
            attributes: [
              string("service.name", "cistern"),
              string("service.version", "test"),
              string("cistern.collector", "chatgpt-prod"),
              string("cistern.connector", "chatgpt-enterprise"),
            ],
          },
          schemaUrl,
          scopeLogs: [
            {
              scope: { name: "cistern", version: "test" },
              schemaUrl,
              logRecords: [
                {
                  timeUnixNano: "1784129345746561000",
                  observedTimeUnixNano: "1784130060123000000",
                  severityNumber: 9,
                  severityText: "INFO",
                  eventName: "CONVERSATION_MESSAGE",
                  body: { stringValue: event.body },
                  attributes: [
                    string("event.name", "CONVERSATION_MESSAGE"),
                    string("cistern.key", event.key),
                    string("cistern.event_id", "e1"),
                    string("cistern.collector", "chatgpt-prod"),
                    string("cistern.data_source", "conversations"),
                    string("cistern.site.name", "hq"),
                    string("user.id", "user-ada"),
                    string("user.email", "ada@example.com"),
                    string("gen_ai.conversation.id", "conv-1"),
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(receiver.requests[0]!.headers).toMatchObject({
      "content-type": "application/json",
      "content-encoding": "gzip",
    });
  });

  test("a second attempt is the same to the byte", async () => {
    const receiver = await receiving();
    const batch = aBatch(events(3));

    for (const _ of [1, 2]) await senderTo(receiver).send(batch, signal());

    expect(receiver.requests[1]!.text).toBe(receiver.requests[0]!.text);
  });

  test.each([
    ["", undefined],
    ["yesterday", undefined],
    ["1969-12-31T23:59:59Z", undefined],
    ["1970-01-01T00:00:00.000001Z", "1000"],
    ["2026-07-15T17:29:05.746561+02:00", "1784129345746561000"],
  ])("the time %j is %s", async (time, expected) => {
    const receiver = await receiving();

    await senderTo(receiver).send(aBatch([anOutgoingEvent({ time, raw: '{"event_id":"e"}' })]), signal());

    expect(receiver.taken[0]!.timeUnixNano).toBe(expected);
    expect(receiver.taken[0]!.observedTimeUnixNano).toBe("1784130060123000000");
  });

  test("what upstream writes into names and ids is readable for every receiver, or left out", async () => {
    const receiver = await receiving();
    const raw = String.raw`{"actor":{"user_id":"\ud800x","user_email":7},"conversation":null,"action_data":{"conversation_id":"c9"}}`;

    await senderTo(receiver).send(aBatch([anOutgoingEvent({ raw, eventId: "\udfff", type: "\ud800" })]), signal());

    const [record] = receiver.taken;
    expect(attributeOf(record!, "user.id")).toBe("\ufffdx");
    expect(attributeOf(record!, "user.email")).toBeUndefined();
    expect(attributeOf(record!, "gen_ai.conversation.id")).toBe("c9");
    expect(attributeOf(record!, "cistern.event_id")).toBe("\ufffd");
  });

  test("lines of text go in as they are", async () => {
    const receiver = await receiving();
    const body = "CEF:0|OpenAI|ChatGPT|1|x|y|3|msg=a\\=b";

    await senderTo(receiver, { service_name: "our audit" }).send(aBatch([anOutgoingEvent({ body })]), signal());

    expect(receiver.taken[0]!.body).toEqual({ stringValue: body });
    expect(receiver.requests[0]!.text).toContain('{"key":"service.name","value":{"stringValue":"our audit"}}');
  });

  test("the fullest batch stays below what receivers take, whatever is in it", async () => {
    const receiver = await receiving();
    const body = JSON.stringify('"'.repeat(1_000));
    const batch = aBatch(Array.from({ length: 2_000 }, (_, i) => anOutgoingEvent({ seq: i + 1, body })));
    const bytes = batch.events.reduce((sum, event) => sum + event.bytes, 0);

    await senderTo(receiver).send(batch, signal());

    expect(bytes).toBeGreaterThan(otlp.limits.bytes);
    expect(receiver.taken).toHaveLength(2_000);
  });
});

describe("what the receiver answers", () => {
  test.each([
    [400, "rejected", "malformed"],
    [401, "auth_failed", "credentials_refused"],
    [403, "auth_failed", "credentials_refused"],
    [404, "config_invalid", "wrong_address"],
    [307, "config_invalid", "redirected"],
    [408, "rejected", "not_retryable"],
    [413, "rejected", "too_large"],
    [429, "rate_limited", "throttled"],
    [500, "rejected", "not_retryable"],
    [501, "rejected", "not_retryable"],
    [502, "unavailable", "server_error"],
    [503, "unavailable", "server_error"],
    [504, "unavailable", "server_error"],
  ])("%i is %s, %s: only 429, 502, 503 and 504 come again", async (status, code, reason) => {
    const receiver = await receiving();
    const headers = { "retry-after": "3" };
    receiver.state.answer = { status, headers, body: JSON.stringify({ code: 3, message: `no, ${TOKEN}` }) };

    const error = await failure(senderTo(receiver, { token: TOKEN }).send(aBatch(events(1)), signal()));

    expect(error).toMatchObject({ code, reason, status });
    expect((error as Error).message).toMatch(/answered \d+: no, …$/);
    if (code === "unavailable" || code === "rate_limited") expect(error).toMatchObject({ retryAfterMs: 3_000 });
  });

  test.each([
    { status: 200, body: "{}" },
    { status: 200, body: "" },
    { status: 200, body: '{"partialSuccess":{}}' },
    { status: 200, body: '{"partialSuccess":null}' },
    { status: 200, body: '{"partialSuccess":{"rejectedLogRecords":"0"}}' },
    { status: 202, body: "ok" },
    { status: 204 },
  ])("an answer of %j is a success", async (answer) => {
    const receiver = await receiving();
    receiver.state.answer = answer;

    expect(await senderTo(receiver).send(aBatch(events(2)), signal())).toEqual({});
  });

  test("records that it drops without naming them are a warning with their number", async () => {
    const receiver = await receiving();
    receiver.state.drops = ({ attributes }) => /event-[135]"/.test(JSON.stringify(attributes));

    const sent = await senderTo(receiver).send(aBatch(events(5)), signal());

    expect(sent.refused).toBeUndefined();
    expect(sent.warning).toMatch(/dropped 3 of 5 log records: older than a week$/);
    expect(receiver.taken).toHaveLength(2);
  });

  test.each([1, 3])("where it drops all of %i it is known which", async (count) => {
    const receiver = await receiving();
    receiver.state.drops = () => true;

    const sent = await senderTo(receiver).send(aBatch(events(count)), signal());

    expect(sent.refused).toEqual(
      events(count).map((_, index) => ({ index, reason: "rejected_by_receiver", answer: "older than a week" })),
    );
  });

  test("words that come with a full success are a warning", async () => {
    const receiver = await receiving();
    receiver.state.answer = { status: 200, body: '{"partialSuccess":{"errorMessage":"use a newer schema"}}' };

    expect((await senderTo(receiver).send(aBatch(events(1)), signal())).warning).toMatch(/says: use a newer schema$/);
  });

  test("a page is no success, whatever its status", async () => {
    const receiver = await receiving();
    receiver.state.answer = {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "<h1>Sign in",
    };

    const error = await failure(senderTo(receiver).send(aBatch(events(1)), signal()));

    expect(error).toMatchObject({ code: "protocol", reason: "html_answer" });
  });
});

test("the connection test tells of a dropped test event and of words beside success", async () => {
  const receiver = await receiving();
  receiver.state.drops = () => true;
  const dropped = await ended(senderTo(receiver));
  receiver.state.answer = { status: 200, body: '{"partialSuccess":{"errorMessage":"use a newer schema"}}' };
  const warned = await ended(senderTo(receiver));

  expect(dropped.at(-1)).toMatchObject({ id: "deliver", state: "failed", detail: "older than a week" });
  expect(warned.at(-1)).toMatchObject({ id: "deliver", state: "warning", remedy: expect.stringMatching(/\S/) });
});

test.each([
  ["https://otel.example:4318", "https://otel.example:4318/v1/logs"],
  ["https://otel.example/", "https://otel.example/v1/logs"],
  ["https://otel.example/otlp", "https://otel.example/otlp/v1/logs"],
  ["https://otel.example/otlp/v1/logs/", "https://otel.example/otlp/v1/logs"],
  ["https://otel.example/x?tenant=a", "https://otel.example/x/v1/logs?tenant=a"],
])("%s is asked at %s", (url, endpoint) => {
  expect(endpointOf(OtlpSettings.parse({ url })).href).toBe(endpoint);
});
