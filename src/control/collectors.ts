import type { Collector } from "../model/collector.ts";
import type { CollectorChange, NewCollector } from "../model/control.ts";
import type { Database, Row } from "./database.ts";
import { cleanName, nameKey, notFound, refusal } from "./refusals.ts";

export const allCollectors = (db: Database): readonly Collector[] =>
  db.all("SELECT * FROM collectors ORDER BY name_key").map(toCollector);

export function findCollector(db: Database, id: string): Collector | undefined {
  const row = db.get("SELECT * FROM collectors WHERE id = ?", id);
  return row === undefined ? undefined : toCollector(row);
}

export function requireCollector(db: Database, id: string): Collector {
  const collector = findCollector(db, id);
  if (collector === undefined) throw notFound("collector", id);
  return collector;
}

export function insertCollector(db: Database, id: string, given: NewCollector, at: string): Collector {
  const collector = { ...given, id, name: cleanName(given.name), createdAt: at, updatedAt: at };
  refuseTakenName(db, collector);
  refuseUnknownSite(db, collector.siteId);
  const row = toRow(collector);
  const columns = Object.keys(row);
  db.run(
    `INSERT INTO collectors (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    ...Object.values(row),
  );
  return collector;
}

/** Changes what is given; `undefined` clears. */
export function changeCollector(db: Database, id: string, change: CollectorChange, at: string): Collector {
  const before = requireCollector(db, id);
  const after: Collector = { ...before, ...change, updatedAt: at };
  const collector = { ...after, name: cleanName(after.name) };
  refuseTakenName(db, collector);
  refuseUnknownSite(db, collector.siteId);
  const row = toRow(collector);
  db.run(
    `UPDATE collectors SET ${Object.keys(row)
      .map((column) => `${column} = ?`)
      .join(", ")} WHERE id = ?`,
    ...Object.values(row),
    id,
  );
  return collector;
}

function refuseTakenName(db: Database, { id, name }: Collector) {
  if (db.get("SELECT 1 FROM collectors WHERE name_key = ? AND id <> ?", nameKey(name), id) !== undefined)
    throw refusal("name_taken", `There is a collector named ${name} already`, "Choose another name.");
}

function refuseUnknownSite(db: Database, siteId: string | undefined) {
  if (siteId !== undefined && db.get("SELECT 1 FROM sites WHERE id = ?", siteId) === undefined)
    throw notFound("site", siteId);
}

function toRow(collector: Collector): Row {
  return {
    id: collector.id,
    name: collector.name,
    name_key: nameKey(collector.name),
    connector: collector.connector,
    settings: JSON.stringify(collector.settings),
    data_sources: JSON.stringify(collector.dataSources),
    paused_data_sources: JSON.stringify(collector.pausedDataSources),
    site_id: collector.siteId ?? null,
    timezone: collector.timezone ?? null,
    start: collector.start ?? null,
    poll_interval_ms: collector.pollIntervalMs,
    overlap_ms: collector.overlapMs,
    requests_per_minute: collector.requestsPerMinute === "auto" ? null : collector.requestsPerMinute,
    retention_days: collector.retentionDays ?? null,
    paused: collector.paused ? 1 : 0,
    managed_by: collector.managedBy,
    created_at: collector.createdAt,
    updated_at: collector.updatedAt,
  };
}

function toCollector(row: Row): Collector {
  return {
    id: row.id as string,
    name: row.name as string,
    connector: row.connector as string,
    settings: JSON.parse(row.settings as string),
    dataSources: JSON.parse(row.data_sources as string),
    pausedDataSources: JSON.parse(row.paused_data_sources as string),
    siteId: (row.site_id as string | null) ?? undefined,
    timezone: (row.timezone as string | null) ?? undefined,
    start: (row.start as string | null) ?? undefined,
    pollIntervalMs: row.poll_interval_ms as number,
    overlapMs: row.overlap_ms as number,
    requestsPerMinute: (row.requests_per_minute as number | null) ?? "auto",
    retentionDays: (row.retention_days as number | null) ?? undefined,
    paused: row.paused === 1,
    managedBy: row.managed_by as Collector["managedBy"],
    createdAt: row.created_at as string,
    updatedAt: row.updated_at as string,
  };
}
