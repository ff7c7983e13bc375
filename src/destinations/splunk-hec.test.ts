import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { Sender } from "../model/destination.ts";
import type { CollectorError } from "../model/errors.ts";
import { aBatch, anOutgoingEvent, hostileEvents } from "../testing/an-outgoing-event.ts";
import { openSender, testDestination } from "../testing/destination-contract.ts";
import { type HecOptions, type HecServer, hecAnswer, splunkHecServer } from "../testing/splunk-hec-server.ts";
import { HecSettings } from "./parts/hec-settings.ts";
import { splunkHec } from "./splunk-hec.ts";

const TOKEN = "11111111-2222-3333-4444-555555555555";
const networks = { allow_networks: "127.0.0.0/8 ::1/128" };
const signal = () => AbortSignal.timeout(30_000);
const events = (count: number) => Array.from({ length: count }, (_, i) => anOutgoingEvent({ seq: i + 1 }));

testDestination(splunkHec, async () => {
  const server = await splunkHecServer({ tokens: { [TOKEN]: {} } });
  return {
    settings: { url: server.url, token: TOKEN, ...networks },
    received: async () => server.taken.map(({ fields }) => fields.key!),
    wrongCredentials: { token: "99999999-2222-3333-4444-555555555555" },
    stop: server.close,
    close: server.close,
  };
});

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function splunk(options: Partial<HecOptions> = {}): Promise<HecServer> {
  const server = await splunkHecServer({ tokens: { [TOKEN]: {} }, ...options });
  cleanUp.push(server.close);
  return server;
}

function senderTo(server: HecServer, more: Readonly<Record<string, unknown>> = {}): Sender {
  const sender = openSender(splunkHec, { url: server.url, token: TOKEN, ...networks, ...more }, "/nowhere");
  cleanUp.push(() => sender.close());
  return sender;
}

const keysIn = (server: HecServer) => server.taken.map(({ fields }) => fields.key!);

async function failureOf(work: Promise<unknown>): Promise<CollectorError> {
  return (await work.then(
    () => undefined,
    (error: unknown) => error,
  )) as CollectorError;
}

describe("what stands on the wire", () => {
  test("the whole object, to the byte", async () => {
    const server = await splunk();
    const raw = '{ "event_id":"e1", "n":123456789012345678901234567890, "a":1, "a":2 }';
    const sender = senderTo(server, { index: "openai", host: "cistern-1" });

    await sender.send(aBatch([anOutgoingEvent({ eventId: "e1", raw })]), signal());

    const key = server.taken[0]!.fields.key;
    expect(key).toMatch(/^col_abcdefghijklmnop:e1:[0-9a-f]{16}$/);
    expect(server.taken[0]!.text).toBe(
      '{"time":1784129345.746,"host":"cistern-1","source":"chatgpt-prod","sourcetype":"openai:compliance:conversations",' +
        `"index":"openai","fields":{"key":"${key}","event_id":"e1","collector":"chatgpt-prod","sitename":"hq",` +
        `"timezone":"Europe/Berlin"},"event":${raw}}`,
    );
  });

  test("hostile upstream text is in it byte for byte", async () => {
    const server = await splunk();
    const hostile = hostileEvents();

    await senderTo(server).send(aBatch(hostile), signal());

    expect(server.taken.map(({ members }) => members.get("event"))).toEqual(hostile.map(({ view }) => view.text));
  });

  test("other formats, and what is not valid UTF-8, go in as their body", async () => {
    const server = await splunk();
    const ecs = anOutgoingEvent({ body: '{"@timestamp":"2026-07-15T15:29:05Z","message":"x"}' });
    const broken = anOutgoingEvent({ seq: 2, raw: Buffer.from([0x7b, 0xff, 0x7d]) });

    await senderTo(server).send(aBatch([ecs, broken]), signal());

    expect(server.taken.map(({ members }) => members.get("event"))).toEqual([ecs.body, broken.body]);
  });

  test.each([
    ["conversations", "openai:compliance:conversations", "openai:compliance:conversation_message"],
    ["audit-log", "openai:compliance:audit_log", "openai:compliance:audit_log"],
    ["app-log", "openai:compliance:app_log", "openai:compliance:app_log"],
    ["app-auth-log", "openai:compliance:app_log_auth", "openai:compliance:app_auth_log"],
    ["codex-log", "openai:compliance:codex_log", "openai:compliance:codex_log"],
    ["custom-agents-log", "openai:compliance:custom_agents_log", "openai:compliance:custom_agents_log"],
  ])("the sourcetype of %s is %s; by event type, %s", async (dataSource, bySource, byType) => {
    const server = await splunk();
    const type =
      dataSource === "conversations" ? "CONVERSATION_MESSAGE" : dataSource.toUpperCase().replaceAll("-", "_");
    const batch = aBatch([anOutgoingEvent({ dataSource, type })]);

    await senderTo(server).send(batch, signal());
    await senderTo(server, { sourcetypes: "event_type" }).send(batch, signal());
    await senderTo(server, { sourcetype: "our:own" }).send(batch, signal());

    const sourcetypes = server.taken.map(({ members }) => JSON.parse(members.get("sourcetype")!));
    expect(sourcetypes).toEqual([bySource, byType, "our:own"]);
  });

  test.each([
    ["2026-07-15T15:29:05.746561Z", "1784129345.746"],
    ["2026-07-15T17:29:05+02:00", "1784129345.000"],
    ["1970-01-01T00:00:00.000001Z", "0.000"],
    ["", "1784130060.123"],
  ])("the time %j is written as %s", async (time, written) => {
    const server = await splunk();

    await senderTo(server).send(aBatch([anOutgoingEvent({ time, raw: '{"event_id":"e"}' })]), signal());

    expect(server.taken[0]!.members.get("time")).toBe(written);
  });

  test("no request is larger than the setting, and an event that fits into none is refused without being sent", async () => {
    const server = await splunk({ maxBytes: 10_000 });
    const large = anOutgoingEvent({ seq: 50, raw: JSON.stringify({ text: "x".repeat(20_000) }) });
    const batch = aBatch([...events(30), large, anOutgoingEvent({ seq: 51 })]);

    const sent = await senderTo(server, { max_bytes: 10_000 }).send(batch, signal());

    expect(sent.refused).toEqual([{ index: 30, reason: "too_large", answer: expect.stringContaining("10000 bytes") }]);
    expect(keysIn(server)).toEqual(batch.events.filter((_, index) => index !== 30).map(({ key }) => key));
    expect(server.posts()).toBeGreaterThan(2);
  });

  test.each(["", "/", "/services/collector", "/services/collector/event"])(
    "an address that ends in %j is understood",
    async (path) => {
      const server = await splunk();
      const sender = senderTo({ ...server, url: `${server.url}${path}` });

      await sender.send(aBatch(events(1)), signal());

      expect(server.taken).toHaveLength(1);
    },
  );
});

