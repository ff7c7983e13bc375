import { expect, test } from "vitest";
import { deliveryError, signInError } from "./sentinel-answers.ts";

const asked = { host: "login.example", now: new Date("2026-07-15T12:00:00Z"), secrets: ["the~secret"] };
const headers = new Headers();

test.each([
  ["AADSTS7000215", 401, "auth_failed", "credentials_refused", /value of a client secret/],
  ["AADSTS7000222", 401, "auth_failed", "secret_expired", /new client secret/],
  ["AADSTS700016", 400, "auth_failed", "credentials_refused", /client ID/],
  ["AADSTS90002", 400, "config_invalid", "tenant_unknown", /tenant ID/],
  ["AADSTS70011", 400, "config_invalid", "scope_unknown", /scope/],
  ["AADSTS500011", 400, "config_invalid", "scope_unknown", /scope/],
  ["AADSTS50034", 400, "auth_failed", "credentials_refused", /client secret/],
  ["AADSTS90033", 503, "unavailable", "server_error", /service/],
  ["AADSTS90055", 429, "rate_limited", "throttled", /passes by itself/],
  ["nothing", 404, "config_invalid", "wrong_address", /address/],
])("Entra ID's %s (%i) is %s, %s", (code, status, expected, reason, action) => {
  const text = JSON.stringify({ error: "invalid", error_description: `${code}: refused, the~secret` });

  const error = signInError({ status, headers, text }, asked);

  expect(error).toMatchObject({ code: expected, reason, status, action: expect.stringMatching(action) });
  expect(error.message).toContain(code);
  expect(error.message).not.toContain("the~secret");
});

test.each([
  ["InvalidStream", "config_invalid", "wrong_address"],
  ["UnsupportedApiVersion", "config_invalid", "wrong_address"],
  ["InvalidPayload", "rejected", "malformed"],
  ["", "rejected", "malformed"],
])("a call refused with 400 %s is %s, by header or by text", (code, expected, reason) => {
  const text = JSON.stringify({ error: { code, message: "the stream of rows" } });
  const byHeader = { status: 400, headers: new Headers({ "x-ms-error-code": code }), text: "" };

  for (const answer of [{ status: 400, headers, text }, byHeader])
    expect(deliveryError(answer, asked)).toMatchObject({ code: expected, reason, status: 400 });
});

test.each(["null", "[]", '{"error":null}', "<html>"])("a text like %s is no reason to fail over", (text) => {
  expect(deliveryError({ status: 400, headers, text }, asked)).toMatchObject({ code: "rejected" });
});
