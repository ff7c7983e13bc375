import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenControl, openControl } from "../control/open-control.ts";
import type { AlertSource } from "../model/alert-decisions.ts";
import type { AlertDestination } from "../model/delivery-alerts.ts";
import { CollectorError } from "../model/errors.ts";
import type { HealthReport } from "../model/health.ts";
import { aReport } from "../testing/a-report.ts";
import { fakeClock } from "../testing/fake-clock.ts";
import { hookReceiver, isSignedBy } from "../testing/hook-receiver.ts";
import { quietLog } from "../testing/quiet-log.ts";
import { createAlertLoop } from "./alert-loop.ts";
import { createAlertSender } from "./sender.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const signal = AbortSignal.timeout(25_000);
const failed = { health: "failed", cause: "key_refused", summary: "Upstream refuses the key" } as const;

let folder: string;
let receiver: Awaited<ReturnType<typeof hookReceiver>>;
let clock: ReturnType<typeof fakeClock>;
let opened: OpenControl;
let reports: Partial<HealthReport>[];
let destinations: AlertDestination[];
let progress: boolean;
let failure: Error | undefined;

let count = 0;
const randomBytes = (length: number) => {
  count += 1;
  return Uint8Array.from({ length }, (_, place) => (place * 7 + count) % 256);
};
const open = () =>
  openControl({
    path: join(folder, "control.db"),
    secretKeyPath: join(folder, "secret.key"),
    now: clock.now,
    randomBytes,
  });

/** The loop as a start of the process makes it. */
function loop() {
  return createAlertLoop({
    store: opened.alerts,
    sender: createAlertSender({ now: clock.now, version: "1", console: () => undefined }),
    async observe() {
      if (failure) throw failure;
      const sources = reports.map(
        (report): AlertSource => ({
          collectorId: "col_1",
          collector: "prod",
          dataSource: "x",
          report: aReport(report),
        }),
      );
      return { sources, destinations, progress };
    },
    startedAt: new Date("2026-01-01T00:00:00Z"),
    now: clock.now,
    sleep: clock.sleep,
    randomBytes,
    log: quietLog(),
  });
}

