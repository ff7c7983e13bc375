import { afterEach, expect, test } from "vitest";
import type { AlertChannel, Notice } from "../model/alerts.ts";
import { hookReceiver, isSignedBy } from "../testing/hook-receiver.ts";
import { mailServer } from "../testing/mail-server.ts";
import { createAlertSender } from "./sender.ts";

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});
async function receiver() {
  const made = await hookReceiver();
  cleanUp.push(made.close);
  return made;
}

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const allowNetworks = ["127.0.0.0/8"];
const signal = AbortSignal.timeout(20_000);
const now = new Date("2026-07-15T12:00:00Z");
const notice: Notice = {
  kind: "problem",
  severity: "critical",
  since: "2026-07-15T11:58:00.000Z",
  at: now.toISOString(),
  problem: {
    key: "failed/col_1",
    rule: "failed",
    severity: "critical",
    cause: "key_refused",
    state: "failed",
    collectorId: "col_1",
    collector: "prod <!channel> & co",
    dataSources: ["conversations", "audit-log"],
    reason: "Upstream refuses the key",
    action: "Enter a new key",
    fingerprint: "critical/key_refused",
  },
};
const sender = createAlertSender({ now: () => now, version: "1.2.3", console: () => "https://cistern.example/" });
const send = (
  channel: Pick<AlertChannel, "kind" | "settings">,
  secrets: Record<string, string> = {},
  networks: readonly string[] = allowNetworks,
) =>
  sender.send(
    { id: "msg_1", notice },
    { channel: { name: "c", ...channel }, secrets, allowNetworks: networks },
    signal,
  );

test("a webhook is signed as Standard Webhooks asks, and its receiver can verify it", async () => {
  const { url, hooks } = await receiver();

  await send({ kind: "webhook", settings: { url: `${url}/in` } }, { secret });

  expect(hooks).toMatchObject([{ method: "POST", path: "/in", headers: { "webhook-id": "msg_1" } }]);
  expect(hooks[0]!.headers["webhook-timestamp"]).toBe("1784116800");
  expect(isSignedBy(hooks[0]!, secret)).toBe(true);
  expect(isSignedBy({ ...hooks[0]!, body: `${hooks[0]!.body} ` }, secret)).toBe(false);
  expect(JSON.parse(hooks[0]!.body)).toEqual({
    type: "alert.problem",
    timestamp: "2026-07-15T12:00:00.000Z",
    data: {
      severity: "critical",
      rule: "failed",
      state: "failed",
      cause: "key_refused",
      key: "failed/col_1",
      collector: "prod <!channel> & co",
      collector_id: "col_1",
      data_sources: ["conversations", "audit-log"],
      title: "Collection has stopped: prod <!channel> & co / conversations, audit-log",
      reason: "Upstream refuses the key",
      action: "Enter a new key",
      since: "2026-07-15T11:58:00.000Z",
      link: "https://cistern.example/collectors/col_1",
    },
  });
});

test("a Slack hook gets one text, in which no name can call everybody or become a link", async () => {
  const { url, hooks } = await receiver();

  await send({ kind: "slack", settings: {} }, { url: `${url}/services/T0/B0/xyz` });

  const { text } = JSON.parse(hooks[0]!.body) as { text: string };
  expect(text).toContain("*Collection has stopped: prod &lt;!channel&gt; &amp; co / conversations, audit-log*");
  expect(text).toContain("<https://cistern.example/collectors/col_1|Open in Cistern>");
  expect(hooks[0]!.headers).not.toHaveProperty("webhook-signature");
});

test("a mail goes over SMTP to all its receivers, signed in, as plain text", async () => {
  const server = await mailServer();
  cleanUp.push(server.close);
  const settings = {
    host: "127.0.0.1",
    port: server.port,
    security: "none",
    from: "cistern@example.org",
    to: ["soc@example.org", "ops@example.org"],
    username: "cistern",
  };

  await send({ kind: "email", settings }, { password: "reed water" });

  expect(server.mails).toMatchObject([
    { from: "cistern@example.org", to: ["soc@example.org", "ops@example.org"], login: "cistern reed water" },
  ]);
  const { source } = server.mails[0]!;
  expect(source).toContain("Message-ID: <msg_1@cistern>");
  expect(source).toMatch(/Subject: \[Cistern\] Collection has stopped/);
  expect(source).toContain("text/plain");
  expect(source).toContain("What to do: Enter a new key.");
});

