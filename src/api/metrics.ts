import { Counter, Gauge, Registry } from "prom-client";
import { healthStates } from "../model/health.ts";
import { isStuck } from "../model/progress.ts";
import { instantUs } from "../model/time.ts";
import { lagSecondsOf, type SourceFacts } from "./data-source-status.ts";
import { addDeliveries } from "./delivery-metrics.ts";
import type { ApiDeps } from "./deps.ts";
import { addAlerts, addRequests } from "./engine-metrics.ts";
import type { ApiCounters } from "./probes.ts";

const labelNames = ["collector", "data_source"] as const;

type Value = (facts: SourceFacts, now: Date) => number | undefined;

/** Read from the store at each scrape, so that a restart loses no count. */
const counters: readonly (readonly [string, string, Value])[] = [
  ["events", "Events stored", ({ state }) => state.counts.events],
  ["bytes", "Bytes of the events stored", ({ state }) => state.counts.bytes],
  ["duplicates", "Lines that were held already", ({ state }) => state.counts.duplicates],
  ["conflicts", "Events with a known id and other content", ({ state }) => state.counts.conflicts],
  ["quarantined", "Lines set aside because they could not be read", ({ state }) => state.counts.quarantined],
  ["files_done", "Upstream files stored whole", ({ state }) => state.counts.filesDone],
  ["claim_moved_back", "How often a late file moved complete through back", ({ state }) => state.claimMovedBack],
];

const gauges: readonly (readonly [string, string, Value])[] = [
  ["files_pending", "Upstream files listed and not yet stored", ({ state }) => state.counts.filesPending],
  ["pending_bytes", "Bytes of the files listed and not yet stored", ({ state }) => state.counts.filesPendingBytes],
  ["gaps_open", "Gaps that nobody has acknowledged", ({ state }) => state.counts.unacknowledgedGaps],
  [
    "quarantined_open",
    "Lines and files set aside that nobody has acknowledged",
    ({ state }) => state.counts.unacknowledgedQuarantined,
  ],
  [
    "oldest_hole_seconds",
    "End time of the oldest file that is listed and not stored, seconds since 1970",
    ({ state }) => seconds(state.oldestPending),
  ],
  [
    "headroom_seconds",
    "Until upstream deletes the oldest of what is not collected",
    ({ report }) => report.headroom?.seconds,
  ],
  [
    "caught_up_in_seconds",
    "Until the backlog is fetched, if it goes on as it does",
    ({ report }) => report.forecast?.seconds,
  ],
  ["progress", "0 while the data source makes no progress", ({ report }) => (isStuck(report) ? 0 : 1)],
  [
    "lag_seconds",
    "Age of the oldest waiting file, or of the last whole scan",
    ({ state }, now) => lagSecondsOf(state, now),
  ],
  ["complete_through_seconds", "Complete through, seconds since 1970", ({ state }) => seconds(state.completeThrough)],
  ["newest_event_seconds", "Time of the newest event, seconds since 1970", ({ state }) => seconds(state.newestEvent)],
  [
    "last_ingested_seconds",
    "When the last event came in, seconds since 1970",
    ({ state }) => seconds(state.lastIngestedAt),
  ],
];

/** Prometheus' text format: each data source, the disk, and the process where its metrics are given. */
export async function metricsOf(
  deps: ApiDeps,
  facts: readonly SourceFacts[],
  { cspReports }: ApiCounters,
): Promise<string> {
  const registry = new Registry();
  const names = new Map(deps.control.collectors().map(({ id, name }) => [id, name]));
  const labels = ({ name, state }: SourceFacts) => ({
    collector: names.get(state.key.collectorId) ?? state.key.collectorId,
    data_source: name,
  });
  const now = deps.now();
  for (const [name, help, value] of counters) {
    const counter = new Counter({ name: `cistern_${name}_total`, help, labelNames, registers: [registry] });
    for (const one of facts) counter.inc(labels(one), value(one, now) ?? 0);
  }
  for (const [name, help, value] of gauges) {
    const gauge = new Gauge({ name: `cistern_${name}`, help, labelNames, registers: [registry] });
    for (const one of facts) setIfKnown(gauge, labels(one), value(one, now));
  }
  addHealth(registry, facts, labels);
  const running = facts.flatMap(({ name, state, activity }) => {
    const collector = names.get(state.key.collectorId) ?? state.key.collectorId;
    return activity === undefined ? [] : [{ collector, dataSource: name, activity }];
  });
  addRequests(registry, running);
  addAlerts(registry, deps);
  await addDeliveries(registry, deps);
  await addPlatform(registry, deps, cspReports);
  return `${await registry.metrics()}${(await deps.processMetrics?.()) ?? ""}`;
}

function addHealth(
  registry: Registry,
  facts: readonly SourceFacts[],
  labels: (facts: SourceFacts) => Record<string, string>,
) {
  const help = "1 for the state that the data source is in";
  const names = [...labelNames, "health"];
  const gauge = new Gauge({ name: "cistern_health", help, labelNames: names, registers: [registry] });
  const cause = new Gauge({
    name: "cistern_health_cause",
    help: "1 for why it is in that state, and at whose fault",
    labelNames: [...labelNames, "cause", "fault"],
    registers: [registry],
  });
  for (const one of facts) {
    for (const health of healthStates) gauge.set({ ...labels(one), health }, one.report.health === health ? 1 : 0);
    cause.set({ ...labels(one), cause: one.report.cause, fault: one.report.fault }, 1);
  }
}

async function addPlatform(registry: Registry, { reader, engine, version }: ApiDeps, cspReports: number) {
  const registers = [registry];
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ name: `cistern_${name}`, help, registers }).set(value);
  const disk = await reader.disk();
  gauge("database_bytes", "Size of the event database", disk.databaseBytes);
  gauge("wal_bytes", "Size of its write-ahead log", disk.walBytes);
  gauge("search_bytes", "Size of the search index", disk.searchBytes);
  gauge("disk_free_bytes", "Free bytes where the data directory is", disk.freeBytes);
  gauge("ingestion_paused", "1 while ingestion waits for free disk", (await engine.diskPaused()) ? 1 : 0);
  const reports = { name: "cistern_csp_reports_total", help: "Reports of the content security policy", registers };
  new Counter(reports).inc(cspReports);
  new Gauge({ name: "cistern_info", help: "Version", labelNames: ["version"], registers }).set({ version }, 1);
}

function setIfKnown(gauge: Gauge<string>, labels: Record<string, string>, value: number | undefined) {
  if (value !== undefined) gauge.set(labels, value);
}

function seconds(instant: string | undefined): number | undefined {
  const us = instant === undefined ? undefined : instantUs(instant);
  return us === undefined ? undefined : us / 1_000_000;
}
