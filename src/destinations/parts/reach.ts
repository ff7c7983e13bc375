// The first step of a connection test: whether somebody answers there at all.
import type { Socket } from "node:net";
import { networkFailure } from "../../http/network-failure.ts";
import type { StepOutcome } from "../../model/check.ts";
import type { SenderContext } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import { dial, type Encryption } from "./dial.ts";
import { type Host, hostText } from "./hosts.ts";
import { brokenOff, notConnected } from "./network-words.ts";
import { within } from "./within.ts";

/** Until a connection stands, is encrypted, and has heard the first word. */
export const CONNECT_MS = 10_000;

export type Reaching = Pick<SenderContext<unknown>, "sockets" | "sleep">;

/** Connects, lets `work` use the socket, and ends it. Throws what kept it from that as a CollectorError, or the signal's reason. */
export async function withSocket<T>(
  { sockets, sleep }: Reaching,
  host: Host,
  encryption: Encryption,
  signal: AbortSignal,
  work: (socket: Socket) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const ready = Promise.withResolvers<void>();
  const broken = Promise.withResolvers<never>();
  const socket = dial(sockets, host, encryption, ready.resolve);
  socket.on("error", broken.reject).on("close", () => broken.reject(brokenOff(hostText(host))));
  const whole = ready.promise.then(() => work(socket));
  const limits = { ms: CONNECT_MS, late: () => notConnected(hostText(host)), signal, sleep };
  try {
    return await within(Promise.race([whole, broken.promise]), limits);
  } catch (error) {
    throw networkFailure(error, hostText(host), signal);
  } finally {
    socket.destroy();
  }
}

/** Tries every host, all at once. */
export async function reached(
  hosts: readonly Host[],
  attempt: (host: Host) => Promise<unknown>,
): Promise<StepOutcome<undefined>> {
  const tried = await Promise.allSettled(hosts.map(attempt));
  const failures = tried.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  if (failures.length === 0) return { state: "ok", detail: `${hosts.map(hostText).join(", ")} can be connected to` };
  const [first] = failures;
  if (failures.length === hosts.length || !(first instanceof CollectorError)) throw first;
  return {
    state: "warning",
    detail: `${failures.length} of ${hosts.length} hosts cannot be connected to: ${first.message}`,
    remedy: first.action,
    reason: first.reason,
  };
}
