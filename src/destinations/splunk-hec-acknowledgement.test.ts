import { afterEach, describe, expect, test } from "vitest";
import type { CheckStep } from "../model/check.ts";
import type { Sender } from "../model/destination.ts";
import type { CollectorError } from "../model/errors.ts";
import { aBatch, anOutgoingEvent } from "../testing/an-outgoing-event.ts";
import { openSender } from "../testing/destination-contract.ts";
import { impatientSender } from "../testing/impatient-sender.ts";
import { type HecOptions, type HecServer, hecAnswer, splunkHecServer } from "../testing/splunk-hec-server.ts";
import { splunkHec } from "./splunk-hec.ts";

const TOKEN = "11111111-2222-3333-4444-555555555555";
const acknowledging = { tokens: { [TOKEN]: { acknowledgement: true } } };
const signal = () => AbortSignal.timeout(30_000);
const events = (count: number) => Array.from({ length: count }, (_, i) => anOutgoingEvent({ seq: i + 1 }));

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function splunk(options: Partial<HecOptions> = {}): Promise<HecServer> {
  const server = await splunkHecServer({ tokens: { [TOKEN]: {} }, ...options });
  cleanUp.push(server.close);
  return server;
}

const settingsFor = (server: HecServer) => ({ url: server.url, token: TOKEN, allow_networks: "127.0.0.0/8 ::1/128" });

function senderTo(server: HecServer, more: Readonly<Record<string, unknown>> = {}): Sender {
  const sender = openSender(splunkHec, { ...settingsFor(server), ...more }, "/nowhere");
  cleanUp.push(() => sender.close());
  return sender;
}

function impatientSenderTo(
  server: HecServer,
  more: Readonly<Record<string, unknown>> = {},
  onWait?: (count: number) => void,
) {
  const sender = impatientSender(splunkHec, { ...settingsFor(server), acknowledgement: true, ...more }, onWait);
  cleanUp.push(sender.close);
  return sender;
}

const keysIn = (server: HecServer) => server.taken.map(({ fields }) => fields.key!);

async function failureOf(work: Promise<unknown>): Promise<CollectorError> {
  return (await work.then(
    () => undefined,
    (error: unknown) => error,
  )) as CollectorError;
}

async function stepsOf(sender: Sender): Promise<readonly CheckStep[]> {
  const steps: CheckStep[] = [];
  for await (const step of sender.check(anOutgoingEvent(), signal())) if (step.state !== "running") steps.push(step);
  return steps;
}

