import type { CheckStep } from "../model/check.ts";
import { defineDestination, type Refusal, type Sender } from "../model/destination.ts";
import { formatNames, type OutgoingEvent } from "../model/outgoing.ts";
import { firstHost } from "./parts/first-host.ts";
import { hostsOf } from "./parts/hosts.ts";
import { kept } from "./parts/kept.ts";
import { ACK_MS, greet, NATS_PORT, type NatsContext, type NatsLink, openNats } from "./parts/nats-connection.ts";
import { isUnheard, natsFailure, tooLarge } from "./parts/nats-errors.ts";
import { NatsSettings } from "./parts/nats-settings.ts";
import { checkStream, whyUnheard } from "./parts/nats-stream.ts";
import { notAnswered } from "./parts/network-words.ts";
import { pipelined } from "./parts/pipelined.ts";
import { reached } from "./parts/reach.ts";
import { headersOf, messageId, routed } from "./parts/routing.ts";
import { delivery, staged } from "./parts/staged.ts";

/** Messages whose acknowledgement is waited for. */
const IN_FLIGHT = 256;
const SEND_MS = 30_000;

/** NATS JetStream: one message for each event, each acknowledged by the stream. */
export const nats = defineDestination<NatsSettings>({
  name: "nats",
  title: "NATS JetStream",
  description: "Publishes every event to a subject of a JetStream stream and waits until the stream has stored it.",
  group: "queue",
  settings: NatsSettings,
  address: ["servers"],
  formats: formatNames,
  guarantee: "deduplicated_for_a_while",
  guaranteeNote:
    "Within the stream's duplicate window a repeated event is stored once; one that comes later is stored again with the same key.",
  limits: { events: 1_000, bytes: 4_000_000 },
  maxAgeMs: 1_000,
  concurrency: 1,
  open: openSender,
});

function openSender(context: NatsContext): Sender {
  const { settings, sleep } = context;
  const hosts = hostsOf(settings.servers, NATS_PORT);
  const connection = kept<NatsLink>({
    open: (unwanted) => firstHost(hosts, (host) => openNats(context, host, unwanted)),
    isAlive: (link) => !link.nats.isClosed(),
    end: (link) => link.nats.close(),
  });
  const use = <R>(signal: AbortSignal, work: (link: NatsLink) => Promise<R>) =>
    connection.use({ ms: SEND_MS, late: () => notAnswered(settings.servers), signal, sleep }, work);
  return {
    send: async ({ events }, signal) => ({ refused: await use(signal, (link) => publishAll(link, context, events)) }),
    check: (test, signal) => check({ context, use }, test, signal),
    close: () => connection.close(),
  };
}

async function publishAll(link: NatsLink, context: NatsContext, events: readonly OutgoingEvent[]): Promise<Refusal[]> {
  const answers = await pipelined(events, IN_FLIGHT, (event) => publish(link, context, event));
  return answers.flatMap((answer, index) => (answer === undefined ? [] : [{ index, reason: "too_large", answer }]));
}

/** Resolves once the stream has the event, now or already before; with what was said where it is too large for good. */
async function publish(link: NatsLink, context: NatsContext, event: OutgoingEvent): Promise<string | undefined> {
  const { settings, product } = context;
  const subject = routed(settings.subject, event);
  try {
    await link.jetStream.publish(subject, event.body, {
      msgID: messageId(event),
      headers: link.headers(headersOf(event, product)),
      timeout: ACK_MS,
      ...(settings.stream !== undefined && { expect: { streamName: settings.stream } }),
    });
    return undefined;
  } catch (error) {
    const answer = tooLarge(error);
    if (answer !== undefined) return answer;
    throw isUnheard(error) ? await whyUnheard(link, subject) : natsFailure(error, link.host);
  }
}

interface Checking {
  readonly context: NatsContext;
  readonly use: <R>(signal: AbortSignal, work: (link: NatsLink) => Promise<R>) => Promise<R>;
}

function check({ context, use }: Checking, test: OutgoingEvent, signal: AbortSignal): AsyncIterable<CheckStep> {
  const { settings, now } = context;
  const hosts = hostsOf(settings.servers, NATS_PORT);
  const subject = routed(settings.subject, test);
  return staged(now, [
    { id: "connect", title: "Connect", work: () => reached(hosts, (host) => greet(context, host, signal)) },
    {
      id: "sign-in",
      title: "Sign in",
      work: () => use(signal, async ({ host }) => ({ state: "ok", detail: `${host} lets us in` })),
    },
    { id: "stream", title: "Find the stream", work: () => use(signal, (link) => checkStream(link, settings, subject)) },
    delivery(
      async () => ({ refused: await use(signal, (link) => publishAll(link, context, [test])) }),
      `The stream has stored it under ${subject}`,
    ),
  ]);
}
