import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { kafka } from "../../src/destinations/kafka.ts";
import type { CheckStep } from "../../src/model/check.ts";
import { aBatch, anOutgoingEvent, messageLine } from "../../src/testing/an-outgoing-event.ts";
import { type TestAuthority, testAuthority } from "../../src/testing/certificates.ts";
import { openSender, testDestination } from "../../src/testing/destination-contract.ts";
import { expectToEnd } from "./ends-by-itself.ts";
import { inHaste } from "./in-haste.ts";
import { type KafkaCluster, type KafkaRecord, kafkaCluster, withoutKafka } from "./kafka-cluster.ts";
import { type KafkaFrontOptions, kafkaFront } from "./kafka-front.ts";
import { skippedFor } from "./local-program.ts";

const HERE = { tls: false, allow_networks: "127.0.0.0/8 ::1/128" };
const USER = { mechanism: "PLAIN", name: "cistern", password: "right-password" } as const;
const SIGN_IN = { sasl: "plain", username: "cistern", password: "right-password" };
const signal = () => AbortSignal.timeout(29_000);

const cleanUp: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const clean = <T extends { close(): Promise<unknown> }>(made: T): T => {
  cleanUp.push(() => made.close());
  return made;
};

const batchOf = (...bodies: readonly string[]) =>
  aBatch(bodies.map((body, index) => anOutgoingEvent({ seq: index + 1, body })));

async function stepsOf(steps: AsyncIterable<CheckStep>): Promise<readonly CheckStep[]> {
  const ended: CheckStep[] = [];
  for await (const step of steps) if (step.state !== "running") ended.push(step);
  return ended;
}

const keyIn = (headers: string) => /cistern-key=([^,]*)/.exec(headers)?.[1] ?? "";

