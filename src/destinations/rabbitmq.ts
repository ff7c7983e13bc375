import type { CheckStep } from "../model/check.ts";
import { defineDestination, type Sender, type Sent } from "../model/destination.ts";
import { formatNames, type OutgoingEvent } from "../model/outgoing.ts";
import { firstHost } from "./parts/first-host.ts";
import { hostsOf } from "./parts/hosts.ts";
import { kept } from "./parts/kept.ts";
import { notAnswered } from "./parts/network-words.ts";
import { openRabbitmq, type RabbitmqContext, type RabbitmqLink } from "./parts/rabbitmq-connection.ts";
import { blocked, isNack, rabbitmqFailure, telling, unroutable } from "./parts/rabbitmq-errors.ts";
import { CLEAR_PORT, DEFAULT_EXCHANGE, RabbitmqSettings, TLS_PORT } from "./parts/rabbitmq-settings.ts";
import { reached, withSocket } from "./parts/reach.ts";
import { headersOf, messageId, routed } from "./parts/routing.ts";
import { delivery, staged } from "./parts/staged.ts";

const SEND_MS = 30_000;

/** RabbitMQ over AMQP 0-9-1: one persistent message for each event, each confirmed by the node. */
export const rabbitmq = defineDestination<RabbitmqSettings>({
  name: "rabbitmq",
  title: "RabbitMQ",
  description: "Publishes every event to an exchange and waits until the node has confirmed it.",
  group: "queue",
  settings: RabbitmqSettings,
  address: ["hosts", "virtual_host"],
  formats: formatNames,
  guarantee: "at_least_once",
  guaranteeNote: "A repeated event is a second message with the same message id; consumers can drop it by that.",
  limits: { events: 1_000, bytes: 4_000_000 },
  maxAgeMs: 1_000,
  concurrency: 1,
  open: openSender,
});

type Use = <R>(signal: AbortSignal, work: (link: RabbitmqLink) => Promise<R>) => Promise<R>;

const hostsIn = ({ settings: { hosts, tls } }: RabbitmqContext) => hostsOf(hosts, tls ? TLS_PORT : CLEAR_PORT);

function openSender(context: RabbitmqContext): Sender {
  const connection = kept<RabbitmqLink>({
    open: (unwanted) => firstHost(hostsIn(context), (host) => openRabbitmq(context, host, unwanted)),
    isAlive: (link) => link.channel.active,
    end: (link) => link.end(),
  });
  const use: Use = async (signal, work) => {
    let last: RabbitmqLink | undefined;
    const late = () => (last?.isBlocked ? blocked(last.host) : notAnswered(context.settings.hosts));
    return await connection.use({ ms: SEND_MS, late, signal, sleep: context.sleep }, (link) => {
      last = link;
      return work(link);
    });
  };
  return {
    send: ({ events }, signal) => use(signal, (link) => publishAll(link, context, events, signal)),
    check: (test, signal) => check(context, use, test, signal),
    close: () => connection.close(),
  };
}

async function publishAll(
  link: RabbitmqLink,
  context: RabbitmqContext,
  events: readonly OutgoingEvent[],
  signal: AbortSignal,
): Promise<Sent> {
  const returned: string[] = [];
  const onReturn = ({ routingKey }: { readonly routingKey: string }) => returned.push(routingKey);
  link.channel.on("basic.return", onReturn);
  try {
    const answers = await Promise.allSettled(events.map((event) => publish(link, context, event)));
    const errors = answers.map((answer) => (answer.status === "rejected" ? (answer.reason as unknown) : undefined));
    const failures = errors.filter((error) => error !== undefined && !isNack(error));
    if (failures.length > 0) throw rabbitmqFailure(telling([link.failure, ...failures]), link.host);
    // A message that comes back does so before it is confirmed, but the client tells of it one turn of the loop later.
    await context.sleep(0, signal);
    const [routingKey] = returned;
    if (routingKey !== undefined) throw unroutable(returned.length, context.settings.exchange, routingKey);
    return { again: errors.flatMap((error, index) => (error === undefined ? [] : [index])) };
  } finally {
    link.channel.off("basic.return", onReturn);
  }
}

/** Resolves once the node has confirmed it. */
async function publish({ channel }: RabbitmqLink, context: RabbitmqContext, event: OutgoingEvent): Promise<void> {
  const { exchange, routing_key: key } = context.settings;
  const { timeKey } = event.view.stored;
  const envelope = {
    exchange: exchange === DEFAULT_EXCHANGE ? "" : exchange,
    routingKey: routed(key, event),
    mandatory: true,
    durable: true,
    messageId: messageId(event),
    contentType: event.body.startsWith("{") ? "application/json" : "text/plain",
    contentEncoding: "utf-8",
    appId: "cistern",
    headers: headersOf(event, context.product),
    ...(timeKey > 0 && { timestamp: Math.floor(timeKey / 1_000_000) }),
  };
  await channel.basicPublish(envelope, Buffer.from(event.body));
}

function check(context: RabbitmqContext, use: Use, test: OutgoingEvent, signal: AbortSignal): AsyncIterable<CheckStep> {
  const { settings, now } = context;
  const encryption = settings.tls ? "at_once" : "none";
  const nothing = async () => undefined;
  return staged(now, [
    {
      id: "connect",
      title: "Connect",
      work: () => reached(hostsIn(context), (host) => withSocket(context, host, encryption, signal, nothing)),
    },
    {
      id: "sign-in",
      title: "Sign in",
      work: () => use(signal, async ({ host }) => ({ state: "ok", detail: `${host} lets us in` })),
    },
    delivery(
      () => use(signal, (link) => publishAll(link, context, [test], signal)),
      `A queue has taken it from ${settings.exchange} under ${routed(settings.routing_key, test)}`,
    ),
  ]);
}
