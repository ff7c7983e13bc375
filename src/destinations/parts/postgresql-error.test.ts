import { expect, test } from "vitest";
import { CollectorError } from "../../model/errors.ts";
import { postgresqlError } from "./postgresql-error.ts";

const about = { host: "db.example.com", secrets: ["canary-password"] };

const answer = (code: string, more: object = {}) =>
  Object.assign(new Error(`the server says ${code}`), { code, severity: "ERROR", ...more });

const meaning = (error: unknown) => {
  const known = postgresqlError(error, about);
  if (!(known instanceof CollectorError)) throw known;
  return known;
};

test.each([
  ["08006", "unavailable", "server_error"],
  ["40001", "unavailable", "server_error"],
  ["40P01", "unavailable", "server_error"],
  ["53100", "unavailable", "overloaded"],
  ["53300", "unavailable", "overloaded"],
  ["57P01", "unavailable", "server_error"],
  ["57P03", "unavailable", "server_error"],
  ["57014", "unavailable", "answer_timeout"],
  ["55P03", "unavailable", "server_error"],
  ["25006", "unavailable", "read_only"],
  ["25P03", "unavailable", "server_error"],
  ["58030", "unavailable", "server_error"],
  ["XX000", "unavailable", "server_error"],
  ["22001", "rejected", "malformed"],
  ["22P05", "rejected", "malformed"],
  ["23514", "rejected", "malformed"],
  ["23505", "rejected", "malformed"],
  ["P0001", "rejected", "malformed"],
  ["54000", "rejected", "too_large"],
  ["28000", "auth_failed", "credentials_refused"],
  ["28P01", "auth_failed", "credentials_refused"],
  ["42501", "auth_failed", "permission_missing"],
  ["42P01", "config_invalid", "table_missing"],
  ["42703", "config_invalid", "table_unsuitable"],
  ["42804", "config_invalid", "table_unsuitable"],
  ["42P10", "config_invalid", "key_not_unique"],
  ["0A000", "config_invalid", "table_unsuitable"],
  ["3D000", "config_invalid", "database_missing"],
  ["3F000", "config_invalid", "schema_missing"],
  ["F0001", "protocol", "unexpected_answer"],
])("SQLSTATE %s is %s (%s), with something to do", (state, code, reason) => {
  const error = meaning(answer(state));

  expect(error).toMatchObject({ code, reason, action: expect.stringMatching(/\S/) });
  expect(error.message).toBe(`db.example.com answered ${state}: the server says ${state}`);
});

test("a null in a column of ours refuses the event, in one that we do not know the table", () => {
  expect(meaning(answer("23502", { column: "sitename" }))).toMatchObject({ code: "rejected" });
  expect(meaning(answer("23502", { column: "tenant" }))).toMatchObject({ code: "config_invalid" });
});

test("neither content nor a secret is told", () => {
  const content = Object.assign(answer("22P02"), {
    message: 'invalid input syntax for type bigint: "what somebody wrote"',
    detail: "Failing row contains (what somebody wrote).",
  });
  const secret = Object.assign(answer("28P01"), { message: "canary-password is wrong" });

  expect(meaning(content).message).toBe("db.example.com answered 22P02: invalid input syntax for type bigint");
  expect(JSON.stringify(meaning(content))).not.toContain("somebody");
  expect(meaning(secret).message).not.toContain("canary");
});

test.each([
  [Object.assign(new Error("write EPIPE"), { code: "EPIPE" }), "unavailable", "connection_reset"],
  [Object.assign(new Error("connect"), { code: "ECONNREFUSED" }), "unavailable", "connection_refused"],
  [
    Object.assign(new Error("certificate"), { code: "SELF_SIGNED_CERT_IN_CHAIN" }),
    "unavailable",
    "certificate_untrusted",
  ],
  [new Error("Connection terminated unexpectedly"), "unavailable", "connection_reset"],
  [
    new Error("SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string"),
    "auth_failed",
    "credentials_refused",
  ],
  [new Error("The server does not support SSL connections"), "config_invalid", "tls_not_offered"],
  [new Error("something else"), "unavailable", "network"],
])("without an answer of the server: %s", (error, code, reason) => {
  expect(meaning(error)).toMatchObject({ code, reason });
});

test("an error of ours comes back as it is", () => {
  const ours = new CollectorError("config_invalid", "forbidden", { reason: "address_forbidden" });

  expect(postgresqlError(ours, about)).toBe(ours);
});
