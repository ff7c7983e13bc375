import { expect, test } from "vitest";
import type { AlertChannel } from "../hooks/useAlerts.ts";
import { bodyOf, emptyChannel, formOf } from "./alert-channel.ts";

test("only what belongs to the kind is sent, and no empty secret", () => {
  const typed = { ...emptyChannel, name: " soc ", url: " https://soc.example ", host: "mail.example" };

  expect(bodyOf(typed)).toEqual({
    kind: "webhook",
    name: "soc",
    leastSeverity: "warning",
    enabled: true,
    settings: { url: "https://soc.example" },
  });
});

test("receivers of mail may be parted as people do", () => {
  const typed = { ...emptyChannel, kind: "email" as const, to: "a@example.org, b@example.org;c@example.org\n" };

  expect(bodyOf(typed).settings).toMatchObject({ port: 587, to: ["a@example.org", "b@example.org", "c@example.org"] });
});

test("a channel that is there comes into the form as it went out, without its secrets", () => {
  const settings = { host: "mail.example", port: 465, security: "tls", from: "c@example.org", to: ["a@example.org"] };
  const channel = {
    kind: "email",
    name: "mail",
    leastSeverity: "critical",
    enabled: false,
    settings,
  } as unknown as AlertChannel;

  expect(bodyOf(formOf(channel))).toEqual({
    kind: "email",
    name: "mail",
    leastSeverity: "critical",
    enabled: false,
    settings,
  });
});