const channel = (change: object = {}, name = "soc") =>
  opened.alerts.createChannel(
    {
      name,
      kind: "webhook",
      settings: { url: `${receiver.url}/${name}` },
      leastSeverity: "warning",
      enabled: true,
      managedBy: "console",
      ...change,
    },
    { secret },
  );

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cistern-alerts-"));
  receiver = await hookReceiver();
  clock = fakeClock();
  opened = open();
  opened.alerts.saveSettings({ ...opened.alerts.settings(), allowNetworks: ["127.0.0.0/8"] });
  reports = [];
  destinations = [];
  progress = true;
  failure = undefined;
});
afterEach(async () => {
  opened.control.close();
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

const types = () => receiver.hooks.map(({ body, path }) => `${path} ${(JSON.parse(body) as { type: string }).type}`);

test("a problem is told once to each channel that wants it, and again when it is over", async () => {
  channel();
  channel({ leastSeverity: "critical" }, "pager");
  channel({ enabled: false }, "off");
  const alerts = loop();
  reports = [{ health: "degraded", cause: "set_aside" }];

  await alerts.look();
  await clock.advance(5 * 60_000);
  await alerts.look();
  await alerts.sendDue(signal);
  expect(types()).toEqual(["/soc alert.problem"]);

  reports = [failed];
  await alerts.look();
  await alerts.sendDue(signal);
  expect(types().slice(1).sort()).toEqual(["/pager alert.problem", "/soc alert.problem"]);
  expect(receiver.hooks.every((hook) => isSignedBy(hook, secret))).toBe(true);

  reports = [];
  await clock.advance(61_000);
  await alerts.look();
  await alerts.sendDue(signal);
  expect(types().slice(3).sort()).toEqual(["/pager alert.resolved", "/soc alert.resolved", "/soc alert.resolved"]);
});

test("a restart tells nothing twice, and sends what had not been sent", async () => {
  channel();
  reports = [failed];
  await loop().look();
  opened.control.close();

  opened = open();
  const again = loop();
  await again.look();
  await again.sendDue(signal);
  await again.look();
  await again.sendDue(signal);

  expect(types()).toEqual(["/soc alert.problem"]);
});

test("what is not taken is sent again with growing pauses, under the same id, until it is", async () => {
  const { id } = channel();
  const alerts = loop();
  reports = [failed];
  receiver.state.status = 503;
  await alerts.look();

  await alerts.sendDue(signal);
  await alerts.sendDue(signal);
  expect(receiver.hooks).toHaveLength(1);
  expect(opened.alerts.deliveries(10)).toMatchObject([
    { state: "pending", attempts: 1, error: expect.stringContaining("answered 503 (alert_refused)") },
  ]);

  await clock.advance(5_000);
  await alerts.sendDue(signal);
  receiver.state.status = 200;
  await clock.advance(10_000);
  await alerts.sendDue(signal);
  expect(new Set(receiver.hooks.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(receiver.hooks).toHaveLength(3);
  expect(opened.alerts.channel(id)).toMatchObject({ sent: 1, failed: 0 });
});

test("after a day it is given up, and counted", async () => {
  const { id } = channel();
  const alerts = loop();
  reports = [failed];
  receiver.state.status = 503;
  await alerts.look();
  await clock.advance(24 * 3_600_000);

  await alerts.sendDue(signal);

  expect(opened.alerts.deliveries(10)).toMatchObject([{ state: "given_up" }]);
  expect(opened.alerts.channel(id)).toMatchObject({ sent: 0, failed: 1 });
});

test("a store that cannot be read is a problem of its own, and resolves no other", async () => {
  channel();
  const alerts = loop();
  reports = [failed];
  await alerts.look();
  failure = new CollectorError("storage", "The disk failed");
  await clock.advance(600_000);
  await alerts.look();
  await alerts.sendDue(signal);

  expect(types()).toEqual(["/soc alert.problem", "/soc alert.problem"]);
  expect(opened.alerts.known().map(({ problem }) => problem.key)).toEqual(["failed/col_1", "own_fault"]);
});

test("the heartbeat calls its address at its interval, and only while everything makes progress", async () => {
  opened.alerts.setHeartbeat(`${receiver.url}/beat`);
  const alerts = loop();
  const beat = async () => {
    await alerts.look();
    await alerts.beat(signal);
    return receiver.hooks.length;
  };

  expect(await beat()).toBe(1);
  expect(await beat()).toBe(1);
  await clock.advance(60_000);
  expect(await beat()).toBe(2);
  expect(alerts.heartbeat().beatAt).toBe("2026-01-01T00:01:00.000Z");

  progress = false;
  await clock.advance(600_000);
  expect(await beat()).toBe(2);
  progress = true;
  failure = new CollectorError("storage", "The disk failed");
  expect(await beat()).toBe(2);

  failure = undefined;
  receiver.state.status = 500;
  expect(await beat()).toBe(3);
  expect(alerts.heartbeat().error).toContain("answered 500");
});

test("a destination that halts is told with its name, its page and what to do, and told when it goes on", async () => {
  channel();
  const problem = { code: "auth_failed", reason: "role_missing", message: "", action: "Grant the role", since: "" };
  const activity = {
    ...({ destinationId: "dest_1", phase: "halted", problem, circuit: "open", nextAttemptAt: undefined } as const),
    ...{ eventsPerSecond: 0, bytesPerSecond: 0, latencyP95Ms: undefined, answers: [] },
  };
  destinations = [{ id: "dest_1", name: "sentinel", activity, pending: 5, oldestAt: undefined }];
  const alerts = loop();
  await alerts.look();
  await alerts.sendDue(signal);
  destinations = [{ ...destinations[0]!, activity: { ...activity, phase: "delivering", problem: undefined } }];
  await clock.advance(61_000);
  await alerts.look();
  await alerts.sendDue(signal);

  expect(types()).toEqual(["/soc alert.problem", "/soc alert.resolved"]);
  expect(JSON.parse(receiver.hooks[0]!.body)).toMatchObject({
    data: {
      ...{ rule: "delivery", severity: "critical", cause: "role_missing", action: "Grant the role" },
      ...{ destination: "sentinel", destination_id: "dest_1", title: "Delivery stands still: sentinel" },
    },
  });
});

test("the rounds run by themselves until they are stopped", async () => {
  channel();
  reports = [failed];
  const stop = new AbortController();
  const running = loop().run(stop.signal);

  await expect
    .poll(async () => {
      await clock.advance(1_000);
      return types();
    })
    .toEqual(["/soc alert.problem"]);
  stop.abort();
  await running;
});

test("secrets of alerts stand encrypted, and none goes to another address than the one it was entered for", () => {
  const { id } = channel();
  opened.alerts.setHeartbeat("https://beat.example/5f0c-canary-path");

  const stored =
    readFileSync(join(folder, "control.db-wal"), "latin1") + readFileSync(join(folder, "control.db"), "latin1");
  expect(stored).not.toContain(secret);
  expect(stored).not.toContain("canary-path");
  expect(opened.alerts.updateChannel(id, { name: "renamed" }, {}).secrets).toHaveLength(1);
  expect(opened.alerts.updateChannel(id, { settings: { url: "https://elsewhere.example/" } }, {}).secrets).toEqual([]);
  expect(opened.alerts.secretsOf(id)).toEqual({});
});
