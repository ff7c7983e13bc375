// What the engine has asked of upstream since the start, and what the alerts have sent.
import { Counter, Gauge, type Registry } from "prom-client";
import { alertRuleNames, severities } from "../model/alerts.ts";
import type { EngineActivity } from "../model/engine.ts";
import type { ApiDeps } from "./deps.ts";

interface NamedActivity {
  readonly collector: string;
  readonly dataSource: string;
  readonly activity: EngineActivity;
}

/** Requests by route and status, 429s apart, the rates allowed, and how far upstream's clock is from ours. */
export function addRequests(registry: Registry, all: readonly NamedActivity[]): void {
  const registers = [registry];
  const labelNames = ["collector", "data_source"];
  const requests = new Counter({
    name: "cistern_upstream_requests_total",
    help: "Requests to upstream since the start, by route and status; status 0 is no answer",
    labelNames: [...labelNames, "route", "status"],
    registers,
  });
  const throttled = new Counter({
    name: "cistern_upstream_throttled_total",
    help: "Answers 429 since the start",
    labelNames,
    registers,
  });
  const rate = new Gauge({
    name: "cistern_requests_per_minute",
    help: "Requests a minute that the budget of key and route now allows",
    labelNames: ["collector", "route"],
    registers,
  });
  const skew = new Gauge({
    name: "cistern_clock_skew_seconds",
    help: "Upstream's clock less this machine's, at the latest answer; the header knows whole seconds",
    labelNames: ["collector"],
    registers,
  });
  for (const { collector, dataSource, activity } of all) {
    const labels = { collector, data_source: dataSource };
    for (const { route, status, count } of activity.requests ?? []) {
      requests.inc({ ...labels, route, status: String(status) }, count);
      if (status === 429) throttled.inc(labels, count);
    }
    if (!activity.requests?.some(({ status }) => status === 429)) throttled.inc(labels, 0);
    for (const [route, perMinute] of Object.entries(activity.requestsPerMinute))
      rate.set({ collector, route }, perMinute);
    if (activity.clockSkewMs !== undefined) skew.set({ collector }, activity.clockSkewMs / 1_000);
  }
}

/** Alerts sent and given up by channel, those that wait, the problems that stand, and the last heartbeat. */
export function addAlerts(registry: Registry, { alerts, heartbeat }: Pick<ApiDeps, "alerts" | "heartbeat">): void {
  const registers = [registry];
  const labelNames = ["channel", "kind"];
  const sent = new Counter({ name: "cistern_alerts_sent_total", help: "Alerts that arrived", labelNames, registers });
  const failed = new Counter({
    name: "cistern_alerts_failed_total",
    help: "Alerts that were given up after a day",
    labelNames,
    registers,
  });
  for (const { name: channel, kind, sent: arrived, failed: lost } of alerts.channels()) {
    sent.inc({ channel, kind }, arrived);
    failed.inc({ channel, kind }, lost);
  }
  const waiting = alerts.waiting(FAR_FUTURE, 1_000).length;
  new Gauge({ name: "cistern_alerts_waiting", help: "Alerts on their way", registers }).set(waiting);
  const problems = new Gauge({
    name: "cistern_alert_problems",
    help: "Problems that stand now, by rule and severity",
    labelNames: ["rule", "severity"],
    registers,
  });
  for (const rule of alertRuleNames) for (const severity of severities) problems.set({ rule, severity }, 0);
  for (const { problem } of alerts.known()) problems.inc({ rule: problem.rule, severity: problem.severity });
  const at = heartbeat?.().beatAt;
  if (at === undefined) return;
  const help = "When the heartbeat was last taken, seconds since 1970";
  new Gauge({ name: "cistern_heartbeat_seconds", help, registers }).set(Date.parse(at) / 1_000);
}

const FAR_FUTURE = "2199-01-01T00:00:00Z";
