// One connection to a RabbitMQ node, with one channel that confirms.
import type { Socket } from "node:net";
import type { Channel, Connection, ConnectionOptions } from "rabbitmq-client";
import type { SenderContext } from "../../model/destination.ts";
import { dialOptions, tlsOptions } from "./dial.ts";
import { type Host, hostText } from "./hosts.ts";
import { rabbitmqFailure } from "./rabbitmq-errors.ts";
import { DEFAULT_EXCHANGE, type RabbitmqSettings } from "./rabbitmq-settings.ts";
import { CONNECT_MS } from "./reach.ts";

const HEARTBEAT_S = 20;
/** Far above the frames that are agreed on, which have 8 KB. */
const LONGEST_FRAME = 1_000_000;
/** How long a connection may take to say goodbye. */
const FAREWELL_MS = 2_000;

export type RabbitmqContext = SenderContext<RabbitmqSettings>;

export interface RabbitmqLink {
  readonly host: string;
  readonly channel: Channel;
  /** What broke channel or connection, where something did. */
  readonly failure: unknown;
  /** Whether the node has said that it takes nothing at the moment. */
  readonly isBlocked: boolean;
  end(): Promise<void>;
}

/** Connects, signs in, creates what is to be created, and has the channel confirm. */
export async function openRabbitmq(context: RabbitmqContext, host: Host, signal: AbortSignal): Promise<RabbitmqLink> {
  const client = await import("rabbitmq-client");
  signal.throwIfAborted();
  const connection = new client.Connection(connectionOptions(context, host));
  const state = { failure: undefined as unknown, isBlocked: false };
  const note = (error: unknown) => {
    state.failure ??= error;
  };
  connection.on("error", note);
  connection.on("connection.blocked", () => Object.assign(state, { isBlocked: true }));
  connection.on("connection.unblocked", () => Object.assign(state, { isBlocked: false }));
  limitFrames(connection);
  const giveUp = () => connection.unsafeDestroy();
  signal.addEventListener("abort", giveUp);
  try {
    await connected(connection, signal);
    const channel = await connection.acquire({ emitErrorsFromChannel: true });
    channel.on("error", note);
    if (context.settings.declare) await declare(channel, context.settings);
    await channel.confirmSelect();
    signal.throwIfAborted();
    return Object.assign(state, {
      host: hostText(host),
      channel,
      end: () => endOf(connection, channel, context),
    });
  } catch (error) {
    giveUp();
    throw rabbitmqFailure(error, hostText(host));
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

function connectionOptions({ settings, sockets, product }: RabbitmqContext, host: Host): ConnectionOptions {
  const { username, password, virtual_host: vhost, tls } = settings;
  const { host: hostname, port, lookup } = dialOptions(sockets, host, tls ? "at_once" : "none");
  return {
    hostname,
    port,
    username,
    password,
    vhost,
    connectionName: product,
    connectionTimeout: CONNECT_MS,
    acquireTimeout: CONNECT_MS,
    heartbeat: HEARTBEAT_S,
    noDelay: true,
    socket: { port, lookup },
    ...(tls && { tls: tlsOptions(sockets, host.name) }),
  };
}

/**
 * The client waits for as many bytes as the other side announces. What is no RabbitMQ announces gigabytes, for which Node throws where
 * nobody can catch it.
 */
function limitFrames(connection: Connection): void {
  const { _socket: socket } = connection as unknown as { readonly _socket: Socket };
  const read = socket.read.bind(socket);
  socket.read = (size) => {
    if (size === undefined || size <= LONGEST_FRAME) return read(size);
    socket.destroy(Object.assign(new Error(`a frame of ${size} bytes was announced`), { name: "AMQPError" }));
    return null;
  };
}

/** The first failure counts: the client would go on trying for ever. */
function connected(connection: Connection, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  connection.once("connection", resolve);
  connection.once("error", reject);
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return promise;
}

async function declare(channel: Channel, { exchange, queue }: RabbitmqSettings): Promise<void> {
  // What begins with amq. is RabbitMQ's own.
  const own = exchange.startsWith("amq.");
  if (!own) await channel.exchangeDeclare({ exchange, type: "topic", durable: true });
  if (queue === undefined) return;
  await channel.queueDeclare({ queue, durable: true, arguments: { "x-queue-type": "quorum" } });
  if (exchange !== DEFAULT_EXCHANGE) await channel.queueBind({ queue, exchange, routingKey: "#" });
}

async function endOf(connection: Connection, channel: Channel, { sleep }: RabbitmqContext): Promise<void> {
  const over = new AbortController();
  if (channel.active) {
    const farewell = channel.close().then(() => connection.close());
    await Promise.race([farewell.catch(() => undefined), sleep(FAREWELL_MS, over.signal)]);
  }
  over.abort();
  connection.unsafeDestroy();
}
