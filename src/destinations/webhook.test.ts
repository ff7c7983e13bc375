import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test } from "vitest";
import type { Sender } from "../model/destination.ts";
import { aBatch, anOutgoingEvent, hostileEvents } from "../testing/an-outgoing-event.ts";
import { testAuthority } from "../testing/certificates.ts";
import { openSender, testDestination } from "../testing/destination-contract.ts";
import { type WebhookReceiverOptions, webhookReceiver } from "../testing/webhook-receiver.ts";
import { webhook } from "./webhook.ts";

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
const SECRET = secretOf(7);
const networks = { allow_networks: "127.0.0.0/8 ::1/128" };
const signal = () => AbortSignal.timeout(20_000);
const keyOf = (text: string) => (JSON.parse(text) as { key: string }).key;

const kinds = [
  { body: "array", gzip: false },
  { body: "ndjson", gzip: true },
  { body: "event", gzip: false },
] as const;

describe.each(kinds)("as $body, gzip $gzip", (kind) => {
  testDestination(webhook, async () => {
    const receiver = await webhookReceiver({ secret: SECRET });
    const texts = () => receiver.taken.flatMap(({ events }) => events);
    return {
      settings: { url: `${receiver.url}/in`, secret: SECRET, ...kind, ...networks },
      received: async () => texts().map(keyOf),
      bodyOf: async (key) => texts().find((text) => keyOf(text) === key),
      wrongCredentials: { secret: secretOf(8) },
      stop: receiver.close,
      close: receiver.close,
    };
  });
});

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function receiving(options: WebhookReceiverOptions = {}) {
  const receiver = await webhookReceiver(options);
  cleanUp.push(receiver.close);
  return receiver;
}

function senderTo({ url }: { readonly url: string }, settings: Readonly<Record<string, unknown>> = {}): Sender {
  const sender = openSender(webhook, { url: `${url}/in`, ...networks, ...settings }, "/nowhere");
  cleanUp.push(() => sender.close());
  return sender;
}

const events = (count: number) => Array.from({ length: count }, (_, i) => anOutgoingEvent({ seq: i + 1 }));
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("what is sent", () => {
  test("an array of the bodies as they are", async () => {
    const receiver = await receiving();
    const batch = aBatch(events(2));

    await senderTo(receiver).send(batch, signal());

    expect(receiver.taken[0]!.body).toBe(`[${batch.events[0]!.body},${batch.events[1]!.body}]`);
    expect(receiver.taken[0]!.headers).toMatchObject({ "content-type": "application/json", "webhook-id": batch.id });
    expect(receiver.taken[0]!.headers).not.toHaveProperty("webhook-signature");
    expect(receiver.taken[0]!.headers).not.toHaveProperty("authorization");
  });

  test("a line for each event", async () => {
    const receiver = await receiving();
    const batch = aBatch(events(2));

    await senderTo(receiver, { body: "ndjson" }).send(batch, signal());

    expect(receiver.taken[0]!.body).toBe(`${batch.events[0]!.body}\n${batch.events[1]!.body}\n`);
    expect(receiver.taken[0]!.headers).toMatchObject({ "content-type": "application/x-ndjson" });
  });

  test("a request for each event, with its key as id", async () => {
    const receiver = await receiving();
    const batch = aBatch(events(3));

    await senderTo(receiver, { body: "event" }).send(batch, signal());

    expect(receiver.taken.map(({ headers }) => headers["webhook-id"])).toEqual(batch.events.map(({ key }) => key));
    expect(receiver.taken.map(({ body }) => body)).toEqual(batch.events.map(({ body }) => body));
  });

  test("an attempt again is the same id and body, signed anew", async () => {
    const receiver = await receiving({ secret: SECRET });
    const batch = aBatch(events(2));
    receiver.state.answer = () => ({ status: 503 });
    const sender = senderTo(receiver, { secret: SECRET });
    const refused: string[] = [];
    receiver.state.answer = ({ headers, body }) => {
      refused.push(`${headers["webhook-id"]} ${body}`);
      return refused.length === 1 ? { status: 503 } : undefined;
    };

    expect(await failure(sender.send(batch, signal()))).toMatchObject({ code: "unavailable" });
    await sender.send(batch, signal());

    expect(refused[1]).toBe(refused[0]);
    expect(receiver.taken).toHaveLength(1);
  });

  test("a token and a header of one's own", async () => {
    const receiver = await receiving({ authorization: "Bearer reed-water" });
    const settings = { token: "reed-water", header_name: "X-Api-Key", header_value: "stone bridge" };

    await senderTo(receiver, settings).send(aBatch(events(1)), signal());

    expect(receiver.taken[0]!.headers).toMatchObject({
      authorization: "Bearer reed-water",
      "x-api-key": "stone bridge",
    });
  });
});

