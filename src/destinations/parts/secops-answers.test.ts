import { expect, test } from "vitest";
import { importError, isTaken } from "./secops-answers.ts";

const about = { host: "eu-chronicle.example", now: new Date("2026-07-15T12:00:00Z") };

/** An answer in Google's error model; with a field, as its BadRequest details name it. */
const refusal = (status: number, word: string, message = "x", field?: string) => ({
  status,
  headers: new Headers(),
  text: JSON.stringify({
    error: {
      code: status,
      status: word,
      message,
      details: [
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo" },
        ...(field ? [{ fieldViolations: [{ field }] }] : []),
      ],
    },
  }),
});

test.each([
  [refusal(500, "INTERNAL"), "unavailable", "server_error"],
  [refusal(503, "UNAVAILABLE"), "unavailable", "server_error"],
  [refusal(401, "UNAUTHENTICATED"), "auth_failed", "credentials_refused"],
  [refusal(403, "PERMISSION_DENIED"), "auth_failed", "role_missing"],
  [refusal(404, "NOT_FOUND"), "config_invalid", "wrong_address"],
  [refusal(400, "INVALID_ARGUMENT"), "rejected", "malformed"],
  [refusal(400, "INVALID_ARGUMENT", "x", "inline_source.logs[0].data"), "rejected", "malformed"],
  [refusal(400, "INVALID_ARGUMENT", "x", "inlineSource.logs"), "rejected", "malformed"],
  [refusal(400, "INVALID_ARGUMENT", "log_type X: no time in logs[3]"), "rejected", "malformed"],
  [refusal(400, "INVALID_ARGUMENT", "x", "parent"), "config_invalid", "wrong_address"],
  [refusal(400, "INVALID_ARGUMENT", "x", "inline_source.forwarder"), "config_invalid", "wrong_address"],
  [refusal(400, "INVALID_ARGUMENT", "forwarder is required"), "config_invalid", "wrong_address"],
  [refusal(400, "INVALID_ARGUMENT", "Request payload size exceeds the limit: 4194304 bytes."), "rejected", "too_large"],
  [refusal(413, ""), "rejected", "too_large"],
  [refusal(409, "ABORTED"), "rejected", "malformed"],
  [refusal(202, ""), "protocol", "unexpected_answer"],
  [{ status: 400, headers: new Headers(), text: "<html>no JSON" }, "rejected", "malformed"],
  [{ status: 400, headers: new Headers(), text: '{"error":"a text"}' }, "rejected", "malformed"],
])("%o is %s, %s", (answer, code, reason) => {
  expect(isTaken(answer)).toBe(false);
  expect(importError(answer, about)).toMatchObject({
    code,
    reason,
    status: answer.status,
    action: expect.stringMatching(/\w/),
  });
});

test("200 is taken, and so is a batch that is there already", () => {
  expect(isTaken({ status: 200, headers: new Headers(), text: "{}" })).toBe(true);
  expect(isTaken(refusal(409, "ALREADY_EXISTS"))).toBe(true);
});