describe("events that Splunk refuses", () => {
  test.each([false, true])(
    "only those are refused, and the rest arrives; those ahead are taken at once: %s",
    async (ahead) => {
      const server = await splunk();
      const batch = aBatch(events(12));
      const bad = new Set([0, 5, 11].map((index) => batch.events[index]!.key));
      server.state.refuse = ({ fields }) => (bad.has(fields.key!) ? 6 : undefined);
      server.state.takesAheadOfRefused = ahead;

      const sent = await senderTo(server).send(batch, signal());

      expect(sent.refused?.map(({ index, reason }) => [index, reason])).toEqual(
        [0, 5, 11].map((i) => [i, "malformed"]),
      );
      expect(sent.refused?.[0]?.answer).toContain("Invalid data format");
      expect(sent.again).toEqual([]);
      expect(new Set(keysIn(server))).toEqual(
        new Set(batch.events.map(({ key }) => key).filter((key) => !bad.has(key))),
      );
      if (!ahead) expect(keysIn(server)).toHaveLength(9);
    },
  );

  test.each([2, 3, 5])("an innocent event that is pointed at is delivered: the one at fault is %i", async (fault) => {
    const server = await splunk();
    const batch = aBatch(events(6));
    const bad = batch.events[fault]!.key;
    server.state.refuse = ({ fields }) => (fields.key === bad ? 15 : undefined);
    server.state.countsFrom = 1;

    const sent = await senderTo(server).send(batch, signal());

    expect(sent).toMatchObject({ refused: [{ index: fault }], again: [] });
    expect(keysIn(server).toSorted()).toEqual(
      batch.events
        .map(({ key }) => key)
        .filter((key) => key !== bad)
        .toSorted(),
    );
  });

  test("a batch in which everything is refused ends after some requests, and leaves the rest for later", async () => {
    const server = await splunk();
    server.state.refuse = () => 6;

    const sent = await senderTo(server).send(aBatch(events(60)), signal());

    const told = [...(sent.refused ?? []).map(({ index }) => index), ...(sent.again ?? [])];
    expect(told.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
    expect(sent.again!.length).toBeGreaterThan(0);
    expect(server.posts()).toBeLessThan(50);
  });

  test("a refusal that names no event is left to be halved", async () => {
    const server = await splunk();
    server.state.answer = hecAnswer(6);

    const error = await failureOf(senderTo(server).send(aBatch(events(2)), signal()));

    expect(error).toMatchObject({ code: "rejected", reason: "malformed" });
  });
});

describe("answers of Splunk", () => {
  test.each([
    [1, "auth_failed", "credentials_refused"],
    [2, "auth_failed", "credentials_refused"],
    [3, "auth_failed", "credentials_refused"],
    [4, "auth_failed", "credentials_refused"],
    [7, "config_invalid", "index_refused"],
    [8, "unavailable", "server_error"],
    [9, "unavailable", "splunk_busy"],
    [10, "config_invalid", "acknowledgement_wanted"],
    [11, "config_invalid", "channel_refused"],
    [14, "config_invalid", "acknowledgement_off"],
    [16, "auth_failed", "credentials_refused"],
    [18, "unavailable", "splunk_unhealthy"],
    [19, "unavailable", "splunk_unhealthy"],
    [20, "unavailable", "splunk_unhealthy"],
    [21, "auth_failed", "credentials_refused"],
    [22, "auth_failed", "credentials_refused"],
    [23, "unavailable", "splunk_stopping"],
    [26, "rate_limited", "queue_full"],
    [27, "rate_limited", "acknowledgements_full"],
  ])("code %i is %s, %s", async (code, expected, reason) => {
    const server = await splunk();
    server.state.answer = hecAnswer(code, { "invalid-event-number": 0 });

    const error = await failureOf(senderTo(server).send(aBatch(events(2)), signal()));

    expect(error).toMatchObject({ code: expected, reason });
    expect(error.action).toMatch(/\S/);
  });

  test.each([0, 24, 25])("code %i with status 200 is success", async (code) => {
    const server = await splunk();
    server.state.answer = hecAnswer(code);

    expect(await senderTo(server).send(aBatch(events(2)), signal())).toEqual({ refused: [], again: [] });
  });

  test.each([
    [{ status: 413, body: "<html>too large</html>" }, "rejected", "too_large"],
    [{ status: 400, body: "<html>blocked</html>" }, "config_invalid", "request_refused"],
    [{ status: 415, body: "" }, "config_invalid", "request_refused"],
    [{ status: 200, body: "<html>sign in</html>" }, "protocol", "unexpected_answer"],
    [{ status: 503, body: "", headers: { "retry-after": "7" } }, "unavailable", "server_error"],
    [{ status: 500, body: '{"text":"Success","code":0}' }, "unavailable", "server_error"],
    [{ status: 302, body: "", headers: { location: "https://elsewhere.example" } }, "config_invalid", "redirected"],
  ])("%j is %s, %s", async (answer, expected, reason) => {
    const server = await splunk();
    server.state.answer = answer;

    const error = await failureOf(senderTo(server).send(aBatch(events(2)), signal()));

    expect(error).toMatchObject({ code: expected, reason });
    if (answer.status === 503) expect(error.retryAfterMs).toBe(7_000);
  });

  test("an index that the token may not write to halts", async () => {
    const server = await splunk({ tokens: { [TOKEN]: { indexes: ["main"] } } });

    const error = await failureOf(senderTo(server, { index: "openai" }).send(aBatch(events(2)), signal()));

    expect(error).toMatchObject({ code: "config_invalid", reason: "index_refused" });
  });
});

describe("the settings", () => {
  test.each([
    [{ token: "with space" }, "expected the token"],
    [{ url: "ftp://splunk.example" }, "expected an address"],
    [{ max_bytes: 5 }, "expected a number of bytes"],
    [{ nonsense: 1 }, "nonsense"],
  ])("%j is refused", (wrong, words) => {
    const result = HecSettings.safeParse({ url: "https://splunk.example", token: TOKEN, ...wrong });

    expect(result.error?.message).toContain(words);
  });
});

test("the simulator undoes gzip only where the header says so", async () => {
  const server = await splunk();
  const post = async (headers: Record<string, string>, body: Buffer<ArrayBuffer>) => {
    const all = { authorization: `Splunk ${TOKEN}`, ...headers };
    return (await fetch(`${server.url}/services/collector`, { method: "POST", headers: all, body })).status;
  };

  expect(await post({ "content-encoding": "gzip" }, gzipSync('{"event":"a"}'))).toBe(200);
  expect(await post({}, gzipSync('{"event":"a"}'))).toBe(400);
  expect(await post({ "content-encoding": "br" }, Buffer.from('{"event":"a"}'))).toBe(415);
});
