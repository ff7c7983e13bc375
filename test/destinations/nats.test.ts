import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { nkeys } from "@nats-io/transport-node";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { nats } from "../../src/destinations/nats.ts";
import type { CheckStep } from "../../src/model/check.ts";
import { aBatch, anOutgoingEvent } from "../../src/testing/an-outgoing-event.ts";
import { type TestAuthority, testAuthority } from "../../src/testing/certificates.ts";
import { openSender, testDestination } from "../../src/testing/destination-contract.ts";
import { tcpRelay } from "../../src/testing/tcp-relay.ts";
import { expectToEnd } from "./ends-by-itself.ts";
import { inHaste } from "./in-haste.ts";
import { skippedFor } from "./local-program.ts";
import { natsOperator } from "./nats-operator.ts";
import { addStream, messagesOf, type NatsServerOptions, natsProgram, natsServer } from "./nats-server.ts";
import { tlsRelay } from "./tls-relay.ts";

const HERE = { tls: false, allow_networks: "127.0.0.0/8 ::1/128" };
const LOGIN = 'authorization { users: [{ user: "cistern", password: "right-password" }] }';
const ADMIN = { user: "admin", pass: "admin-password" };
const withAdmin = (user: string) => `authorization { users: [{ user: admin, password: admin-password }, ${user}] }`;
const signal = () => AbortSignal.timeout(25_000);

const cleanUp: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const clean = <T extends { close(): Promise<unknown> }>(made: T): T => {
  cleanUp.push(() => made.close());
  return made;
};

/** A server with the stream EVENTS, and senders to it. */
async function world(options: NatsServerOptions = {}, stream: object | "none" = {}) {
  const server = clean(await natsServer(options));
  if (stream !== "none") await addStream(server, { name: "EVENTS", subjects: ["cistern.>"], ...stream });
  const settings = { ...HERE, servers: `${options.address ?? "127.0.0.1"}:${server.port}` };
  const open = (more: object = {}) => clean(openSender(nats, { ...settings, ...more }, "/nowhere"));
  return { server, settings, open };
}

const batchOf = (...bodies: readonly string[]) =>
  aBatch(bodies.map((body, index) => anOutgoingEvent({ seq: index + 1, body })));

async function stepsOf(steps: AsyncIterable<CheckStep>): Promise<readonly CheckStep[]> {
  const ended: CheckStep[] = [];
  for await (const step of steps) if (step.state !== "running") ended.push(step);
  return ended;
}

const missing = natsProgram ? undefined : "none on this machine";

