// One producer for a Kafka cluster.
import { createRequire } from "node:module";
import type { KafkaConfig, Message, Producer } from "kafkajs";
import { quoted } from "../../http/outlet-error.ts";
import type { SenderContext } from "../../model/destination.ts";
import { firstHost } from "./first-host.ts";
import { hostsOf, hostText } from "./hosts.ts";
import { kafkaFailure } from "./kafka-errors.ts";
import type { KafkaSettings } from "./kafka-settings.ts";
import { type KafkaSockets, kafkaSockets } from "./kafka-sockets.ts";

/** How long the brokers may take until every replica in sync has a batch; the client waits a little longer for their answer. */
const ACK_MS = 10_000;
const ANSWER_MS = 13_000;
const CONNECT_MS = 5_000;
/** How long a producer may take to say goodbye. */
const FAREWELL_MS = 2_000;
// What is left after these is the engine's to try again, which waits longer and says so.
const RETRY = { retries: 3, initialRetryTime: 250, factor: 0.2, multiplier: 2, maxRetryTime: 2_000 };

export type KafkaContext = SenderContext<KafkaSettings>;

export interface KafkaLink {
  /** Resolves once every replica in sync has them all. */
  produce(messages: Message[]): Promise<void>;
  end(): Promise<void>;
}

/** Connects and signs in to one broker; the others follow when they are needed. */
export async function openKafka(context: KafkaContext, signal: AbortSignal): Promise<KafkaLink> {
  const { settings, sockets: checked } = context;
  // A CommonJS module: not all its names can be seen from outside.
  const { default: client } = await import("kafkajs");
  withoutNeedlessTimers();
  const { brokers, topic, tls } = settings;
  await firstHost(hostsOf(brokers), ({ name }) =>
    (tls ? checked.permitted(name) : checked.assertMayBeClear(name)).then(() => undefined),
  );
  const sockets = kafkaSockets(checked, tls);
  const kafka = new client.Kafka(configuration(context, sockets, client.logLevel.INFO));
  const producer = kafka.producer({
    createPartitioner: client.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    maxInFlightRequests: 1,
    retry: RETRY,
  });
  const attempt = async (work: () => Promise<unknown>) => {
    sockets.forgetFailure();
    await work().catch((error: unknown) => {
      throw kafkaFailure(error, brokers, sockets.failure);
    });
  };
  const end = () => endOf(producer, sockets, context);
  const giveUp = () => sockets.end();
  signal.addEventListener("abort", giveUp);
  try {
    signal.throwIfAborted();
    await attempt(() => producer.connect());
  } catch (error) {
    await end();
    throw error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
  const compression = client.CompressionTypes.GZIP;
  return {
    produce: (messages) => attempt(() => producer.send({ topic, messages, acks: -1, timeout: ACK_MS, compression })),
    end,
  };
}

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

/** After each answer the client sets a timer to look at its queue, and where nothing waits to a time long past, of which Node warns. */
function withoutNeedlessTimers(): void {
  const { prototype } = createRequire(import.meta.url)("kafkajs/src/network/requestQueue") as {
    prototype: RequestQueue;
  };
  const schedule = prototype.scheduleCheckPendingRequests;
  if (schedule.name === scheduleWhereNeeded.name) return;
  prototype.scheduleCheckPendingRequests = scheduleWhereNeeded;
  function scheduleWhereNeeded(this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > 0) schedule.call(this);
  }
}

function configuration({ settings, log, product }: KafkaContext, sockets: KafkaSockets, logLevel: number): KafkaConfig {
  const { sasl: mechanism, username = "", password = "" } = settings;
  return {
    clientId: product.replaceAll("/", "-"),
    brokers: hostsOf(settings.brokers).map(hostText),
    socketFactory: sockets.factory,
    connectionTimeout: CONNECT_MS,
    authenticationTimeout: CONNECT_MS,
    requestTimeout: ANSWER_MS,
    retry: RETRY,
    logLevel,
    // Sentences only: what stands beside them can hold requests and answers.
    logCreator: () => (entry) =>
      log.debug({}, `Kafka client, ${entry.namespace}: ${quoted(entry.log.message).slice(0, 300)}`),
    ...(mechanism !== "none" && { sasl: { mechanism, username, password } as NonNullable<KafkaConfig["sasl"]> }),
  };
}

async function endOf(producer: Producer, sockets: KafkaSockets, { sleep }: KafkaContext): Promise<void> {
  const over = new AbortController();
  await Promise.race([producer.disconnect().catch(() => undefined), sleep(FAREWELL_MS, over.signal)]);
  over.abort();
  sockets.end();
}
