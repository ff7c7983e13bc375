import type { CheckStep } from "../model/check.ts";
import { defineDestination, type Sender, type Sent } from "../model/destination.ts";
import { formatNames, type OutgoingEvent } from "../model/outgoing.ts";
import { hostsOf } from "./parts/hosts.ts";
import { type KafkaContext, type KafkaLink, openKafka } from "./parts/kafka-connection.ts";
import { KafkaSettings } from "./parts/kafka-settings.ts";
import { kept } from "./parts/kept.ts";
import { notAnswered } from "./parts/network-words.ts";
import { reached, withSocket } from "./parts/reach.ts";
import { headersOf } from "./parts/routing.ts";
import { delivery, staged } from "./parts/staged.ts";

const SEND_MS = 30_000;

/** Apache Kafka and what speaks its protocol: one record for each event, taken once every replica in sync has it. */
export const kafka = defineDestination<KafkaSettings>({
  name: "kafka",
  title: "Apache Kafka",
  description:
    "Writes every event to a topic, keyed by its conversation, and waits until all replicas in sync have it.",
  group: "queue",
  settings: KafkaSettings,
  address: ["brokers"],
  formats: formatNames,
  guarantee: "at_least_once",
  guaranteeNote: "A repeated event is a second record with the same cistern-key header; consumers can drop it by that.",
  // Within what a topic takes as one batch unless it is set otherwise, even where nothing is gained by compressing.
  limits: { events: 1_000, bytes: 900_000 },
  maxAgeMs: 1_000,
  concurrency: 1,
  open: openSender,
});

type Use = <R>(signal: AbortSignal, work: (link: KafkaLink) => Promise<R>) => Promise<R>;

function openSender(context: KafkaContext): Sender {
  const { settings, sleep } = context;
  const connection = kept<KafkaLink>({
    open: (unwanted) => openKafka(context, unwanted),
    // The client connects anew to brokers that have closed a connection nobody used.
    isAlive: () => true,
    end: (link) => link.end(),
  });
  const use: Use = (signal, work) =>
    connection.use({ ms: SEND_MS, late: () => notAnswered(settings.brokers), signal, sleep }, work);
  return {
    send: ({ events }, signal) => use(signal, (link) => produce(link, context, events)),
    check: (test, signal) => check(context, use, test, signal),
    close: () => connection.close(),
  };
}

async function produce(link: KafkaLink, { product }: KafkaContext, events: readonly OutgoingEvent[]): Promise<Sent> {
  // Without a time of the event's: topics that keep records for some days would drop older ones at once.
  const messages = events.map((event) => ({
    key: event.group,
    value: Buffer.from(event.body),
    headers: headersOf(event, product),
  }));
  await link.produce(messages);
  return {};
}

function check(context: KafkaContext, use: Use, test: OutgoingEvent, signal: AbortSignal): AsyncIterable<CheckStep> {
  const { settings, now } = context;
  const encryption = settings.tls ? "at_once" : "none";
  const nothing = async () => undefined;
  return staged(now, [
    {
      id: "connect",
      title: "Connect",
      work: () => reached(hostsOf(settings.brokers), (host) => withSocket(context, host, encryption, signal, nothing)),
    },
    {
      id: "sign-in",
      title: "Sign in",
      work: () => use(signal, async () => ({ state: "ok", detail: "The cluster lets us in" })),
    },
    delivery(() => use(signal, (link) => produce(link, context, [test])), `The topic ${settings.topic} has it`),
  ]);
}
