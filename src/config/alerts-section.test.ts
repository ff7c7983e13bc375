import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import { applyAlerts } from "./apply-alerts.ts";
import { problemsOf } from "./problems.ts";
import { readConfiguration } from "./read-configuration.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const env = {
  WEBHOOK_SECRET: secret,
  SLACK_URL: "https://hooks.slack.example/services/T0/B0/x",
  MAIL_PASSWORD: "reed water",
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string) {
  const file = join(folder, "c.yaml");
  writeFileSync(file, text);
  return readConfiguration(file, { env, connectors: [] });
}

/** Line and message of each problem. */
function problems(text: string): readonly string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    return problemsOf(error).map(({ line, message }) => `${line} ${message}`);
  }
}

const whole = `alerts:
  channels:
    - name: soc
      channel: webhook
      settings: { url: "https://soc.example/in", secret: "\${env:WEBHOOK_SECRET}" }
    - name: slack
      channel: slack
      severity: critical
      settings: { url: "\${env:SLACK_URL}" }
    - name: mail
      channel: email
      enabled: false
      settings:
        host: mail.example
        port: 587
        security: starttls
        from: cistern@example.org
        to: [soc@example.org]
        username: cistern
        password: \${env:MAIL_PASSWORD}
  rules:
    behind: 2h
    quiet: off
  reminder: off
  quiet_hours: { timezone: Europe/Berlin, from: "22:00", to: "07:00" }
  heartbeat: { url: "https://beat.example/5f0c", interval: 30s }
  allow_networks: [10.0.0.0/8]
`;

test("a section is read whole, its secrets apart", () => {
  const { alerts } = read(whole);

  expect(alerts).toMatchObject({
    channels: [
      { name: "soc", kind: "webhook", settings: { url: "https://soc.example/in" }, secrets: { secret } },
      { name: "slack", settings: {}, secrets: { url: env.SLACK_URL }, leastSeverity: "critical" },
      { name: "mail", enabled: false, settings: { port: 587 }, secrets: { password: "reed water" } },
    ],
    rules: { behind: { enabled: true, afterMs: 7_200_000 }, quiet: { enabled: false } },
    reminderMs: 0,
    quietHours: { timezone: "Europe/Berlin", from: "22:00", to: "07:00" },
    heartbeat: { url: "https://beat.example/5f0c", intervalMs: 30_000 },
    allowNetworks: ["10.0.0.0/8"],
  });
  expect(alerts?.channels[0]?.settings).not.toHaveProperty("secret");
});

describe("a mistake is told with its line, what was expected and the nearest right name:", () => {
  test.each([
    ["alerts: [soc]\n", "1 alerts: expected keys, each on a line of its own"],
    ["alerts:\n  channel: []\n", "2 unknown key 'channel' in the section alerts; did you mean 'channels'?"],
    ["alerts:\n  rules: { behnd: 2h }\n", "2 unknown key 'behnd' in alerts.rules; did you mean 'behind'?"],
    ["alerts:\n  rules: { behind: soon }\n", "2 behind: expected off, or how long a problem must last, such as 30m"],
    ["alerts:\n  reminder: 1s\n", "2 reminder: expected off, or a duration from 10m to 30d"],
    [
      "alerts:\n  quiet_hours: { timezone: Mars, from: '22:00', to: '07:00' }\n",
      "2 timezone: expected an IANA time zone",
    ],
    ["alerts:\n  quiet_hours: { timezone: UTC, from: '25:00', to: '07:00' }\n", "2 from: expected a time of day"],
    ["alerts:\n  heartbeat: { interval: 60s }\n", "2 'url' is missing"],
    ["alerts:\n  allow_networks: [0.0.0.0/0]\n", "2 allow_networks: expected a private range"],
    [
      "alerts:\n  channels:\n    - { name: a, channel: pager, settings: {} }\n",
      "3 channel: expected one of webhook, slack, email",
    ],
    [
      "alerts:\n  channels:\n    - { name: a, channel: email, settings: { hst: m } }\n",
      "3 unknown key 'hst' in the settings of a channel email; did you mean 'host'?",
    ],
    [
      "alerts:\n  channels:\n    - { name: a, channel: webhook, settings: { url: 'https://a.example' } }\n",
      "3 'secret' is missing in settings",
    ],
    ["alerts:\n  channels:\n    - { name: a, channel: slack, settings: {} }\n", "3 'url' is missing in settings"],
    [
      "alerts:\n  channels:\n    - &a { name: a, channel: slack, settings: { url: 'https://a.example' } }\n    - { name: A, channel: slack, settings: { url: 'https://a.example' } }\n",
      "4 another channel has this name",
    ],
  ])("%j", (text, expected) => {
    const found = problems(text);

    expect(
      found.some((problem) => problem.startsWith(expected)),
      found.join("\n"),
    ).toBe(true);
  });

  test("no value of a setting is quoted", () => {
    const text =
      "alerts:\n  channels:\n    - { name: a, channel: webhook, settings: { url: 'https://a.example', secret: canary } }\n";

    expect(problems(text).join()).toContain("secret: expected a secret that begins with whsec_");
    expect(problems(text).join()).not.toContain("canary");
  });
});

test("a file is applied: channels made, changed and released; what it leaves out stays; twice changes nothing", () => {
  let now = Date.parse("2026-07-15T12:00:00Z");
  let made = 0;
  const { control, alerts } = openControl({
    path: join(folder, "control.db"),
    secretKeyPath: join(folder, "secret.key"),
    now: () => new Date(now++),
    randomBytes: (length) => Uint8Array.from({ length }, (_, place) => (place * 7 + ++made) % 256),
  });
  const state = () => JSON.stringify([alerts.settings(), alerts.channels(), alerts.heartbeat()]);

  applyAlerts(alerts, read(whole).alerts);
  const once = state();
  applyAlerts(alerts, read(whole).alerts);
  expect(state()).toBe(once);
  expect(alerts.channels().map(({ name, managedBy }) => [name, managedBy])).toEqual([
    ["mail", "file"],
    ["slack", "file"],
    ["soc", "file"],
  ]);
  const soc = alerts.channels().find(({ name }) => name === "soc")!;
  expect(alerts.secretsOf(soc.id)).toEqual({ secret });
  expect(() => alerts.deleteChannel(soc.id)).toThrow("managed by the configuration file");

  const moved = whole.replace("https://soc.example/in", "https://soc.example/other");
  applyAlerts(alerts, read(moved).alerts);
  expect(alerts.secretsOf(soc.id)).toEqual({ secret });
  expect(alerts.channel(soc.id)?.settings).toEqual({ url: "https://soc.example/other" });

  applyAlerts(alerts, read("alerts:\n  reminder: 24h\n").alerts);
  expect(alerts.channels().every(({ managedBy }) => managedBy === "console")).toBe(true);
  expect(alerts.settings()).toMatchObject({ reminderMs: 86_400_000, quietHours: { from: "22:00" } });
  control.close();
});
