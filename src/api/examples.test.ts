// The dashboard and the alert rules speak of metrics; every one of them must be among those that /metrics gives.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { openControl } from "../control/open-control.ts";
import type { NewDestination } from "../model/destinations.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest } from "../testing/fake-api.ts";
import { aState } from "../testing/fake-reader.ts";
import { createApi } from "./app.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, "../../examples", path), "utf8");

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const rules = (parse(read("prometheus/cistern.rules.yaml")) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (g) => g.rules,
);
const dashboard = JSON.parse(read("grafana/cistern.json")) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
};

let api: ReturnType<typeof apiUnderTest>;
beforeEach(() => {
  const heartbeat = () => ({ beatAt: "2026-07-15T12:00:00Z", error: undefined });
  api = apiUnderTest({ createApi, openControl, serverPolicy }, { deps: { heartbeat } });
});
afterEach(() => api.close());

const aDestination: NewDestination = {
  name: "soc",
  kind: "fake-hook",
  settings: { url: "https://soc.example" },
  format: "raw",
  filter: undefined,
  masking: undefined,
  collectorIds: undefined,
  from: "start",
  maxBatchEvents: undefined,
  maxBatchBytes: undefined,
  maxAgeMs: undefined,
  paused: false,
  managedBy: "console",
};

/** The labels of each metric, from an output in which everything that can stand there does. */
async function metrics(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const collector = api.control.createCollector(
    {
      name: "acme-prod",
      connector: "acme",
      settings: { workspace: "w1" },
      dataSources: ["messages"],
      pausedDataSources: [],
      siteId: undefined,
      timezone: undefined,
      start: undefined,
      pollIntervalMs: 60_000,
      overlapMs: 60_000,
      requestsPerMinute: "auto",
      retentionDays: undefined,
      paused: false,
      managedBy: "console",
    },
    { token: "sk-canary-0123456789" },
  );
  const key = { collectorId: collector.id, dataSource: "messages" };
  const counts = { ...aState(key).counts, filesPending: 9, filesPendingBytes: 900 };
  api.data.states = [aState(key, { counts, oldestPending: "2026-07-10T12:00:00Z" })];
  api.engine.activity = [
    {
      key,
      phase: "waiting",
      nextScanAt: "2026-07-15T12:01:00Z",
      filesInWork: 0,
      requestsPerMinute: { "logs.list": 45 },
      requests: [{ route: "logs.list", status: 200, count: 3 }],
      clockSkewMs: -200,
    },
  ];
  const channel = { name: "soc", kind: "webhook", settings: { url: "https://soc.example" } } as const;
  api.alerts.createChannel({ ...channel, leastSeverity: "warning", enabled: true, managedBy: "console" }, {});
  api.destinations.createDestination(aDestination, { token: "sk-canary-0123456789" });
  const text = await (await api.sendTo("GET", "/metrics", { as: "viewer" })).text();
  const found = new Map<string, Set<string>>();
  for (const [, name, labels = ""] of text.matchAll(/^(cistern_\w+)(?:\{(.*?)\})? /gm)) {
    const known = found.get(name!) ?? new Set<string>();
    for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label!);
    found.set(name!, known);
  }
  return found;
}

/** The metrics of an expression with the labels that it asks of each; what is not well formed throws. */
function usesOf(expr: string): readonly { readonly name: string; readonly labels: readonly string[] }[] {
  const bare = expr.replaceAll(/"[^"]*"/g, "");
  for (const pair of ["()", "[]", "{}"]) {
    const [open, close] = [bare.split(pair[0]!).length, bare.split(pair[1]!).length];
    if (open !== close) throw new Error(`Brackets do not match in ${expr}`);
  }
  const uses = [...expr.matchAll(/\b(cistern_\w+|up)(?:\{([^}]*)\})?/g)];
  if (uses.length === 0) throw new Error(`No metric in ${expr}`);
  return uses.map(([, name, labels = ""]) => ({
    name: name!,
    labels: [...labels.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!),
  }));
}

describe("what exists", () => {
  test("is every metric, with its labels, of the alert rules", async () => {
    const known = await metrics();

    for (const { alert, expr } of rules)
      for (const { name, labels } of usesOf(expr).filter((use) => use.name !== "up")) {
        expect([...known.keys()], `${alert} uses ${name}`).toContain(name);
        expect([...known.get(name)!], `${alert} asks ${name}`).toEqual(expect.arrayContaining([...labels]));
      }
  });

  test("is every metric, with its labels, of the dashboard", async () => {
    const known = await metrics();

    for (const { title, targets } of dashboard.panels)
      for (const { name, labels } of targets.flatMap(({ expr }) => usesOf(expr))) {
        expect([...known.keys()], `${title} uses ${name}`).toContain(name);
        expect([...known.get(name)!], `${title} asks ${name}`).toEqual(expect.arrayContaining([...labels]));
      }
    expect([...known.keys()]).toContain(/label_values\((\w+)/.exec(JSON.stringify(dashboard.templating))?.[1]);
  });

  test("is what people are told to watch: each promised metric", async () => {
    const known = await metrics();

    expect([...known.keys()]).toEqual(
      expect.arrayContaining([
        "cistern_health",
        "cistern_headroom_seconds",
        "cistern_caught_up_in_seconds",
        "cistern_oldest_hole_seconds",
        "cistern_upstream_requests_total",
        "cistern_upstream_throttled_total",
        "cistern_clock_skew_seconds",
        "cistern_alerts_sent_total",
        "cistern_alerts_failed_total",
        "cistern_heartbeat_seconds",
        "cistern_delivery_pending_events",
        "cistern_delivery_oldest_pending_seconds",
        "cistern_delivery_delivered_events_total",
        "cistern_delivery_dead_letters",
        "cistern_delivery_phase",
        "cistern_wal_bytes",
      ]),
    );
  });
});

test("each rule has a name of its own, a severity, a summary, and a duration that Prometheus reads", () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const rule of rules) {
    expect(["warning", "critical"], rule.alert).toContain(rule.labels.severity);
    expect(rule.annotations.summary, rule.alert).toBeTruthy();
    expect(rule.for ?? "0m", rule.alert).toMatch(/^\d+[smhd]$/);
  }
});

test("a legend names labels that its expression keeps", async () => {
  const known = await metrics();
  for (const { title, targets } of dashboard.panels)
    for (const { expr, legendFormat } of targets) {
      const kept = /by \(([^)]*)\)/.exec(expr)?.[1]?.split(/,\s*/) ?? [...known.get(usesOf(expr)[0]!.name)!];
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(kept, title).toContain(label);
    }
});