describe.skipIf(skippedFor(withoutKafka))(`against a mock cluster${withoutKafka ? `: ${withoutKafka}` : ""}`, () => {
  let authority: TestAuthority;
  let cluster: KafkaCluster;
  let topics = 0;
  beforeAll(async () => {
    authority = await testAuthority();
    cluster = await kafkaCluster();
  });
  afterAll(() => cluster?.stop());

  /** A topic of its own, a front before the cluster, and senders to it. */
  async function world(options: KafkaFrontOptions = {}) {
    const topic = `events-${++topics}`;
    const front = clean(await kafkaFront(cluster.port, options));
    const settings = { ...HERE, brokers: `127.0.0.1:${front.port}`, topic };
    const open = (change: object = {}) => clean(openSender(kafka, { ...settings, ...change }, "/nowhere"));
    return { front, settings, open, records: () => cluster.records(topic) };
  }

  testDestination(kafka, async () => {
    const topic = `events-${++topics}`;
    const front = await kafkaFront(cluster.port, { user: USER });
    let seen: readonly KafkaRecord[] = [];
    return {
      settings: { ...HERE, ...SIGN_IN, brokers: `127.0.0.1:${front.port}`, topic },
      wrongCredentials: { password: "wrong-password" },
      async received() {
        seen = await cluster.records(topic);
        return seen.map(({ headers }) => keyIn(headers));
      },
      bodyOf: async (key) => seen.find(({ headers }) => keyIn(headers) === key)?.body,
      stop: () => front.close(),
      close: () => front.close(),
    };
  });

  test("key and headers say what a record is, and it is compressed on its way", async () => {
    const { front, open, records } = await world();
    const event = anOutgoingEvent({ raw: messageLine("event-1", "2026-07-15T15:29:05Z", "again ".repeat(10_000)) });

    await open().send(aBatch([event]), signal());

    expect(await records()).toEqual([
      {
        key: "conv-1",
        body: event.body,
        headers: `cistern-key=${event.key},cistern-schema=chatgpt-enterprise/CONVERSATION_MESSAGE,cistern-version=cistern/test`,
        partition: expect.any(Number),
      },
    ]);
    expect(front.largest).toBeLessThan(event.bytes / 10);
  });

  test("events of one conversation stay in their order, in the partition that every other client would choose", async () => {
    const { open, records } = await world();
    const events = Array.from({ length: 60 }, (_, i) => {
      const line = messageLine(`event-${i}`, "2026-07-15T15:29:05Z").replace("conv-1", `conv-${i % 6}`);
      return anOutgoingEvent({ seq: i + 1, eventId: `event-${i}`, raw: line });
    });

    await open().send(aBatch(events), signal());

    const found = await records();
    for (let conversation = 0; conversation < 6; conversation++) {
      const ours = found.filter(({ key }) => key === `conv-${conversation}`);
      const expected = events.filter(({ group }) => group === `conv-${conversation}`);
      expect(ours.map(({ headers }) => keyIn(headers))).toEqual(expected.map(({ key }) => key));
      expect(new Set(ours.map(({ partition }) => partition)).size).toBe(1);
    }
    expect(new Set(found.map(({ partition }) => partition)).size).toBeGreaterThan(1);
  });

  test.each([
    ["MESSAGE_TOO_LARGE", "rejected", "too_large", 10],
    ["TOPIC_AUTHORIZATION_FAILED", "auth_failed", "permission_missing", 29],
    ["NOT_ENOUGH_REPLICAS", "unavailable", "server_error", 19],
  ])("%s to a batch is %s, %s", async (_, code, reason, produceError) => {
    const { open } = await world({ produceError });

    await expect(open().send(batchOf("{}", "{}"), signal())).rejects.toMatchObject({ code, reason });
  });

  test.each([
    ["UNKNOWN_TOPIC_OR_PARTITION", "config_invalid", "topic_missing", 3],
    ["TOPIC_AUTHORIZATION_FAILED", "auth_failed", "permission_missing", 29],
    ["LEADER_NOT_AVAILABLE", "unavailable", "server_error", 5],
  ])("%s about the topic is %s, %s", async (_, code, reason, topicError) => {
    const { open } = await world({ topicError });

    await expect(open().send(batchOf("{}"), signal())).rejects.toMatchObject({
      code,
      reason,
      action: expect.stringMatching(/\S/),
    });
  });

  test.each(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const)(
    "%s signs in with the right password only",
    async (mechanism) => {
      const { open, records } = await world({ user: { ...USER, mechanism } });
      const signIn = { ...SIGN_IN, sasl: mechanism.toLowerCase() };

      await open(signIn).send(batchOf("{}"), signal());

      expect(await records()).toHaveLength(1);
      await expect(open({ ...signIn, password: "wrong-password" }).send(batchOf("{}"), signal())).rejects.toMatchObject(
        {
          code: "auth_failed",
          reason: "credentials_refused",
        },
      );
    },
  );

  test("another mechanism than the brokers want is told, and a sign-in that breaks off is something that passes", async () => {
    const { open } = await world({ user: { ...USER, mechanism: "SCRAM-SHA-512" } });
    await expect(open(SIGN_IN).send(batchOf("{}"), signal())).rejects.toMatchObject({ code: "auth_failed" });
    await expect(open().send(batchOf("{}"), signal())).rejects.toMatchObject({ code: "unavailable" });
  });

  test("a broker that the cluster names is not connected to where its address is forbidden", async () => {
    const { open, records } = await world({ host: "10.66.0.99" });
    await expect(open().send(batchOf("{}"), signal())).rejects.toMatchObject({
      code: "config_invalid",
      reason: "address_forbidden",
    });

    const named = await world({ host: "169.254.169.254" });
    await expect(named.open({ ...HERE }).send(batchOf("{}"), signal())).rejects.toMatchObject({
      reason: "address_forbidden",
    });
    expect(await records()).toEqual([]);
  });

  test("nothing is sent in the clear to a public broker that the cluster names", async () => {
    const { open } = await world({ host: "93.184.215.14" });

    await expect(open().send(batchOf("{}"), signal())).rejects.toMatchObject({
      code: "config_invalid",
      reason: "address_forbidden",
      message: expect.stringContaining("in the clear"),
    });
  });

  test("TLS: a certificate of an authority that is trusted and made out to the host, and no other", async () => {
    const { front, settings, open, records } = await world({ tls: await authority.server() });
    const encrypted = { tls: true, ca: authority.cert };

    await open(encrypted).send(batchOf("{}"), signal());
    await open({ ...encrypted, brokers: `localhost:${front.port}` }).send(batchOf("{}"), signal());

    expect(await records()).toHaveLength(2);
    await expect(open({ tls: true }).send(batchOf("{}"), signal())).rejects.toMatchObject({
      code: "unavailable",
      reason: "certificate_untrusted",
    });
    expectToEnd("kafka", "kafka", { ...settings, brokers: `127.0.0.1:${cluster.port}` });
  });

  test("the test ends with its event in the topic; a failed step skips those after it", async () => {
    const { open, records } = await world({ user: USER });

    const right = await stepsOf(open(SIGN_IN).check(anOutgoingEvent(), signal()));
    const wrong = await stepsOf(open({ ...SIGN_IN, password: "wrong" }).check(anOutgoingEvent(), signal()));

    expect(right.map(({ id, state }) => [id, state])).toEqual([
      ["connect", "ok"],
      ["sign-in", "ok"],
      ["deliver", "ok"],
    ]);
    expect(await records()).toHaveLength(1);
    expect(wrong.map(({ id, state, reason }) => [id, state, reason])).toEqual([
      ["connect", "ok", undefined],
      ["sign-in", "failed", "credentials_refused"],
      ["deliver", "skipped", undefined],
    ]);
  });

  test("broken connections are made anew, and the second broker is used where the first is away", async () => {
    const { front, open, records } = await world();
    const gone = clean(await kafkaFront(cluster.port));
    await gone.close();
    const sender = open({ brokers: `127.0.0.1:${gone.port} 127.0.0.1:${front.port}` });

    await sender.send(batchOf("{}"), signal());
    front.cut();
    await expect.poll(() => front.connections).toBe(0);
    await sender.send(batchOf("{}", "{}"), signal());

    expect(await records()).toHaveLength(3);
  });

  test("an answer that never comes is given up, and takes its connection with it", async () => {
    const { front, settings } = await world({ swallow: true });
    const sender = clean(openSender(inHaste(kafka), settings, "/nowhere"));

    await expect(sender.send(batchOf("{}"), signal())).rejects.toMatchObject({
      code: "unavailable",
      reason: "answer_timeout",
    });
    await sender.close();

    await expect.poll(() => front.connections).toBe(0);
  });

  test("an abort ends a delivery under way at once", async () => {
    const { open } = await world({ swallow: true });
    const sender = open();
    const stop = new AbortController();
    const sending = sender.send(batchOf("{}"), stop.signal);
    setTimeout(() => stop.abort(new Error("stopped")), 300);

    await expect(sending).rejects.toBe(await once(stop.signal, "abort").then(() => stop.signal.reason));
  });

  test.each([
    ["is a web server", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), "protocol"],
    ["answers with nothing", Buffer.alloc(4), "protocol"],
    ["counts below nothing", Buffer.alloc(8, 0xff), "protocol"],
    ["answers with other words", Buffer.concat([Buffer.from([0, 0, 0, 8]), Buffer.alloc(8)]), "unavailable"],
    ["hangs up", undefined, "unavailable"],
  ])("what %s is given up, and a closed sender leaves nothing open", async (_, words, code) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined).on("data", () => (words ? socket.write(words) : socket.destroy()));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    cleanUp.push(() => server.close());
    const { open } = await world();
    const sender = open({ brokers: `127.0.0.1:${(server.address() as AddressInfo).port}` });

    await expect(sender.send(batchOf("{}"), signal())).rejects.toMatchObject({ code });
    await sender.close();

    await expect.poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(0);
  });
});
