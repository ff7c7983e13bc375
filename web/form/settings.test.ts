import { expect, test } from "vitest";
import type { SettingField } from "../api-types.ts";
import { initialSettings, serverErrors, settingErrors, settingsOf } from "./settings.ts";

const plain = { required: false, advanced: false, fixed: false, lines: false } as const;
const fields: readonly SettingField[] = [
  { ...plain, name: "url", label: "Address", kind: "url", required: true },
  { ...plain, name: "token", label: "Token", kind: "secret", required: true },
  { ...plain, name: "port", label: "Port", kind: "number", default: 443 },
  { ...plain, name: "tls", label: "TLS", kind: "boolean", default: true },
];

test("fields begin with what is stored, else with the defaults; secrets with nothing", () => {
  expect(initialSettings(fields)).toEqual({ url: "", port: "443", tls: true });
  expect(initialSettings(fields, { url: "https://a.example", tls: false })).toEqual({
    url: "https://a.example",
    port: "443",
    tls: false,
  });
});

test("numbers go out as numbers, false goes out, what is empty does not", () => {
  const form = { settings: { url: " https://a.example ", port: "8443", tls: false }, secrets: { token: "" } };

  expect(settingsOf(fields, form)).toEqual({ url: "https://a.example", port: 8_443, tls: false });
});

test("what is needed is asked for, unless the server has it", () => {
  const empty = { settings: { url: "", port: "x", tls: true }, secrets: {} };

  expect(Object.keys(settingErrors(fields, empty, []))).toEqual(["url", "token", "port"]);
  expect(settingErrors(fields, { ...empty, settings: { url: "a b", port: "1" } }, ["token"])).toEqual({
    url: "This is not a web address",
  });
});

test("the server's messages land at the form's fields", () => {
  expect(serverErrors({ "settings.token": "a", name: "b" })).toEqual({ token: "a", name: "b" });
});
