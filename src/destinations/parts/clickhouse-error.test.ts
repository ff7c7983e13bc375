import { expect, test } from "vitest";
import { clickhouseError, exceptionIn } from "./clickhouse-error.ts";

const about = { host: "clickhouse.example.com:8443", now: new Date(0), secrets: ["canary-password"] };

const answer = (status: number, text: string, code?: number) => ({
  status,
  text,
  headers: new Headers(code === undefined ? {} : { "x-clickhouse-exception-code": String(code) }),
});

const exception = (code: number, name: string, words = "what it says") =>
  answer(500, `Code: ${code}. DB::Exception: ${words}. (${name}) (version 26.7.2.1 (official build))\n`, code);

test.each([
  [241, "MEMORY_LIMIT_EXCEEDED", "unavailable", "overloaded"],
  [243, "NOT_ENOUGH_SPACE", "unavailable", "overloaded"],
  [202, "TOO_MANY_SIMULTANEOUS_QUERIES", "rate_limited", "throttled"],
  [201, "QUOTA_EXCEEDED", "rate_limited", "throttled"],
  [252, "TOO_MANY_PARTS", "rate_limited", "throttled"],
  [209, "SOCKET_TIMEOUT", "unavailable", "server_error"],
  [210, "NETWORK_ERROR", "unavailable", "server_error"],
  [159, "TIMEOUT_EXCEEDED", "unavailable", "server_error"],
  [242, "TABLE_IS_READ_ONLY", "unavailable", "server_error"],
  [319, "UNKNOWN_STATUS_OF_INSERT", "unavailable", "server_error"],
  [999, "KEEPER_EXCEPTION", "unavailable", "server_error"],
  [516, "AUTHENTICATION_FAILED", "auth_failed", "credentials_refused"],
  [192, "UNKNOWN_USER", "auth_failed", "credentials_refused"],
  [497, "ACCESS_DENIED", "auth_failed", "permission_missing"],
  [164, "READONLY", "auth_failed", "permission_missing"],
  [452, "SETTING_CONSTRAINT_VIOLATION", "auth_failed", "permission_missing"],
  [60, "UNKNOWN_TABLE", "config_invalid", "table_missing"],
  [81, "UNKNOWN_DATABASE", "config_invalid", "database_missing"],
  [16, "NO_SUCH_COLUMN_IN_TABLE", "config_invalid", "table_unsuitable"],
  [115, "UNKNOWN_SETTING", "config_invalid", "version_unsupported"],
])("%i %s is %s (%s), in the server's words and with something to do", (code, name, kind, reason) => {
  const error = clickhouseError(exception(code, name), about);

  expect(error).toMatchObject({ code: kind, reason, action: expect.stringMatching(/\S/), status: 500 });
  expect(error.message).toBe(`clickhouse.example.com:8443 answered ${code}, ${name}: what it says.`);
});

test.each([
  [27, "CANNOT_PARSE_INPUT_ASSERTION_FAILED"],
  [41, "CANNOT_PARSE_DATETIME"],
  [53, "TYPE_MISMATCH"],
  [117, "INCORRECT_DATA"],
  [469, "VIOLATED_CONSTRAINT"],
])("%i %s refuses the batch, and its words, which quote content, are not told", (code, name) => {
  const words =
    "Cannot parse 'what somebody wrote': (while reading the value of key seq): (at row 17)\n: While executing X";

  const error = clickhouseError(exception(code, name, words), about);

  expect(error).toMatchObject({ code: "rejected", reason: "malformed" });
  expect(error.message).toBe(`clickhouse.example.com:8443 answered ${code}, ${name}: column seq, row 17`);
});

test("too many partitions in one insert is too large a batch, not too many parts", () => {
  const words =
    "Too many partitions for single INSERT block. The limit is controlled by 'max_partitions_per_insert_block'";

  expect(clickhouseError(exception(252, "TOO_MANY_PARTS", words), about)).toMatchObject({
    code: "rejected",
    reason: "too_large",
  });
});

test.each([
  [400, "rejected"],
  [500, "unavailable"],
])("of a number that nobody knows, the status %i decides, and no words are told", (status, kind) => {
  const unknown = { ...exception(4_711, "SOMETHING_NEW", "what somebody wrote"), status };

  const error = clickhouseError(unknown, about);

  expect(error.code).toBe(kind);
  expect(error.message).toBe("clickhouse.example.com:8443 answered 4711, SOMETHING_NEW");
});

test.each([
  [413, "rejected", "too_large"],
  [404, "config_invalid", "wrong_address"],
  [503, "unavailable", "server_error"],
])("without a number the answer is not ClickHouse's, and its status %i decides", (status, code, reason) => {
  expect(clickhouseError(answer(status, "<html>nginx</html>"), about)).toMatchObject({ code, reason });
});

test("a number is found in the header, or in the body of a success that was none", () => {
  expect(exceptionIn(answer(200, "", 241))).toBe(241);
  expect(exceptionIn(answer(200, "rows\r\nCode: 241. DB::Exception: memory (MEMORY_LIMIT_EXCEEDED)"))).toBe(241);
  expect(exceptionIn(answer(200, ""))).toBeUndefined();
});

test("a password is not told", () => {
  const error = clickhouseError(exception(516, "AUTHENTICATION_FAILED", "canary-password is wrong"), about);

  expect(error.message).not.toContain("canary");
});
