// What RabbitMQ's reply codes mean for a batch.
import { networkFailure } from "../../http/network-failure.ts";
import { quoted } from "../../http/outlet-error.ts";
import { CollectorError, type ErrorCode, type ErrorDetails } from "../../model/errors.ts";
import { brokenOff, notConnected } from "./network-words.ts";

interface Meaning extends ErrorDetails {
  readonly code: ErrorCode;
}

const meanings: Readonly<Record<string, Meaning>> = {
  ACCESS_REFUSED: {
    code: "auth_failed",
    reason: "credentials_refused",
    action:
      "Check user and password, and that the user may write to the exchange and, if it is to create things, configure them",
  },
  NOT_ALLOWED: {
    code: "config_invalid",
    reason: "virtual_host_refused",
    action: "Check the name of the virtual host and that the user may use it",
  },
  NOT_FOUND: {
    code: "config_invalid",
    reason: "exchange_missing",
    action: "Create the exchange, correct its name, or switch declare on",
  },
  PRECONDITION_FAILED: {
    code: "config_invalid",
    reason: "declared_otherwise",
    action:
      "What is to be created is there with other properties: switch declare off, or name another exchange and queue",
  },
  CONNECTION_FORCED: { code: "unavailable", reason: "shut_down", action: "It passes once the node is back" },
  RESOURCE_ERROR: { code: "unavailable", reason: "server_error", action: "Look at memory and disk of the node" },
  RESOURCE_LOCKED: { code: "unavailable", reason: "server_error", action: "Check who holds the queue for himself" },
  INTERNAL_ERROR: { code: "unavailable", reason: "server_error", action: "If it stays, look at the node's log" },
};
const TOO_LARGE: Meaning = { code: "rejected", reason: "too_large", action: "Raise max_message_size of the node" };
/** Words of the client for what is over because something else happened before. */
const echoes = ["CH_CLOSE", "CLOSING", "CLOSED"];

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** A message that this node does not take now; the next attempt may find it able to. */
export const isNack = (error: unknown): boolean => codeOf(error) === "NACK";

/** Of several errors with one cause, the one that tells it. */
export const telling = (errors: readonly unknown[]): unknown =>
  errors.find((error) => error !== undefined && !echoes.includes(codeOf(error))) ?? errors[0];

/** Anything that the client threw. */
export function rabbitmqFailure(error: unknown, host: string): unknown {
  if (error instanceof CollectorError) return error;
  const code = codeOf(error);
  const said = quoted(error instanceof Error ? error.message : String(error));
  const meaning = code === "PRECONDITION_FAILED" && /message size/i.test(said) ? TOO_LARGE : meanings[code];
  if (meaning !== undefined) {
    const { code: ours, ...details } = meaning;
    return new CollectorError(ours, `RabbitMQ at ${host} refuses: ${said}`, details);
  }
  if (code === "CONNECTION_TIMEOUT" || code === "SOCKET_TIMEOUT" || code === "TIMEOUT") return notConnected(host);
  if (code === "CONN_CLOSE" || echoes.includes(code)) return brokenOff(host);
  if (error instanceof Error && error.name.startsWith("AMQP"))
    return new CollectorError("protocol", `What answers at ${host} does not speak as RabbitMQ does: ${said}`, {
      reason: "not_rabbitmq",
      action: "Check host and port, and that it is the port for AMQP 0-9-1",
    });
  return networkFailure(error, host);
}

/** The exchange knows no queue for what came back. */
export const unroutable = (count: number, exchange: string, routingKey: string): CollectorError =>
  new CollectorError("config_invalid", `${count} events came back: no queue gets ${routingKey} from ${exchange}`, {
    reason: "unroutable",
    action: "Bind a queue to the exchange for this routing key; everything waits here until then",
  });

export const blocked = (host: string): CollectorError =>
  new CollectorError("unavailable", `RabbitMQ at ${host} takes nothing at the moment`, {
    reason: "blocked",
    action: "Look at its memory and disk: it stops taking messages when either runs short",
  });
