import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { CollectorError } from "../../model/errors.ts";
import { kafkaFailure } from "./kafka-errors.ts";

// The errors that the client makes of the brokers' codes.
const { createErrorFromCode } = createRequire(import.meta.url)("kafkajs/src/protocol/error") as {
  createErrorFromCode(code: number): Error;
};
const failureOf = (error: unknown, failure?: unknown) => kafkaFailure(error, "kafka.example:9093", failure);
/** As they arrive: the client wraps what it has given up on. */
const wrapped = (error: Error) =>
  Object.assign(new Error(error.message, { cause: error }), { name: "KafkaJSNumberOfRetriesExceeded" });
const named = (name: string, message = name) => Object.assign(new Error(message), { name });

test.each([
  [2, "unavailable", "server_error"],
  [3, "config_invalid", "topic_missing"],
  [5, "unavailable", "server_error"],
  [6, "unavailable", "server_error"],
  [7, "unavailable", "server_error"],
  [10, "rejected", "too_large"],
  [17, "config_invalid", "topic_missing"],
  [18, "rejected", "too_large"],
  [19, "unavailable", "server_error"],
  [20, "unavailable", "server_error"],
  [21, "config_invalid", "topic_misconfigured"],
  [29, "auth_failed", "permission_missing"],
  [31, "auth_failed", "permission_missing"],
  [33, "auth_failed", "credentials_refused"],
  [34, "auth_failed", "credentials_refused"],
  [44, "rejected", "malformed"],
  [56, "unavailable", "server_error"],
  [58, "auth_failed", "credentials_refused"],
  [76, "config_invalid", "topic_misconfigured"],
  [87, "rejected", "malformed"],
  [12_345, "unavailable", "server_error"],
])("the brokers' error %i is %s, %s", (number, code, reason) => {
  const error = createErrorFromCode(number);

  expect(failureOf(error)).toMatchObject({ code, reason, action: expect.stringMatching(/\S/) });
  expect(failureOf(wrapped(error))).toMatchObject({ code, reason });
});

test("an address that may not be connected to is told as that, whatever the client makes of it", () => {
  const forbidden = new CollectorError("config_invalid", "no", { reason: "address_forbidden" });

  expect(failureOf(wrapped(named("KafkaJSConnectionError")), forbidden)).toBe(forbidden);
});

test.each([
  ["SASL PLAIN authentication failed: Authentication failed", undefined, "auth_failed"],
  ["SASL SCRAM SHA512 authentication failed: wrong", undefined, "auth_failed"],
  ["SASL PLAIN authentication failed: Closed connection", undefined, "unavailable"],
  [
    "SASL PLAIN authentication failed: Request SaslAuthenticate(key: 36, version: 1) timed out",
    undefined,
    "unavailable",
  ],
  ["SASL PLAIN authentication failed: x", Object.assign(new Error("reset"), { code: "ECONNRESET" }), "unavailable"],
])("%s is %s", (message, failure, code) => {
  expect(failureOf(named("KafkaJSSASLAuthenticationError", message), failure)).toMatchObject({ code });
});

test("what the network does is something that passes", () => {
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });

  expect(failureOf(named("KafkaJSConnectionError"), refused)).toMatchObject({
    code: "unavailable",
    reason: "connection_refused",
  });
  expect(failureOf(named("KafkaJSConnectionClosedError"))).toMatchObject({ reason: "connection_reset" });
  expect(failureOf(wrapped(named("KafkaJSRequestTimeoutError")))).toMatchObject({ reason: "answer_timeout" });
  expect(failureOf(new TypeError("a slip of the client"))).toMatchObject({ code: "unavailable" });
});