describe.skipIf(skippedFor(missing))(`against a nats-server${missing ? `: ${missing}` : ""}`, () => {
  let authority: TestAuthority;
  beforeAll(async () => {
    authority = await testAuthority();
  });

  testDestination(nats, async () => {
    const server = await natsServer({ config: LOGIN, admin: { user: "cistern", pass: "right-password" } });
    await addStream(server, { name: "EVENTS", subjects: ["cistern.>"] });
    const stored = () => messagesOf(server, "EVENTS");
    return {
      settings: { ...HERE, servers: `127.0.0.1:${server.port}`, username: "cistern", password: "right-password" },
      wrongCredentials: { password: "wrong-password" },
      received: async () => (await stored()).map(({ id }) => id),
      bodyOf: async (key) => (await stored()).find(({ id }) => id === key)?.body,
      stop: () => server.stop(),
      close: () => server.close(),
    };
  });

  test("subject and headers say what a message is", async () => {
    const { server, open } = await world();
    const event = anOutgoingEvent({ type: "CONVERSATION_MESSAGE" });

    await open().send(aBatch([event]), signal());

    const [message] = await messagesOf(server, "EVENTS");
    expect(message?.subject).toBe("cistern.chatgpt-prod.conversations");
    expect(message?.headers).toEqual({
      "Nats-Msg-Id": event.key,
      "cistern-key": event.key,
      "cistern-schema": "chatgpt-enterprise/CONVERSATION_MESSAGE",
      "cistern-version": "cistern/test",
    });
  });

  test("an id that could end a header is replaced by its hash, and still knows repeats", async () => {
    const { server, open } = await world();
    const batch = aBatch([anOutgoingEvent({ eventId: "e\r\nNats-Rollup: all", raw: "{}" })]);
    const sender = open();

    await sender.send(batch, signal());
    await sender.send(batch, signal());

    const messages = await messagesOf(server, "EVENTS");
    expect(messages.map(({ id }) => id)).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
    expect(messages[0]?.headers).not.toHaveProperty("Nats-Rollup");
  });

  test("what is larger than max_payload is refused alone", async () => {
    const { server, open } = await world({ config: "max_payload: 4096" });

    const sent = await open().send(batchOf("{}", `{"x":"${"y".repeat(5_000)}"}`, "{}"), signal());

    expect(sent.refused).toEqual([{ index: 1, reason: "too_large", answer: expect.stringContaining("max_payload") }]);
    expect(await messagesOf(server, "EVENTS")).toHaveLength(2);
  });

  test("what is larger than the stream takes is refused alone", async () => {
    const { server, open } = await world({}, { max_msg_size: 1_000 });

    const sent = await open().send(batchOf("{}", `{"x":"${"y".repeat(5_000)}"}`, "{}"), signal());

    expect(sent.refused).toMatchObject([{ index: 1, reason: "too_large" }]);
    expect(await messagesOf(server, "EVENTS")).toHaveLength(2);
  });

  test("a full stream is something that passes", async () => {
    const { open } = await world({}, { max_msgs: 1, discard: "new" });

    await expect(open().send(batchOf("{}", "{}"), signal())).rejects.toMatchObject({
      code: "unavailable",
      reason: "storage_full",
    });
  });

  test.each([
    ["no stream takes the subject", {}, { subject: "elsewhere" }, "stream_missing"],
    ["another stream takes it", {}, { stream: "OTHERS" }, "other_stream"],
    ["the server has no JetStream", { jetStream: false }, {}, "jetstream_off"],
  ])("%s: delivery halts", async (_, server, more, reason) => {
    const { open } = await world(server, "jetStream" in server ? "none" : {});

    await expect(open(more).send(batchOf("{}"), signal())).rejects.toMatchObject({ code: "config_invalid", reason });
  });

  test("a user who may not publish there is told so", async () => {
    const user = '{ user: reader, password: reader-password, permissions: { publish: "other.>" } }';
    const { open } = await world({ config: withAdmin(user), admin: ADMIN });
    const sender = open({ username: "reader", password: "reader-password" });

    await expect(sender.send(batchOf("{}"), signal())).rejects.toMatchObject({
      code: "auth_failed",
      reason: "permission_missing",
    });
  });

  test("a user who may publish and nothing else delivers; the test says what it could not see", async () => {
    const user = '{ user: writer, password: writer-password, permissions: { publish: "cistern.>" } }';
    const { open } = await world({ config: withAdmin(user), admin: ADMIN });
    const sender = open({ username: "writer", password: "writer-password" });

    const steps = await stepsOf(sender.check(anOutgoingEvent(), signal()));

    expect(steps.map(({ id, state, reason }) => [id, state, reason])).toEqual([
      ["connect", "ok", undefined],
      ["sign-in", "ok", undefined],
      ["stream", "warning", "stream_unseen"],
      ["deliver", "ok", undefined],
    ]);
  });

  test("a token, an nkey and a .creds file sign in", async () => {
    const byToken = await world({ config: "authorization { token: a-long-token }", admin: { token: "a-long-token" } });
    await byToken.open({ token: "a-long-token" }).send(batchOf("{}"), signal());
    await expect(byToken.open({ token: "another-token" }).send(batchOf("{}"), signal())).rejects.toMatchObject({
      code: "auth_failed",
    });

    const pair = nkeys.createUser();
    const seed = new TextDecoder().decode(pair.getSeed());
    const byKey = await world({ config: withAdmin(`{ nkey: ${pair.getPublicKey()} }`), admin: ADMIN });
    await byKey.open({ credentials: `${seed}\n` }).send(batchOf("{}"), signal());

    const operator = natsOperator();
    const byCreds = await world({ config: operator.config, admin: { creds: operator.creds() } });
    await byCreds.open({ credentials: operator.creds() }).send(batchOf("{}"), signal());
    const expired = byCreds.open({ credentials: operator.creds(new Date(Date.now() - 60_000)) });
    await expect(expired.send(batchOf("{}"), signal())).rejects.toMatchObject({ code: "auth_failed" });
  });

  test("TLS: a certificate of an authority that is trusted, and no other", async () => {
    const tls = await authority.server();
    const { server, settings, open } = await world({ tls, ca: authority.cert });
    const encrypted = { tls: true, ca: authority.cert };

    await open(encrypted).send(batchOf("{}"), signal());
    await open({ ...encrypted, servers: `localhost:${server.port}` }).send(batchOf("{}"), signal());
    expect(await messagesOf(server, "EVENTS")).toHaveLength(1);
    await expect(open({ tls: true }).send(batchOf("{}"), signal())).rejects.toMatchObject({
      code: "unavailable",
      reason: "certificate_untrusted",
    });
    await expect(open().send(batchOf("{}"), signal())).rejects.toMatchObject({ reason: "tls_required" });
    expectToEnd("nats", "nats", { ...settings, ...encrypted });
  });

  test("a certificate for another name is not accepted", async () => {
    const { open } = await world({ tls: await authority.server(), ca: authority.cert, address: "127.0.0.2" });

    await expect(open({ tls: true, ca: authority.cert }).send(batchOf("{}"), signal())).rejects.toMatchObject({
      code: "unavailable",
      reason: "certificate_name",
    });
  });

  test("a server without TLS gets nothing where TLS is wanted", async () => {
    const { server, open } = await world();

    await expect(open({ tls: true }).send(batchOf("{}"), signal())).rejects.toMatchObject({
      code: "config_invalid",
      reason: "tls_missing",
    });
    expect(await messagesOf(server, "EVENTS")).toEqual([]);
  });

  test("the test finds no stream, creates it where that is wanted, and tells for how long repeats are known", async () => {
    const { server, open } = await world({}, "none");

    const without = await stepsOf(open().check(anOutgoingEvent(), signal()));
    const created = await stepsOf(open({ stream: "MADE", create_stream: true }).check(anOutgoingEvent(), signal()));

    expect(without.map(({ id, state }) => [id, state])).toEqual([
      ["connect", "ok"],
      ["sign-in", "ok"],
      ["stream", "failed"],
      ["deliver", "skipped"],
    ]);
    expect(without[2]).toMatchObject({ reason: "stream_missing", remedy: expect.stringContaining("create_stream") });
    expect(created[2]).toMatchObject({ state: "ok", detail: expect.stringContaining("repeats for 60 min") });
    expect((await messagesOf(server, "MADE")).map(({ subject }) => subject)).toEqual([
      "cistern.chatgpt-prod.conversations",
    ]);
  });

  test("a short window for repeats is warned of", async () => {
    const { open } = await world();

    const steps = await stepsOf(open().check(anOutgoingEvent(), signal()));

    expect(steps[2]).toMatchObject({
      state: "warning",
      reason: "short_window",
      remedy: expect.stringContaining("EVENTS"),
    });
  });

  test("after a broken connection the next batch makes a new one, and the second server is used where the first is away", async () => {
    const { server, open } = await world();
    const relay = clean(await tcpRelay({ host: "127.0.0.1", port: server.port }));
    const gone = clean(await tcpRelay({ host: "127.0.0.1", port: server.port }));
    await gone.close();
    const sender = open({ servers: `127.0.0.1:${gone.port} 127.0.0.1:${relay.port}` });

    await sender.send(batchOf("{}"), signal());
    relay.cut();
    await expect.poll(() => relay.connections).toBe(0);
    await sender.send(batchOf("{}", "{}"), signal());

    expect(await messagesOf(server, "EVENTS")).toHaveLength(2);
    expect(relay.connections).toBe(1);
  });

  test("TLS before the first word, for servers that want it so", async () => {
    const { server, open } = await world();
    const handshakeFirst = (info: string) => info.replace('"headers":true', '"headers":true,"tls_required":true');
    const to = { host: "127.0.0.1", port: server.port };
    const relay = clean(await tlsRelay(to, await authority.server(), handshakeFirst));
    const first = { tls: true, tls_first: true, servers: `localhost:${relay.port}` };

    await open({ ...first, ca: authority.cert }).send(batchOf("{}"), signal());

    expect(await messagesOf(server, "EVENTS")).toHaveLength(1);
    await expect(open(first).send(batchOf("{}"), signal())).rejects.toMatchObject({ reason: "certificate_untrusted" });
  });

  test.each([
    ["is a web server", "HTTP/1.1 400 Bad Request\r\n\r\n", "protocol"],
    ["greets with nothing", "INFO null\r\n", "protocol"],
    ["hangs up", undefined, "unavailable"],
    [
      "goes on in another language",
      'INFO {"version":"2.9.10","max_payload":1000}\r\n\0\xff\r\nMSG a b c d\r\n',
      "unavailable",
    ],
  ])("what %s is given up, and a closed sender leaves nothing open", async (_, greeting, code) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined).resume();
      if (greeting === undefined) socket.end();
      else socket.write(greeting, "latin1");
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    cleanUp.push(() => server.close());
    const sender = clean(
      openSender(nats, { ...HERE, servers: `127.0.0.1:${(server.address() as AddressInfo).port}` }, "/nowhere"),
    );

    await expect(sender.send(batchOf("{}"), signal())).rejects.toMatchObject({ code });
    await sender.close();

    await expect.poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(0);
  });

  test("a server that stays silent is given up, and a closed sender leaves nothing open", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    cleanUp.push(() => silent.close());
    const { settings } = await world();
    const there = { ...settings, servers: `127.0.0.1:${(silent.address() as AddressInfo).port}` };
    const sender = clean(openSender(inHaste(nats), there, "/nowhere"));

    await expect(sender.send(batchOf("{}"), signal())).rejects.toMatchObject({
      code: "unavailable",
      reason: "connect_timeout",
    });
    await sender.close();

    await expect.poll(() => new Promise((resolve) => silent.getConnections((_, count) => resolve(count)))).toBe(0);
    expectToEnd("nats", "nats", settings);
  });
});
