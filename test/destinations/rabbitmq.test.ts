import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { rabbitmq } from "../../src/destinations/rabbitmq.ts";
import type { CheckStep } from "../../src/model/check.ts";
import { aBatch, anOutgoingEvent } from "../../src/testing/an-outgoing-event.ts";
import { type TestAuthority, testAuthority } from "../../src/testing/certificates.ts";
import { openSender, testDestination } from "../../src/testing/destination-contract.ts";
import { tcpRelay } from "../../src/testing/tcp-relay.ts";
import { expectToEnd } from "./ends-by-itself.ts";
import { skippedFor } from "./local-program.ts";
import { rabbitmqAddress, rabbitmqUser, testQueue, withoutRabbitmq } from "./rabbitmq-node.ts";
import { tlsRelay } from "./tls-relay.ts";

const HERE = { tls: false, allow_networks: "127.0.0.0/8 ::1/128", ...rabbitmqUser };
const NODE = `${rabbitmqAddress.host}:${rabbitmqAddress.port}`;
const missing = await withoutRabbitmq();
const signal = () => AbortSignal.timeout(25_000);
const bytes = (body: unknown) => (Buffer.isBuffer(body) ? body.toString() : typeof body === "string" ? body : "");

const cleanUp: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const clean = <T extends { close(): Promise<unknown> }>(made: T): T => {
  cleanUp.push(() => made.close());
  return made;
};

/** An exchange and a queue, and senders to them. */
async function world(kind: "bound" | "unbound" | "none" = "bound", more: object = {}) {
  const queue = clean(await testQueue(kind, more));
  const settings = { ...HERE, hosts: NODE, exchange: queue.exchange };
  const open = (change: object = {}) => clean(openSender(rabbitmq, { ...settings, ...change }, "/nowhere"));
  return { queue, settings, open };
}

const batchOf = (...bodies: readonly string[]) =>
  aBatch(bodies.map((body, index) => anOutgoingEvent({ seq: index + 1, body })));

async function stepsOf(steps: AsyncIterable<CheckStep>): Promise<readonly CheckStep[]> {
  const ended: CheckStep[] = [];
  for await (const step of steps) if (step.state !== "running") ended.push(step);
  return ended;
}