describe("signatures", () => {
  test("while secrets change, a receiver with either verifies; one with neither does not", async () => {
    const settings = { secret: secretOf(2), previous_secret: secretOf(1) };
    for (const [secret, isTaken] of [
      [secretOf(1), true],
      [secretOf(2), true],
      [secretOf(3), false],
    ] as const) {
      const receiver = await receiving({ secret });
      const error = await failure(senderTo(receiver, settings).send(aBatch(events(1)), signal()));
      expect(error === undefined).toBe(isTaken);
    }
  });

  test("an id that upstream chose cannot be split into another message, and always fits into a header", async () => {
    const receiver = await receiving({ secret: SECRET });
    const ids = ["a.1784116800.b", "line\r\nx-evil: 1", "Straße 北京 🙂", "\ud800", "%41", "x".repeat(100_000)];
    const batch = aBatch(ids.map((eventId, i) => anOutgoingEvent({ seq: i + 1, eventId })));

    await senderTo(receiver, { secret: SECRET, body: "event" }).send(batch, signal());

    const told = receiver.taken.map(({ headers }) => String(headers["webhook-id"]));
    expect(new Set(told).size).toBe(ids.length);
    for (const id of told) expect(id).toMatch(/^[\w:%~-]{1,250}$/);
    expect(told[0]).toMatch(/^col_abcdefghijklmnop:a%2E1784116800%2Eb:[0-9a-f]{16}$/);
    expect(told[4]).toContain(":%2541:");
  });

  test("what is changed on the way does not verify", async () => {
    const receiver = await receiving();
    await senderTo(receiver, { secret: SECRET }).send(aBatch(hostileEvents()), signal());
    const { body, headers } = receiver.taken[0]!;
    const verified = (text: string, id = headers["webhook-id"]) =>
      new Webhook(SECRET).verify(text, { ...(headers as Record<string, string>), "webhook-id": String(id) });

    expect(verified(body)).toHaveLength(hostileEvents().length);
    expect(() => verified(`${body} `)).toThrow();
    expect(() => verified(body, "other")).toThrow();
  });
});

test("over mutual TLS it proves itself with its certificate", async () => {
  const authority = await testAuthority();
  const seen: unknown[] = [];
  const options = { ...(await authority.server()), ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, (request, response) => {
    seen.push((request.socket as TLSSocket).getPeerCertificate().subject.CN);
    request.resume().on("end", () => response.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp.push(async () => server.close());
  const { cert, key } = await authority.client("cistern-at-hq");
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  await senderTo({ url }, { ca: authority.cert, client_certificate: cert, client_key: key }).send(
    aBatch(events(1)),
    signal(),
  );

  expect(seen).toEqual(["cistern-at-hq"]);
});

test.each([
  [{ url: "ftp://hooks.example" }, "url"],
  [{ url: "https://user@hooks.example" }, "url"],
  [{ secret: "whsec_short" }, "secret"],
  [{ previous_secret: SECRET }, "secret"],
  [{ token: "Bearer x" }, "token"],
  [{ header_name: "X-Api-Key" }, "header_value"],
  [{ header_value: "x" }, "header_name"],
  [{ header_name: "Content-Length", header_value: "1" }, "header_name"],
  [{ header_name: "webhook-id", header_value: "1" }, "header_name"],
  [{ header_name: "a b", header_value: "1" }, "header_name"],
  [{ header_name: "X-Api-Key", header_value: "a\r\nb: c" }, "header_value"],
  [{ token: "t", header_name: "Authorization", header_value: "Basic x" }, "header_name"],
])("settings such as %j are refused at %s, in words that say what is expected", (settings, field) => {
  const { error } = webhook.settings.safeParse({ url: "https://hooks.example/in", ...settings });

  expect(error?.issues.map(({ path }) => path.join("."))).toEqual([field]);
  expect(error?.issues[0]?.message).toMatch(/^expected /);
});
