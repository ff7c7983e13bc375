import { afterEach, beforeEach, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import type { Role } from "../model/access.ts";
import { CollectorError } from "../model/errors.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest } from "../testing/fake-api.ts";
import { createApi } from "./app.ts";

let api: ReturnType<typeof apiUnderTest>;
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
});
afterEach(() => api.close());

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape that it asked for; the OpenAPI document checks it
  readonly body: any;
}

async function send(method: string, path: string, body?: unknown, as: Role = "admin"): Promise<Answer> {
  const answer = await api.send(method, path, { as, body });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}

const webhook = { name: "soc", kind: "webhook", settings: { url: "https://soc.example/in" } };
const mail = {
  name: "mail",
  kind: "email",
  settings: {
    host: "mail.example",
    port: 587,
    security: "starttls",
    from: "c@example.org",
    to: ["a@example.org"],
    username: "c",
  },
};

test("before anything is set up there are rules with their defaults, and nothing else", async () => {
  const { body } = await send("GET", "/alerts", undefined, "operator");

  expect(body).toMatchObject({ channels: [], problems: [], deliveries: [], reminderMs: 86_400_000, allowNetworks: [] });
  expect(body.rules.find(({ name }: { name: string }) => name === "failed")).toMatchObject({
    enabled: true,
    afterMs: 0,
  });
});

test("a webhook gets a secret, told once; afterwards only that there is one", async () => {
  const made = await send("POST", "/alerts/channels", webhook);
  const list = await send("GET", "/alerts");

  expect(made.status).toBe(201);
  expect(made.body.signingSecret).toMatch(/^whsec_/);
  expect(list.body.channels).toMatchObject([
    { name: "soc", settings: { url: "https://soc.example/in" }, secrets: [{ name: "secret" }] },
  ]);
  expect(JSON.stringify(list.body)).not.toContain(made.body.signingSecret);
});

test("another address clears the secret, and a webhook gets a new one", async () => {
  const { channel, signingSecret } = (await send("POST", "/alerts/channels", webhook)).body;

  const renamed = await send("PATCH", `/alerts/channels/${channel.id}`, { name: "soc 2" });
  const moved = await send("PATCH", `/alerts/channels/${channel.id}`, {
    settings: { url: "https://other.example/in" },
  });

  expect(renamed.body).not.toHaveProperty("signingSecret");
  expect(moved.body.signingSecret).toMatch(/^whsec_/);
  expect(moved.body.signingSecret).not.toBe(signingSecret);
});

test("the password of a mail server does not go to another one", async () => {
  const made = await send("POST", "/alerts/channels", {
    ...mail,
    settings: { ...mail.settings, password: "reed water" },
  });
  const path = `/alerts/channels/${made.body.channel.id}`;

  const kept = await send("PATCH", path, { settings: { ...mail.settings, to: ["b@example.org"] } });
  const moved = await send("PATCH", path, { settings: { ...mail.settings, host: "evil.example" } });

  expect(kept.body.channel.secrets).toMatchObject([{ name: "password" }]);
  expect(moved.body.channel.secrets).toEqual([]);
});

test("of a Slack address nothing is shown but its end", async () => {
  const url = "https://hooks.slack.example/services/T000/B000/secret-part";
  const made = await send("POST", "/alerts/channels", { name: "slack", kind: "slack", settings: { url } });

  expect(made.body.channel).toMatchObject({ settings: {}, secrets: [{ name: "url", last4: "part" }] });
  expect(JSON.stringify((await send("GET", "/alerts")).body)).not.toContain("T000");
});

test.each([
  [{ ...webhook, settings: { url: "ftp://soc.example" } }, "url"],
  [{ ...webhook, settings: { url: "https://a:b@soc.example" } }, "url"],
  [{ ...webhook, settings: { url: "https://soc.example", secret: "short" } }, "secret"],
  [{ ...webhook, settings: { url: "https://soc.example", other: 1 } }, "other"],
  [{ ...webhook, kind: "slack", settings: {} }, "url"],
  [{ ...mail, settings: { ...mail.settings, to: ["nobody"] } }, "to.0"],
  [{ ...mail, settings: { ...mail.settings, to: ["a@example.org\nBcc: b@example.org"] } }, "to.0"],
  [{ ...mail, settings: { ...mail.settings, port: 0 } }, "port"],
])("%j is refused at %s", async (body, field) => {
  const answer = await send("POST", "/alerts/channels", body);

  expect(answer).toMatchObject({ status: 400, body: { code: "invalid" } });
  expect(Object.keys(answer.body.fields)).toContain(field);
});

test.each([[["0.0.0.0/0"]], [["169.254.0.0/16"]], [["8.8.8.0/24"]], [["10.0.0.0"]], [["nonsense"]]])(
  "%j is no range that can be opened",
  async (allowNetworks) => {
    expect((await send("PATCH", "/alerts/settings", { allowNetworks })).status).toBe(400);
  },
);

test("rules, reminders, quiet hours and networks are changed one by one, and kept", async () => {
  await send("PATCH", "/alerts/settings", { rules: { behind: { enabled: true, afterMs: 3_600_000 } } });
  await send("PATCH", "/alerts/settings", { quietHours: { timezone: "Europe/Berlin", from: "22:00", to: "07:00" } });
  const { body } = await send("PATCH", "/alerts/settings", { allowNetworks: ["10.0.0.0/8"], reminderMs: 0 });
  const none = await send("PATCH", "/alerts/settings", { quietHours: null });

  expect(body).toMatchObject({ quietHours: { from: "22:00" }, reminderMs: 0, allowNetworks: ["10.0.0.0/8"] });
  expect(body.rules.find(({ name }: { name: string }) => name === "behind").afterMs).toBe(3_600_000);
  expect(none.body).not.toHaveProperty("quietHours");
});

test("a test message is sent at once, and says what stood in its way", async () => {
  const { channel } = (await send("POST", "/alerts/channels", webhook)).body;

  expect((await send("POST", `/alerts/channels/${channel.id}/test`)).body).toEqual({ ok: true });
  expect(api.sentAlerts.messages).toMatchObject([{ notice: { kind: "test" }, to: { channel: { name: "soc" } } }]);

  api.sentAlerts.failure = new CollectorError("unavailable", "soc.example answered 503", { reason: "alert_refused" });
  expect((await send("POST", `/alerts/channels/${channel.id}/test`)).body).toMatchObject({
    ok: false,
    reason: "alert_refused",
    message: "soc.example answered 503",
  });
});

test("the heartbeat's address goes in and does not come out", async () => {
  await send("PUT", "/alerts/heartbeat", { url: "https://beat.example/5f0c-1a2b" });
  const set = await send("GET", "/alerts");
  await send("PUT", "/alerts/heartbeat", { url: null });

  expect(set.body.heartbeat).toMatchObject({ intervalMs: 60_000, address: { last4: "1a2b" } });
  expect(JSON.stringify(set.body)).not.toContain("5f0c");
  expect((await send("GET", "/alerts")).body.heartbeat).not.toHaveProperty("address");
});

test("what is changed is written into the access record, without any address or secret", async () => {
  const { channel } = (await send("POST", "/alerts/channels", webhook)).body;
  await send("DELETE", `/alerts/channels/${channel.id}`);
  await send("PUT", "/alerts/heartbeat", { url: "https://beat.example/5f0c" });

  const entries = JSON.stringify(api.access.accessRecord({ limit: 100 }));
  expect(entries).toContain("alert_channel.created");
  expect(entries).toContain("alert_channel.deleted");
  expect(entries).not.toContain("soc.example");
  expect(entries).not.toContain("beat.example");
});
