// A connection to a receiver that never says a word: all that can be known is whether it still takes bytes and has not hung up.
import type { Socket } from "node:net";
import { networkFailure } from "../../http/network-failure.ts";
import type { SenderContext } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import { dial } from "./dial.ts";
import { type Host, hostText } from "./hosts.ts";
import { brokenOff, notConnected } from "./network-words.ts";
import type { SyslogSettings } from "./syslog-settings.ts";
import { within } from "./within.ts";

const CONNECT_MS = 10_000;
/** A receiver that does not want our certificate, or us, hangs up only after our side of the handshake: one more way there and back. */
const GRACE_MS = { least: 100, most: 1_000 };
const KEEP_ALIVE_MS = 30_000;
const GOODBYE_MS = 2_000;

export type SyslogContext = SenderContext<SyslogSettings>;

export interface SyslogConnection {
  isOpen(): boolean;
  /** Resolves once the system has taken the bytes; throws where the receiver takes none for too long, or has hung up. */
  write(bytes: Buffer, signal: AbortSignal): Promise<void>;
  /** Throws where the receiver has hung up, as far as the system knows. */
  assertOpen(signal: AbortSignal): Promise<void>;
  /** Lets what has been written go out, and closes. */
  end(): Promise<void>;
}

/** Where the messages go. */
export const receiverOf = ({ host, port }: SyslogSettings): Host => ({ name: host, port });

/** Throws what kept it from connecting as a CollectorError, or the signal's reason. */
export async function openConnection(context: SyslogContext, signal: AbortSignal): Promise<SyslogConnection> {
  const { monotonicMs, settings, sockets, sleep } = context;
  const startedAt = monotonicMs();
  const ready = Promise.withResolvers<void>();
  const receiver = receiverOf(settings);
  const host = hostText(receiver);
  const socket = dial(sockets, receiver, settings.transport === "tls" ? "at_once" : "none", ready.resolve);
  const { failure, whole } = watch(socket, host);
  try {
    const limits = { ms: CONNECT_MS, late: () => notConnected(host), signal, sleep };
    await within(Promise.race([ready.promise, failure]), limits);
    const grace = Math.max(GRACE_MS.least, Math.min(GRACE_MS.most, monotonicMs() - startedAt));
    await Promise.race([sleep(grace, signal), failure.catch(unwelcome(host))]);
    signal.throwIfAborted();
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return connectionOf(socket, { failure, whole }, context);
}

interface Watched {
  /** Rejects when the connection has ended, with why. */
  readonly failure: Promise<never>;
  whole(): boolean;
}

function watch(socket: Socket, host: string): Watched {
  const broken = Promise.withResolvers<never>();
  let isWhole = true;
  const fail = (error: unknown) => {
    isWhole = false;
    broken.reject(error);
  };
  // Without a reader the end of the receiver's side would never be seen.
  socket.resume();
  socket.on("error", (error) => fail(failureOf(error, host)));
  socket.on("end", () => fail(brokenOff(host)));
  socket.on("close", () => fail(brokenOff(host)));
  broken.promise.catch(() => undefined);
  return { failure: broken.promise, whole: () => isWhole };
}

function connectionOf(socket: Socket, { failure, whole }: Watched, context: SyslogContext): SyslogConnection {
  const { settings, sleep } = context;
  socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
  const host = hostText(receiverOf(settings));
  const late = () => notTaking(host);
  return {
    isOpen: whole,
    async write(bytes, signal) {
      const written = Promise.withResolvers<void>();
      socket.write(bytes, (error) => (error ? written.reject(failureOf(error, host)) : written.resolve()));
      const limits = { ms: settings.write_timeout_seconds * 1_000, late, signal, sleep };
      await within(Promise.race([written.promise, failure]), limits);
    },
    async assertOpen(signal) {
      // One turn, in which an end that has already arrived is told.
      await Promise.race([sleep(0, signal), failure]);
      signal.throwIfAborted();
    },
    async end() {
      if (socket.closed) return;
      const stop = new AbortController();
      const closed = new Promise<void>((settle) => void socket.once("close", settle));
      if (whole()) socket.end();
      else socket.destroy();
      await Promise.race([closed, sleep(GOODBYE_MS, stop.signal)]);
      stop.abort();
      socket.destroy();
    },
  };
}

/** A receiver that wants to know us says so in TLS. */
const REFUSED = /ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/;

function failureOf(error: Error & { readonly code?: string }, host: string): unknown {
  if (!REFUSED.test(error.code ?? "")) return networkFailure(error, host);
  return new CollectorError("auth_failed", `${host} does not accept our certificate`, {
    reason: "certificate_refused",
    action: "Enter a client certificate, with its key, that the receiver trusts",
    cause: error,
  });
}

/** Some refuse a certificate, or a stranger's address, without a word. */
const unwelcome = (host: string) => (error: unknown) => {
  if (!(error instanceof CollectorError) || error.reason !== "connection_reset") throw error;
  throw new CollectorError("unavailable", `${host} hung up as soon as it was connected`, {
    reason: "hung_up_at_once",
    action: "If it stays, look in the receiver's own log whether it refuses our address or certificate",
    cause: error,
  });
};

const notTaking = (host: string) =>
  new CollectorError("unavailable", `${host} takes no more bytes`, {
    reason: "write_timeout",
    action: "If it stays, check whether the receiver is overloaded or its disk is full",
  });
