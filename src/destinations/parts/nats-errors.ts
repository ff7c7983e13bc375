// What the words of NATS and JetStream mean for a batch.
import { networkFailure } from "../../http/network-failure.ts";
import { quoted } from "../../http/outlet-error.ts";
import { CollectorError, type ErrorCode, type ErrorDetails } from "../../model/errors.ts";
import { brokenOff, notAnswered } from "./network-words.ts";

/** Of JetStream's error codes, those that mean something else than "later". */
const meanings: Readonly<Record<number, { readonly code: ErrorCode } & ErrorDetails>> = {
  10060: {
    code: "config_invalid",
    reason: "other_stream",
    action: "Correct the stream, or the subjects that it takes: another stream took this subject",
  },
  10109: { code: "config_invalid", reason: "stream_sealed", action: "Name another stream: this one is sealed" },
};
/** Storage, and limits that somebody set on the stream. */
const FULL: readonly number[] = [10002, 10023, 10028, 10047, 10077, 10122];
const TOO_LARGE = 10054;

const chain = (error: unknown) => [error, error instanceof Error ? error.cause : undefined];
const nameOf = (error: unknown) => (error instanceof Error ? error.name : "");
const errCode = (error: unknown) =>
  nameOf(error) === "JetStreamApiError" ? (error as Error & { readonly code: number }).code : undefined;

/** What the server or the stream says of one event that it will never take; undefined where it says anything else. */
export function tooLarge(error: unknown): string | undefined {
  if (errCode(error) === TOO_LARGE) return quoted((error as Error).message);
  const unsent = nameOf(error) === "InvalidArgumentError" && (error as Error).message.includes("max_payload");
  return unsent ? "larger than max_payload of the server" : undefined;
}

/** Whether nobody took the message: no stream for the subject, none with a leader, or no JetStream. */
export const isUnheard = (error: unknown): boolean => nameOf(error) === "JetStreamNotEnabled";

/** Whether the server may have let nobody hear the question. */
export const isDenied = (error: unknown): boolean =>
  chain(error).some((one) => ["PermissionViolationError", "TimeoutError"].includes(nameOf(one)));

/** Anything that the client threw. */
export function natsFailure(error: unknown, host: string): unknown {
  if (error instanceof CollectorError) return error;
  const names = chain(error).map(nameOf);
  const said = quoted(error instanceof Error ? error.message : String(error));
  if (names.includes("AuthorizationError") || names.includes("UserAuthenticationExpiredError"))
    return new CollectorError("auth_failed", `${host} refuses the sign-in: ${said}`, {
      reason: "credentials_refused",
      action: "Check user and password, token, or credentials; user credentials may have expired",
    });
  if (names.includes("PermissionViolationError"))
    return new CollectorError("auth_failed", `${host} does not allow it: ${said}`, {
      reason: "permission_missing",
      action: "Allow this user to publish to the subject and to subscribe to _INBOX.>",
    });
  if (names.includes("TimeoutError")) return notAnswered(host);
  const code = errCode(error);
  if (code !== undefined) return refusedByStream(code, said, host);
  if (names.includes("ClosedConnectionError") || /^connection (?:closed|disconnected)/.test(said))
    return brokenOff(host);
  return networkFailure(error, host);
}

function refusedByStream(code: number, said: string, host: string): CollectorError {
  const { code: ours, ...details } = meanings[code] ?? {
    code: "unavailable",
    ...(FULL.includes(code)
      ? {
          reason: "storage_full",
          action: "Make room in the stream or raise its limits; what waits is kept here until then",
        }
      : { reason: "server_error", action: "If it stays, look at the stream and the server" }),
  };
  return new CollectorError(ours, `JetStream at ${host} did not take it: ${said} (${code})`, details);
}

/** Nobody took it, and JetStream knows of no stream that should. */
export const noStream = (subject: string): CollectorError =>
  new CollectorError("config_invalid", `No stream takes the subject ${subject}`, {
    reason: "stream_missing",
    action: "Create a stream with this subject, or name one under stream and switch create_stream on",
  });

export const jetStreamOff = (host: string): CollectorError =>
  new CollectorError("config_invalid", `JetStream does not answer at ${host}`, {
    reason: "jetstream_off",
    action:
      "Switch JetStream on for the server and for this account, and let this user publish to $JS.API.STREAM.NAMES",
  });