describe("indexer acknowledgement", () => {
  test("a batch is delivered once every acknowledgement is there, over one channel", async () => {
    const server = await splunk(acknowledging);
    server.state.pollsInVain = 3;
    const { sender, waits } = impatientSenderTo(server);

    await sender.send(aBatch(events(5)), signal());
    await sender.send(aBatch(events(5)), signal());

    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 1_000, 2_000, 4_000, 8_000]);
    expect(server.channels.size).toBe(1);
  });

  test("each acknowledgement of several requests is asked for, and told once", async () => {
    const server = await splunk({ ...acknowledging, maxBytes: 10_000 });
    const { sender } = impatientSenderTo(server, { max_bytes: 10_000 });
    const batch = aBatch(events(40));

    await sender.send(batch, signal());

    expect(keysIn(server)).toEqual(batch.events.map(({ key }) => key));
    expect(server.posts()).toBeGreaterThan(2);
  });

  test("one that never comes ends after five minutes as something that passes, and the next attempt takes another channel", async () => {
    const server = await splunk(acknowledging);
    server.state.pollsInVain = Number.POSITIVE_INFINITY;
    const { sender, waited } = impatientSenderTo(server);

    const error = await failureOf(sender.send(aBatch(events(3)), signal()));

    expect(error).toMatchObject({ code: "unavailable", reason: "not_acknowledged" });
    expect(waited()).toBeGreaterThanOrEqual(300_000);
    expect(waited()).toBeLessThan(311_000);
    server.state.pollsInVain = 0;
    await sender.send(aBatch(events(3)), signal());
    expect(server.channels.size).toBe(2);
  });

  test("behind a balancer the machine that took the events is asked", async () => {
    const server = await splunk({ ...acknowledging, indexers: 3 });
    const { sender, waited } = impatientSenderTo(server);

    for (let i = 0; i < 4; i++) await sender.send(aBatch(events(2)), signal());

    expect(waited()).toBe(4_000);
  });

  test.each([9, 26, 19])("code %i while waiting is waited out, and nothing is sent twice", async (code) => {
    const server = await splunk(acknowledging);
    const { sender, waits } = impatientSenderTo(server, {}, (count) => {
      server.state.acknowledgementAnswer = count < 4 ? hecAnswer(code) : undefined;
    });

    await sender.send(aBatch(events(3)), signal());

    expect(waits).toHaveLength(4);
    expect(server.posts()).toBe(1);
  });

  test("a token that is withdrawn while waiting halts", async () => {
    const server = await splunk(acknowledging);
    server.state.acknowledgementAnswer = hecAnswer(4);

    const error = await failureOf(impatientSenderTo(server).sender.send(aBatch(events(3)), signal()));

    expect(error.code).toBe("auth_failed");
  });

  test("a token without acknowledgement halts, and so does one that asks for it where it is off here", async () => {
    const without = await splunk();
    const wanting = await splunk(acknowledging);

    const off = await failureOf(impatientSenderTo(without).sender.send(aBatch(events(1)), signal()));
    const wanted = await failureOf(senderTo(wanting).send(aBatch(events(1)), signal()));

    expect(off).toMatchObject({ code: "config_invalid", reason: "acknowledgement_off" });
    expect(wanted).toMatchObject({ code: "config_invalid", reason: "acknowledgement_wanted" });
  });

  test("an aborted wait ends with the reason given", async () => {
    const server = await splunk(acknowledging);
    server.state.pollsInVain = Number.POSITIVE_INFINITY;
    const sender = senderTo(server, { acknowledgement: true });
    const stop = new AbortController();

    const sending = sender.send(aBatch(events(1)), stop.signal);
    setTimeout(() => stop.abort(new Error("stopped")), 200);

    await expect(sending).rejects.toThrow("stopped");
  });
});

describe("the connection test", () => {
  const idsAndStates = (steps: readonly CheckStep[]) => steps.map(({ id, state }) => `${id} ${state}`);

  test("with acknowledgement it waits until the event is written", async () => {
    const server = await splunk(acknowledging);

    const steps = await stepsOf(impatientSenderTo(server).sender);

    expect(idsAndStates(steps)).toEqual(["connect ok", "sign-in ok", "acknowledgement ok", "deliver ok"]);
    expect(server.taken).toHaveLength(1);
  });

  test("a wrong token is told before anything is sent", async () => {
    const steps = await stepsOf(senderTo(await splunk(), { token: "wrong-token-of-ours" }));

    expect(idsAndStates(steps)).toEqual(["connect ok", "sign-in failed", "deliver skipped"]);
    expect(steps[1]!.remedy).toContain("HTTP Event Collector");
    expect(JSON.stringify(steps)).not.toContain("wrong-token-of-ours");
  });

  test("queues that are full fail it, queues that fill up only warn", async () => {
    const server = await splunk();
    server.state.health = 18;
    const ill = await stepsOf(senderTo(server));
    server.state.health = 24;
    const filling = await stepsOf(senderTo(server));

    expect(idsAndStates(ill)).toEqual(["connect failed", "sign-in skipped", "deliver skipped"]);
    expect(idsAndStates(filling)).toEqual(["connect warning", "sign-in ok", "deliver ok"]);
  });

  test("what is no event collector fails with the address to look at", async () => {
    const server = await splunk();
    const steps = await stepsOf(senderTo({ ...server, url: `${server.url}/elsewhere` }));

    expect(steps[0]).toMatchObject({ id: "connect", state: "failed", reason: "wrong_address" });
  });

  test("a token that gives no acknowledgements is found before anything is sent", async () => {
    const server = await splunk();
    const steps = await stepsOf(impatientSenderTo(server).sender);

    expect(idsAndStates(steps)).toEqual(["connect ok", "sign-in ok", "acknowledgement failed", "deliver skipped"]);
    expect(server.taken).toEqual([]);
  });
});