test("a mail that the server refuses is a failure that quotes none of its words", async () => {
  const server = await mailServer();
  cleanUp.push(server.close);
  server.state.refuse = "451 4.7.1 someone@example.org is not welcome";
  const settings = {
    host: "127.0.0.1",
    port: server.port,
    security: "none",
    from: "a@example.org",
    to: ["b@example.org"],
  };

  const failure = await send({ kind: "email", settings }).catch((error: unknown) => error as Error);

  expect(failure).toMatchObject({ reason: "mail_refused", status: 451 });
  expect((failure as Error).message).not.toContain("someone@example.org");
});

test.each([
  [500, "unavailable"],
  [429, "unavailable"],
  [404, "rejected"],
  [302, "rejected"],
])(
  "an answer of %i is a failure (%s) that names the host and not the path, which can be a secret",
  async (status, code) => {
    const { url, state, hooks } = await receiver();
    state.status = status;
    state.headers = { location: `${url}/elsewhere`, "retry-after": "120" };

    const failure = await send({ kind: "slack", settings: {} }, { url: `${url}/services/secret-path` }).catch((e) => e);

    expect(failure).toMatchObject({ code, reason: "alert_refused", status, retryAfterMs: 120_000 });
    expect(failure.message).not.toContain("secret-path");
    expect(hooks).toHaveLength(1);
  },
);

test.each([
  ["this machine", "https://127.0.0.1/hook", []],
  ["a private network", "https://10.1.2.3/hook", []],
  ["a private network beside the one that is named", "https://10.1.2.3/hook", ["10.2.0.0/16"]],
  ["a metadata service", "https://169.254.169.254/hook", ["169.254.0.0/16"]],
  ["a metadata service in shared addresses", "https://100.100.100.200/hook", ["100.64.0.0/10"]],
  ["plain http to a public address", "http://192.0.32.10/hook", allowNetworks],
  ["another protocol", "ftp://192.0.32.10/hook", allowNetworks],
  ["an address with a password", "https://a:b@192.0.32.10/hook", allowNetworks],
  ["everything, named as one range", "https://192.168.1.1/hook", ["0.0.0.0/0"]],
])("nothing is sent to %s", async (_, url, networks) => {
  await expect(send({ kind: "webhook", settings: { url } }, { secret }, networks)).rejects.toMatchObject({
    reason: "address_forbidden",
  });
});

test("a name is checked where it leads, at the very address that is connected to", async () => {
  const { url, hooks } = await receiver();
  const { port } = new URL(url);
  const answers = ["203.0.113.5", "127.0.0.1"];
  const resolve = async () => [{ address: answers.shift() ?? "127.0.0.1", family: 4 }];
  const rebound = createAlertSender({ now: () => now, version: "1", console: () => undefined, resolve });
  const channel = { name: "c", kind: "webhook", settings: { url: `https://hooks.example:${port}/` } } as const;
  const to = (allow: readonly string[]) => ({ channel, secrets: { secret }, allowNetworks: allow });

  await expect(rebound.send({ id: "m", notice }, to([]), signal)).rejects.toMatchObject({
    reason: "address_forbidden",
  });
  await expect(rebound.send({ id: "m", notice }, to([]), signal)).rejects.toMatchObject({
    reason: "address_forbidden",
  });
  expect(hooks).toEqual([]);
});

test("a webhook without its secret is not sent unsigned", async () => {
  const { url, hooks } = await receiver();

  await expect(send({ kind: "webhook", settings: { url } })).rejects.toMatchObject({ reason: "alert_incomplete" });
  expect(hooks).toEqual([]);
});
