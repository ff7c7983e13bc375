// What is shown of one data source, worked out from its stored state.
import type { z } from "@hono/zod-openapi";
import { type Backlog, backlogOf } from "../model/backlog.ts";
import type { Collector, CollectorPlan } from "../model/collector.ts";
import type { Connector } from "../model/connector.ts";
import type { EngineActivity } from "../model/engine.ts";
import type { HealthReport } from "../model/health.ts";
import { healthOf } from "../model/health-of.ts";
import type { DataSourceState, Gap, LedgerFile } from "../model/store.ts";
import { instantUs } from "../model/time.ts";
import type { DataSourceStatusSchema } from "./collector-schemas.ts";
import type { Observed } from "./observe.ts";

export type DataSourceStatus = z.infer<typeof DataSourceStatusSchema>;

/** A data source of a collector with what the store and the engine say of it. */
export interface SourceFacts {
  readonly name: string;
  readonly state: DataSourceState;
  readonly activity: EngineActivity | undefined;
  readonly report: HealthReport;
  /** Undefined where nothing waits. */
  readonly backlog: Backlog | undefined;
}

/** The facts of each data source that a collector has, in its order. One that has not run yet has an empty state. */
export function factsOf(
  { collector, settingsError }: CollectorPlan,
  observed: Observed,
  connector?: Pick<Connector, "vendor" | "resolve"> | undefined,
): readonly SourceFacts[] {
  const { states, activity, diskPaused, disk, engineSilentSince, now } = observed;
  const running = (state: DataSourceState) => !collector.pausedDataSources.includes(state.key.dataSource);
  const ofCollector = states.filter(
    ({ key }) => key.collectorId === collector.id && collector.dataSources.includes(key.dataSource),
  );
  const others = states.filter(({ key }) => key.collectorId !== collector.id);
  return collector.dataSources.map((name) => {
    const own = <T extends { readonly key: DataSourceState["key"] }>({ key }: T) =>
      key.collectorId === collector.id && key.dataSource === name;
    const state = states.find(own) ?? emptyState(collector.id, name);
    const doing = activity.find(own);
    const report = healthOf({
      state,
      collector,
      settingsError,
      activity: doing,
      engineSince: sinceOf(observed.engineSince, collector),
      engineSilentSince,
      now,
      diskPaused,
      disk,
      peers: ofCollector.filter((peer) => peer !== state && running(peer)),
      others,
      vendor: connector?.vendor,
      upstreamType: connector?.resolve(name)?.upstreamType,
      rhythm: observed.rhythms?.get(state),
      recentBytes: observed.recentBytes?.get(state),
    });
    const backlog = backlogOf(state, observed.paces?.get(state), report.forecast);
    return { name, state, activity: doing, report, backlog };
  });
}

/** A collector that was changed is begun anew. */
function sinceOf(engineSince: Date | undefined, { updatedAt }: Collector): Date | undefined {
  if (engineSince === undefined) return undefined;
  return new Date(Math.max(engineSince.getTime(), (instantUs(updatedAt) ?? 0) / 1_000));
}

/** Everything that is shown of a data source. */
export function statusOf(
  { name, state, activity, report, backlog }: SourceFacts,
  collector: Collector,
  connector: Connector | undefined,
  extra: { readonly holes: readonly LedgerFile[]; readonly gaps: readonly Gap[]; readonly now: Date },
): DataSourceStatus {
  const known = connector?.resolve(name);
  const { unacknowledgedQuarantined: _, unacknowledgedGaps: __, filesPendingBytes, ...counts } = state.counts;
  return {
    name,
    title: known?.title ?? name,
    upstreamType: known?.upstreamType ?? name,
    ...report,
    paused: collector.paused || collector.pausedDataSources.includes(name),
    cursor: state.cursor,
    completeThrough: state.completeThrough,
    newestEvent: state.newestEvent,
    lastIngestedAt: state.lastIngestedAt,
    lagSeconds: lagSecondsOf(state, extra.now),
    pending: counts.filesPending,
    pendingBytes: filesPendingBytes,
    holes: extra.holes.map(({ id: fileId, endTime, error, attempts, retryAt, state: fileState }) => ({
      fileId,
      endTime,
      error,
      attempts,
      retryAt,
      state: fileState,
    })),
    gaps: extra.gaps,
    counts,
    error: state.error,
    claimMovedBack: state.claimMovedBack,
    activity: activity && {
      phase: activity.phase,
      nextScanAt: activity.nextScanAt,
      filesInWork: activity.filesInWork,
      requestsPerMinute: slowestRoute(activity) ?? 0,
    },
    backlog,
    rewind: state.rewind,
  };
}

/**
 * How far behind upstream a data source is: the age of the oldest file that waits, or, where none does, of the last scan that
 * ended whole. Undefined before the first.
 */
export function lagSecondsOf(state: DataSourceState, now: Date): number | undefined {
  const scans = Object.values(state.scans).map((at) => instantUs(at) ?? 0);
  const since = state.oldestPending === undefined ? Math.max(...scans) : instantUs(state.oldestPending);
  if (since === undefined || !Number.isFinite(since)) return undefined;
  return Math.max(0, Math.round(now.getTime() / 1_000 - since / 1_000_000));
}

const SHARE_PERIOD_MS = 30 * 86_400_000;

/** The share, 0 to 1, of the last 30 days (or of the time since the start, if that is shorter) that is complete. */
export function completeShareOf(completeThrough: string | undefined, start: string | undefined, now: Date): number {
  if (completeThrough === undefined) return 0;
  const ms = (text: string) => (instantUs(text) ?? 0) / 1_000;
  const from = Math.max(now.getTime() - SHARE_PERIOD_MS, start === undefined ? 0 : ms(start));
  if (from >= now.getTime()) return 1;
  return Math.min(1, Math.max(0, (ms(completeThrough) - from) / (now.getTime() - from)));
}

function slowestRoute({ requestsPerMinute }: EngineActivity): number | undefined {
  const rates = Object.values(requestsPerMinute);
  return rates.length === 0 ? undefined : Math.min(...rates);
}

const emptyState = (collectorId: string, dataSource: string): DataSourceState => ({
  key: { collectorId, dataSource },
  cursor: undefined,
  scannedTo: undefined,
  completeThrough: undefined,
  claimMovedBack: 0,
  scans: {},
  lastSuccessAt: undefined,
  error: undefined,
  upstreamNewest: undefined,
  newestEvent: undefined,
  lastIngestedAt: undefined,
  counts: {
    events: 0,
    bytes: 0,
    duplicates: 0,
    conflicts: 0,
    quarantined: 0,
    unacknowledgedQuarantined: 0,
    filesDone: 0,
    filesPending: 0,
    filesPendingBytes: 0,
    unacknowledgedGaps: 0,
  },
  oldestPending: undefined,
});
