// The row and the page of a collector.
import type { z } from "@hono/zod-openapi";
import { sumOf } from "../model/backlog.ts";
import type { CollectorPlan } from "../model/collector.ts";
import type { Connector } from "../model/connector.ts";
import { worstOf } from "../model/health-of.ts";
import type { VolumeBucket } from "../model/store.ts";
import { earlierOf } from "../model/time.ts";
import { collectorErrors } from "./collector-errors.ts";
import type { CollectorDetailSchema, CollectorRowSchema } from "./collector-schemas.ts";
import { completeShareOf, factsOf, lagSecondsOf, type SourceFacts, statusOf } from "./data-source-status.ts";
import type { ApiDeps } from "./deps.ts";
import { durationText } from "./durations.ts";
import { type Observed, observe } from "./observe.ts";
import { plansOf } from "./plans.ts";

export type CollectorRow = z.infer<typeof CollectorRowSchema>;
export type CollectorDetail = z.infer<typeof CollectorDetailSchema>;

const HOUR_MS = 3_600_000;
/** At most this many holes are shown of a data source. */
const maxHoles = 100;
/** At most this many quarantined lines are shown of a collector. */
const maxQuarantined = 100;

/** A row for each collector, by name. */
export async function collectorRows(deps: ApiDeps): Promise<CollectorRow[]> {
  const observed = await observe(deps);
  return Promise.all(plansOf(deps).map((plan) => rowOf(deps, plan, factsIn(deps, plan, observed), observed.now)));
}

/** Everything about one collector; undefined where there is none of that id. */
export async function collectorDetail(deps: ApiDeps, id: string): Promise<CollectorDetail | undefined> {
  const plan = plansOf(deps).find(({ collector }) => collector.id === id);
  if (plan === undefined) return undefined;
  const { collector } = plan;
  const observed = await observe(deps);
  const facts = factsIn(deps, plan, observed);
  const [row, gaps, quarantine, holes] = await Promise.all([
    rowOf(deps, plan, facts, observed.now),
    deps.reader.gaps({ collectorId: id }),
    deps.reader.quarantine({ collectorId: id, limit: maxQuarantined }),
    Promise.all(facts.map(({ name }) => deps.reader.holes({ collectorId: id, dataSource: name }, maxHoles))),
  ]);
  const connector = deps.connectors.find(({ name }) => name === collector.connector);
  const sources = facts.map((fact, place) =>
    statusOf(fact, collector, connector, {
      holes: holes[place]!,
      gaps: gaps.filter(({ dataSource }) => dataSource === fact.name),
      now: observed.now,
    }),
  );
  return {
    ...row,
    settings: { ...collector.settings },
    secrets: deps.control.secrets(id),
    start: collector.start,
    pollInterval: durationText(collector.pollIntervalMs),
    overlap: durationText(collector.overlapMs),
    requestsPerMinute: collector.requestsPerMinute,
    retentionDays: collector.retentionDays,
    createdAt: collector.createdAt,
    updatedAt: collector.updatedAt,
    sources,
    errors: collectorErrors(plan, sources, gaps, quarantine, observed.now),
  };
}

/** The facts of a plan's data sources, with what its connector calls them. */
export function factsIn({ connectors }: Pick<ApiDeps, "connectors">, plan: CollectorPlan, observed: Observed) {
  return factsOf(
    plan,
    observed,
    connectors.find(({ name }) => name === plan.collector.connector),
  );
}

async function rowOf(
  deps: ApiDeps,
  plan: CollectorPlan,
  facts: readonly SourceFacts[],
  now: Date,
): Promise<CollectorRow> {
  const { collector, site } = plan;
  const connector = deps.connectors.find(({ name }) => name === collector.connector);
  const hours = await lastDay(deps, collector.id, facts, now);
  const states = facts.map(({ state }) => state);
  const completeThrough = commonClaim(facts);
  return {
    id: collector.id,
    name: collector.name,
    connector: collector.connector,
    ...titlesOf(connector, collector.connector),
    ...worstOf(facts.map(({ report }) => report)),
    paused: collector.paused,
    managedBy: collector.managedBy,
    site: site && { id: site.id, name: site.name },
    timezone: collector.timezone,
    dataSources: collector.dataSources.length,
    volumeLastDay: { events: sum(hours, "events"), bytes: sum(hours, "bytes") },
    lastReceivedAt: latest(states.map(({ lastIngestedAt }) => lastIngestedAt)),
    sparkline: hours.map(({ events }) => events),
    lagSeconds: largest(states.map((state) => lagSecondsOf(state, now))),
    completeThrough,
    completeShare: completeShareOf(completeThrough, collector.start, now),
    backlog: sumOf(facts.flatMap(({ backlog }) => backlog ?? [])),
    pendingFiles: states.reduce((total, { counts }) => total + counts.filesPending, 0),
    lost: states.some(({ counts }) => counts.unacknowledgedGaps > 0),
  };
}

const titlesOf = (connector: Connector | undefined, name: string) => ({
  connectorTitle: connector?.title ?? name,
  vendor: connector?.vendor ?? "Unknown",
});

/** The last 24 hours, the running one included, oldest first; by the time we took the events in. */
async function lastDay(
  { reader }: ApiDeps,
  collectorId: string,
  facts: readonly SourceFacts[],
  now: Date,
): Promise<VolumeBucket[]> {
  const to = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS + HOUR_MS;
  const from = to - 24 * HOUR_MS;
  const sources = facts.map(({ name }) => ({ collectorId, dataSource: name }));
  const found = await reader.volume({ sources, by: "ingest", from, to, stepMs: HOUR_MS });
  const byHour = new Map(found.map((bucket) => [bucket.at, bucket]));
  return Array.from({ length: 24 }, (_, hour) => {
    const at = from + hour * HOUR_MS;
    return byHour.get(at) ?? { at, events: 0, bytes: 0 };
  });
}

/** A collector is complete through the earliest of its data sources' claims; one without a claim leaves it without. */
function commonClaim(facts: readonly SourceFacts[]): string | undefined {
  const claims = facts.map(({ state }) => state.completeThrough);
  return claims.includes(undefined) ? undefined : claims.reduce(earlierOf, undefined);
}

const sum = (buckets: readonly VolumeBucket[], what: "events" | "bytes") =>
  buckets.reduce((total, bucket) => total + bucket[what], 0);

const latest = (instants: readonly (string | undefined)[]) =>
  instants
    .filter((at) => at !== undefined)
    .sort()
    .at(-1);

function largest(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
