// One connection to a NATS server.
import { isIP, type Socket } from "node:net";
import type { JetStreamClient } from "@nats-io/jetstream";
import type { Authenticator, ConnectionOptions, MsgHdrs, NatsConnection, TlsOptions } from "@nats-io/transport-node";
import type { SenderContext } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import { tlsOptions } from "./dial.ts";
import { type Host, hostText } from "./hosts.ts";
import { natsFailure } from "./nats-errors.ts";
import { credentialsOf, type NatsSettings } from "./nats-settings.ts";
import { brokenOff } from "./network-words.ts";
import { CONNECT_MS, withSocket } from "./reach.ts";

export const NATS_PORT = 4222;
const PING_MS = 20_000;
/** How long JetStream may take over one message. */
export const ACK_MS = 10_000;
const LONGEST_GREETING = 65_536;

export type NatsContext = SenderContext<NatsSettings>;

export interface NatsLink {
  readonly nats: NatsConnection;
  readonly jetStream: JetStreamClient;
  readonly host: string;
  headers(values: Readonly<Record<string, string>>): MsgHdrs;
}

/**
 * Sees with a socket of its own that a NATS server answers, and gives the address it answered at. The client cannot let go of a
 * connection that stays silent, and it takes addresses as they are: so it gets this one, which has been checked.
 */
export async function greet(context: NatsContext, host: Host, signal: AbortSignal): Promise<string> {
  const { tls, tls_first: first } = context.settings;
  const encryption = tls ? (first ? "at_once" : "later") : "none";
  return await withSocket(context, host, encryption, signal, async (socket) => {
    const { remoteAddress = "" } = socket;
    const line = await firstLine(socket);
    if (line === "") throw brokenOff(hostText(host));
    const info = greetingOf(line, hostText(host));
    if (encryption === "later" && !info.tls_required && !info.tls_available) throw noTls(hostText(host));
    if (!tls && info.tls_required) throw onlyTls(hostText(host));
    return remoteAddress;
  });
}

/** Connects and signs in. */
export async function openNats(context: NatsContext, host: Host, signal: AbortSignal): Promise<NatsLink> {
  const [{ connect, headers, jwtAuthenticator, nkeyAuthenticator }, { jetstream }] = await Promise.all([
    import("@nats-io/transport-node"),
    import("@nats-io/jetstream"),
  ]);
  const address = await greet(context, host, signal);
  const { seed, jwt } = credentialsOf(context.settings.credentials ?? "") ?? {};
  const key = new TextEncoder().encode(seed);
  const authenticator = jwt === undefined ? nkeyAuthenticator(key) : jwtAuthenticator(jwt, key);
  const options = connectionOptions(context, host, address, seed === undefined ? undefined : authenticator);
  const nats = await connect(options).catch((error: unknown) => {
    throw natsFailure(error, hostText(host));
  });
  return {
    nats,
    jetStream: jetstream(nats, { timeout: ACK_MS }),
    host: hostText(host),
    headers(values) {
      const made = headers();
      for (const [name, value] of Object.entries(values)) made.set(name, value);
      return made;
    },
  };
}

function connectionOptions(
  { settings, sockets, product }: NatsContext,
  { name, port }: Host,
  address: string,
  authenticator: Authenticator | undefined,
): ConnectionOptions {
  const { username, password, token } = settings;
  // The client copies what it does not know into the options of `tls.connect`.
  const tls = { ...tlsOptions(sockets, name), handshakeFirst: settings.tls_first } as TlsOptions;
  return {
    servers: [isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`],
    // Other servers of the cluster are told of by addresses that nobody has checked.
    ignoreClusterUpdates: true,
    reconnect: false,
    resolve: false,
    timeout: CONNECT_MS,
    pingInterval: PING_MS,
    noAsyncTraces: true,
    name: product,
    tls: settings.tls ? tls : null,
    ...(username !== undefined && { user: username, pass: password ?? "" }),
    ...(token !== undefined && { token }),
    ...(authenticator && { authenticator }),
  };
}

async function firstLine(socket: Socket): Promise<string> {
  let text = "";
  for await (const piece of socket) {
    text += String(piece);
    const end = text.indexOf("\r\n");
    if (end >= 0) return text.slice(0, end);
    if (text.length > LONGEST_GREETING) break;
  }
  return text;
}

interface Greeting {
  readonly tls_required?: boolean;
  readonly tls_available?: boolean;
}

function greetingOf(line: string, host: string): Greeting {
  try {
    const info: unknown = line.startsWith("INFO ") ? JSON.parse(line.slice(5)) : null;
    if (typeof info === "object" && info !== null) return info;
  } catch {
    // Said below.
  }
  throw new CollectorError("protocol", `What answers at ${host} is no NATS server`, {
    reason: "not_nats",
    action: "Check host and port; where the server wants TLS before its first word, switch tls_first on",
  });
}

const noTls = (host: string) =>
  new CollectorError("config_invalid", `The NATS server at ${host} does not offer TLS`, {
    reason: "tls_missing",
    action: "Set TLS up on the server; only within a private network may it be switched off here instead",
  });

const onlyTls = (host: string) =>
  new CollectorError("config_invalid", `The NATS server at ${host} wants TLS`, {
    reason: "tls_required",
    action: "Switch TLS on",
  });