describe.skipIf(skippedFor(missing))(`against a RabbitMQ node${missing ? `: ${missing}` : ""}`, () => {
  let authority: TestAuthority;
  beforeAll(async () => {
    if (missing !== undefined) throw new Error(missing);
    authority = await testAuthority();
  });

  testDestination(rabbitmq, async () => {
    const queue = await testQueue("bound");
    const relay = await tcpRelay(rabbitmqAddress);
    return {
      settings: { ...HERE, hosts: `127.0.0.1:${relay.port}`, exchange: queue.exchange },
      wrongCredentials: { password: "wrong-password" },
      received: async () => (await queue.messages()).map(({ messageId }) => messageId ?? ""),
      bodyOf: async (key) => bytes((await queue.messages()).find(({ messageId }) => messageId === key)?.body),
      stop: () => relay.close(),
      async close() {
        await relay.close();
        await queue.close();
      },
    };
  });

  test("properties and headers say what a message is", async () => {
    const { queue, open } = await world();
    const event = anOutgoingEvent();

    await open().send(aBatch([event]), signal());

    const [message] = await queue.messages();
    expect(message).toMatchObject({
      routingKey: "cistern.chatgpt-prod.conversations",
      messageId: event.key,
      durable: true,
      contentType: "application/json",
      appId: "cistern",
      timestamp: Date.parse("2026-07-15T15:29:05Z") / 1_000,
      headers: {
        "cistern-key": event.key,
        "cistern-schema": "chatgpt-enterprise/CONVERSATION_MESSAGE",
        "cistern-version": "cistern/test",
      },
    });
    expect(bytes(message?.body)).toBe(event.body);
  });

  test("an upstream id of any length and content is delivered, under its hash", async () => {
    const { queue, open } = await world();

    await open().send(
      aBatch([anOutgoingEvent({ eventId: `${"e".repeat(400)}\n`, raw: "{}", type: "t".repeat(400) })]),
      signal(),
    );

    expect((await queue.messages()).map(({ messageId }) => messageId)).toEqual([
      expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    ]);
  });

  test("amq.default delivers to the queue that the routing key names", async () => {
    const { queue, open } = await world("unbound");

    await open({ exchange: "amq.default", routing_key: queue.queue }).send(batchOf("{}"), signal());

    expect(await queue.messages()).toHaveLength(1);
  });

  test("what no queue gets halts delivery, however many of the batch there are", async () => {
    const { open } = await world("unbound");

    await expect(open().send(batchOf("{}", "{}", "{}"), signal())).rejects.toMatchObject({
      code: "config_invalid",
      reason: "unroutable",
      message: expect.stringMatching(/^3 events came back: no queue gets cistern\.chatgpt-prod\.conversations/),
    });
  });

  test("one event in a large batch that no queue gets is noticed", async () => {
    const { queue, open } = await world("unbound");
    await queue.connection.queueBind({
      queue: queue.queue,
      exchange: queue.exchange,
      routingKey: "cistern.*.conversations",
    });
    const events = Array.from({ length: 300 }, (_, i) => anOutgoingEvent({ seq: i + 1 }));
    const stray = anOutgoingEvent({ seq: 301, dataSource: "audit-log" });

    await expect(open().send(aBatch([...events, stray]), signal())).rejects.toMatchObject({
      reason: "unroutable",
      message: expect.stringMatching(/^1 events came back/),
    });
  });

  test("what a full queue does not take comes again", async () => {
    const { queue, open } = await world("bound", { "x-max-length": 2, "x-overflow": "reject-publish" });

    const sent = await open().send(batchOf("{}", "{}", "{}", "{}"), signal());

    expect(sent.again).toEqual([2, 3]);
    expect(await queue.messages()).toHaveLength(2);
  });

  test.each([
    ["an exchange that is not there", { exchange: "cistern-no-such-exchange" }, "exchange_missing"],
    ["a virtual host that is not there", { virtual_host: "no-such-host" }, "virtual_host_refused"],
    ["a queue that is there with other properties", { declare: true, queue: "" }, "declared_otherwise"],
  ])("%s halts delivery", async (_, change, reason) => {
    const { queue, open } = await world();
    const more = "queue" in change ? { ...change, queue: queue.queue } : change;

    await expect(open(more).send(batchOf("{}", "{}"), signal())).rejects.toMatchObject({
      code: "config_invalid",
      reason,
    });
  });

  test("nothing is created unless asked for; then exchange, queue and binding are", async () => {
    const { queue, open } = await world("none");
    await expect(open().send(batchOf("{}"), signal())).rejects.toMatchObject({ reason: "exchange_missing" });

    const steps = await stepsOf(open({ declare: true, queue: queue.queue }).check(anOutgoingEvent(), signal()));

    expect(steps.map(({ id, state }) => [id, state])).toEqual([
      ["connect", "ok"],
      ["sign-in", "ok"],
      ["deliver", "ok"],
    ]);
    expect(await queue.messages()).toHaveLength(1);
    // What is there stays as it is.
    await open({ declare: true, queue: queue.queue }).send(batchOf("{}"), signal());
    expect(await queue.messages()).toHaveLength(2);
  });

  test("a failed step of the test skips those after it", async () => {
    const { open } = await world();

    const steps = await stepsOf(open({ password: "wrong-password" }).check(anOutgoingEvent(), signal()));

    expect(steps.map(({ id, state, reason }) => [id, state, reason])).toEqual([
      ["connect", "ok", undefined],
      ["sign-in", "failed", "credentials_refused"],
      ["deliver", "skipped", undefined],
    ]);
    expect(steps[1]?.remedy).toMatch(/\S/);
  });

  test("TLS: a certificate of an authority that is trusted and made out to the host, and no other", async () => {
    const relay = clean(await tlsRelay(rabbitmqAddress, await authority.server()));
    const { queue, settings, open } = await world();
    const encrypted = { tls: true, ca: authority.cert, hosts: `127.0.0.1:${relay.port}` };

    await open(encrypted).send(batchOf("{}"), signal());
    await open({ ...encrypted, hosts: `localhost:${relay.port}` }).send(batchOf("{}"), signal());
    expect(await queue.messages()).toHaveLength(2);
    await expect(open({ ...encrypted, ca: undefined }).send(batchOf("{}"), signal())).rejects.toMatchObject({
      code: "unavailable",
      reason: "certificate_untrusted",
    });
    expectToEnd("rabbitmq", "rabbitmq", { ...settings, ...encrypted, ca: undefined, tls: false, hosts: NODE });
  });

  test("after a broken connection the next batch makes a new one, and the second host is used where the first is away", async () => {
    const { queue, open } = await world();
    const relay = clean(await tcpRelay(rabbitmqAddress));
    const gone = clean(await tcpRelay(rabbitmqAddress));
    await gone.close();
    const sender = open({ hosts: `127.0.0.1:${gone.port} 127.0.0.1:${relay.port}` });

    await sender.send(batchOf("{}"), signal());
    relay.cut();
    await expect.poll(() => relay.connections).toBe(0);
    await sender.send(batchOf("{}", "{}"), signal());

    expect(await queue.messages()).toHaveLength(3);
    expect(relay.connections).toBe(1);
  });

  test.each([
    ["stays silent", "", "unavailable"],
    ["is a web server", "HTTP/1.1 400 Bad Request\r\n\r\n", "protocol"],
    ["wants another version", "AMQP\0\u0001\0\0", "protocol"],
  ])("what %s is given up, and a closed sender leaves nothing open", async (_, greeting, code) => {
    const server = createServer((socket) =>
      socket.on("error", () => undefined).once("data", () => socket.write(greeting)),
    );
    await once(server.listen(0, "127.0.0.1"), "listening");
    cleanUp.push(() => server.close());
    const { open } = await world();
    const sender = open({ hosts: `127.0.0.1:${(server.address() as AddressInfo).port}` });

    await expect(sender.send(batchOf("{}"), signal())).rejects.toMatchObject({ code });
    await sender.close();

    await expect.poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(0);
  });
});
