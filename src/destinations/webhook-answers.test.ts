import { afterEach, describe, expect, test } from "vitest";
import type { CheckStep } from "../model/check.ts";
import type { Sender } from "../model/destination.ts";
import { aBatch, anOutgoingEvent } from "../testing/an-outgoing-event.ts";
import { openSender } from "../testing/destination-contract.ts";
import { type WebhookReceiverOptions, webhookReceiver } from "../testing/webhook-receiver.ts";
import { webhook } from "./webhook.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const networks = { allow_networks: "127.0.0.0/8 ::1/128" };
const signal = () => AbortSignal.timeout(20_000);
const keyOf = (text: string) => (JSON.parse(text) as { key: string }).key;

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

async function stepsOf(sender: Sender) {
  const steps: CheckStep[] = [];
  for await (const step of sender.check(anOutgoingEvent(), signal())) if (step.state !== "running") steps.push(step);
  return steps;
}

describe("answers", () => {
  test.each([
    [301, "config_invalid", "redirected"],
    [400, "rejected", "malformed"],
    [401, "auth_failed", "credentials_refused"],
    [403, "auth_failed", "credentials_refused"],
    [404, "config_invalid", "wrong_address"],
    [408, "unavailable", "server_error"],
    [410, "config_invalid", "receiver_gone"],
    [413, "rejected", "too_large"],
    [422, "rejected", "malformed"],
    [429, "rate_limited", "throttled"],
    [500, "unavailable", "server_error"],
    [503, "unavailable", "server_error"],
  ])("%i is %s, %s, and no secret is quoted", async (status, code, reason) => {
    const receiver = await receiving();
    receiver.state.answer = ({ headers }) => ({ status, body: `no, ${headers.authorization}` });
    const sender = senderTo(receiver, { token: "reed-water" });

    const error = await failure(sender.send(aBatch(events(1)), signal()));

    expect(error).toMatchObject({ code, reason, status, action: expect.stringMatching(/\S/) });
    expect((error as Error).message).not.toContain("reed-water");
  });

  test.each([200, 201, 202, 204])("%i is taken", async (status) => {
    const receiver = await receiving();
    receiver.state.answer = () => ({ status });

    expect(await senderTo(receiver).send(aBatch(events(1)), signal())).toEqual({});
  });
});

describe("a request for each event", () => {
  const refuse = (indexes: readonly number[], status: number) => {
    const keys = indexes.map((index) => anOutgoingEvent({ seq: index + 1 }).key);
    return ({ body }: { readonly body: string }) => (keys.includes(keyOf(body)) ? { status, body: "no" } : undefined);
  };

  test("what is refused is told, and the rest goes on", async () => {
    const receiver = await receiving();
    receiver.state.answer = refuse([1, 4], 422);

    const sent = await senderTo(receiver, { body: "event" }).send(aBatch(events(6)), signal());

    expect(sent.refused).toEqual(
      [1, 4].map((index) => ({ index, reason: "malformed", answer: expect.stringMatching(/422: no/) })),
    );
    expect(sent.again).toEqual([]);
    expect(receiver.taken).toHaveLength(4);
  });

  test.each([503, 429, 401, 410])("what was taken before an answer of %i does not come again", async (status) => {
    const receiver = await receiving();
    receiver.state.answer = refuse([2], status);

    const sent = await senderTo(receiver, { body: "event" }).send(aBatch(events(5)), signal());

    expect(sent).toEqual({ refused: [], again: [2, 3, 4] });
    expect(receiver.taken).toHaveLength(2);
  });

  test("where nothing was taken, the answer is told", async () => {
    const receiver = await receiving();
    receiver.state.answer = () => ({ status: 410 });

    const error = await failure(senderTo(receiver, { body: "event" }).send(aBatch(events(5)), signal()));

    expect(error).toMatchObject({ code: "config_invalid", reason: "receiver_gone" });
  });

  test("conversations go side by side, the events of each in their order", async () => {
    const receiver = await receiving();
    const many = Array.from({ length: 60 }, (_, i) => {
      const raw = JSON.stringify({ event_id: `e${i}`, conversation: { id: `c${i % 5}` } });
      return anOutgoingEvent({ seq: i + 1, eventId: `e${i}`, raw });
    });

    await senderTo(receiver, { body: "event" }).send(aBatch(many), signal());

    for (const group of Map.groupBy(many, (event) => event.group).values()) {
      const keys = group.map(({ key }) => key);
      const came = receiver.taken.map(({ body }) => keyOf(body)).filter((key) => keys.includes(key));
      expect(came).toEqual(keys);
    }
  });
});

describe("the connection test", () => {
  const states = async (sender: Sender) => (await stepsOf(sender)).map(({ id, state }) => `${id} ${state}`);

  test("one request proves connection, credentials and delivery", async () => {
    const receiver = await receiving({ secret: SECRET });

    expect(await states(senderTo(receiver, { secret: SECRET }))).toEqual(["connect ok", "sign-in ok", "deliver ok"]);
    expect(receiver.taken).toHaveLength(1);
  });

  test.each([
    [401, ["connect ok", "sign-in failed", "deliver skipped"]],
    [500, ["connect ok", "sign-in skipped", "deliver failed"]],
    [422, ["connect ok", "sign-in ok", "deliver failed"]],
  ])("an answer of %i is told where it belongs", async (status, expected) => {
    const receiver = await receiving();
    receiver.state.answer = () => ({ status, body: "no" });

    for (const body of ["array", "event"])
      expect(await states(senderTo(receiver, { token: "reed-water", body }))).toEqual(expected);
    for (const { state, remedy } of await stepsOf(senderTo(receiver)))
      if (state === "failed") expect(remedy).toMatch(/\S/);
  });

  test("without a connection nothing else is tried; without credentials there is no step for them", async () => {
    const receiver = await receiving();
    await receiver.close();

    expect(await states(senderTo(receiver, { token: "t" }))).toEqual([
      "connect failed",
      "sign-in skipped",
      "deliver skipped",
    ]);
    expect(await states(senderTo(receiver))).toEqual(["connect failed", "deliver skipped"]);
  });
});
