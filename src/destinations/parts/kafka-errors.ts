// What Kafka's error codes, and the client's own words, mean for a batch.
import { networkFailure } from "../../http/network-failure.ts";
import { quoted } from "../../http/outlet-error.ts";
import { CollectorError, type ErrorCode, type ErrorDetails } from "../../model/errors.ts";
import { brokenOff, notAnswered } from "./network-words.ts";

interface Meaning extends ErrorDetails {
  readonly code: ErrorCode;
}

const tooLarge: Meaning = {
  code: "rejected",
  reason: "too_large",
  action: "Raise max.message.bytes of the topic, then deliver the dead letter again",
};
const notAllowed: Meaning = {
  code: "auth_failed",
  reason: "permission_missing",
  action: "Allow this user to describe the topic and to write to it",
};
const refused: Meaning = {
  code: "auth_failed",
  reason: "credentials_refused",
  action: "Check mechanism, user and password",
};
const malformed: Meaning = { code: "rejected", reason: "malformed", action: "Look at the rules of the topic" };
const topicMissing: Meaning = {
  code: "config_invalid",
  reason: "topic_missing",
  action: "Create the topic, correct its name, or allow this user to describe it",
};
const misconfigured: Meaning = {
  code: "config_invalid",
  reason: "topic_misconfigured",
  action: "Check the settings of topic and brokers",
};

/** Of Kafka's error codes, those that mean something else than "later". */
const meanings: Readonly<Record<string, Meaning>> = {
  MESSAGE_TOO_LARGE: tooLarge,
  RECORD_LIST_TOO_LARGE: tooLarge,
  UNKNOWN_TOPIC_OR_PARTITION: topicMissing,
  INVALID_TOPIC_EXCEPTION: topicMissing,
  TOPIC_AUTHORIZATION_FAILED: notAllowed,
  CLUSTER_AUTHORIZATION_FAILED: notAllowed,
  SASL_AUTHENTICATION_FAILED: refused,
  UNSUPPORTED_SASL_MECHANISM: refused,
  ILLEGAL_SASL_STATE: {
    ...refused,
    action: "Choose the SASL mechanism that the brokers want, on the port that is for it",
  },
  SECURITY_DISABLED: misconfigured,
  UNSUPPORTED_FOR_MESSAGE_FORMAT: misconfigured,
  UNSUPPORTED_COMPRESSION_TYPE: misconfigured,
  INVALID_REQUIRED_ACKS: misconfigured,
  INVALID_RECORD: malformed,
  INVALID_TIMESTAMP: malformed,
  POLICY_VIOLATION: malformed,
};

interface ClientError extends Error {
  readonly type?: string;
}

/** Anything that the client threw. `failure`: what last kept one of its sockets from working. */
export function kafkaFailure(error: unknown, host: string, failure: unknown): unknown {
  if (error instanceof CollectorError) return error;
  const chain = behind(error);
  const said = quoted(chain[0]?.message ?? String(error));
  const known = chain.map(({ type }) => meanings[type ?? ""]).find((meaning) => meaning !== undefined);
  if (known !== undefined) return told(known, host, said);
  if (failure instanceof CollectorError) return failure;
  const names = chain.map(({ name }) => name);
  if (names.includes("KafkaJSSASLAuthenticationError")) return signInFailure(host, said, failure);
  if (names.includes("KafkaJSRequestTimeoutError") || names.includes("KafkaJSLockTimeout")) return notAnswered(host);
  if (isForeign(failure) || names.includes("KafkaJSServerDoesNotSupportApiKey"))
    return new CollectorError("protocol", `What answers at ${host} does not speak as Kafka does: ${said}`, {
      reason: "not_kafka",
      action: "Check host and port, and whether this port wants TLS",
    });
  if (names.includes("KafkaJSConnectionClosedError")) return brokenOff(host);
  if (chain.some(({ type }) => type !== undefined))
    return new CollectorError("unavailable", `Kafka at ${host} did not take it: ${said}`, {
      reason: "server_error",
      action: "If it stays, look at the brokers, the replicas of the topic and min.insync.replicas",
    });
  return networkFailure(failure ?? error, host);
}

// The client calls everything a refusal that happens while it signs in, a broken connection too.
function signInFailure(host: string, said: string, failure: unknown): CollectorError {
  if (failure === undefined && !/clos|connect|tim(?:ed|e) ?out/i.test(said)) return told(refused, host, said);
  return new CollectorError("unavailable", `The connection to ${host} broke off during the sign-in`, {
    reason: "sign_in_broken",
    action: "If it stays, check user and password: some brokers answer wrong ones by hanging up",
  });
}

function told({ code, ...details }: Meaning, host: string, said: string): CollectorError {
  return new CollectorError(code, `Kafka at ${host} refuses: ${said}`, details);
}

const isForeign = (failure: unknown) => failure instanceof Error && "code" in failure && failure.code === "NOT_KAFKA";

/** The error and those that it wraps. */
function behind(error: unknown): readonly ClientError[] {
  const found: ClientError[] = [];
  for (let next = error; next instanceof Error && found.length < 10; next = next.cause) found.push(next);
  return found;
}
