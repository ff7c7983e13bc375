import { factsOf, lagSecondsOf, type SourceFacts } from "../api/data-source-status.ts";
import type { Observed } from "../api/observe.ts";
import type { Backlog } from "../model/backlog.ts";
import type { CollectorPlan } from "../model/collector.ts";
import type { Connector } from "../model/connector.ts";
import type { DataSourceKey } from "../model/event.ts";
import type { Evidence, Forecast, Headroom, Health, HealthCause, HealthFault } from "../model/health.ts";
import { worstOf } from "../model/health-of.ts";
import type { RewindState } from "../model/rewind.ts";
import type { Gap, LedgerFile } from "../model/store.ts";

/** The result of `status --json`; scripts rely on every name in it. What is not known is left out. */
export interface StatusReport {
  readonly collectors: readonly CollectorStatus[];
}

export interface CollectorStatus {
  readonly name: string;
  readonly connector: string;
  readonly health: Health;
  readonly cause: HealthCause;
  readonly reason: string;
  readonly fault: HealthFault;
  readonly data_sources: readonly DataSourceStatus[];
}

export interface DataSourceStatus {
  readonly name: string;
  readonly health: Health;
  readonly cause: HealthCause;
  readonly reason: string;
  readonly action?: string | undefined;
  readonly fault: HealthFault;
  readonly evidence: readonly Evidence[];
  /** A message to upstream's support, ready to send. */
  readonly support?: string | undefined;
  readonly forecast?: Forecast | undefined;
  readonly headroom?: Headroom | undefined;
  readonly cursor?: string | undefined;
  readonly complete_through?: string | undefined;
  readonly newest_event?: string | undefined;
  readonly lag_seconds?: number | undefined;
  readonly events: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly quarantined: number;
  readonly files_done: number;
  readonly files_pending: number;
  readonly backlog?: BacklogStatus | undefined;
  readonly rewind?: RewindStatus | undefined;
  readonly holes: readonly Hole[];
  readonly gaps: readonly KnownGap[];
}

/** While files wait. */
export interface BacklogStatus {
  readonly files_done: number;
  readonly files_listed: number;
  readonly bytes_left: number;
  readonly files_per_minute?: number | undefined;
  readonly bytes_per_second?: number | undefined;
  readonly events_per_second?: number | undefined;
  readonly seconds_left?: number | undefined;
  readonly ends_at?: string | undefined;
}

/** The last rewind, with the files that it fetches again. */
export interface RewindStatus {
  readonly to: string;
  readonly phase: RewindState["phase"];
  readonly requested_at: string;
  readonly requested_by: string;
  readonly files: number;
  readonly done: number;
  readonly failed: number;
  readonly events_inserted: number;
}

interface Hole {
  readonly file_id: string;
  readonly end_time: string;
  readonly error?: string | undefined;
  readonly attempts: number;
}

interface KnownGap {
  readonly from: string;
  readonly to: string;
  readonly reason: Gap["reason"];
  readonly files: number;
}

/** What was read from the stores. */
export interface StatusFacts extends Observed {
  readonly plans: readonly CollectorPlan[];
  holesOf(key: DataSourceKey): readonly LedgerFile[];
  readonly gaps: readonly Gap[];
  readonly connectors: readonly Connector[];
}

/** Puts the facts into the shape that `status --json` promises. */
export const statusReport = (facts: StatusFacts): StatusReport => ({
  collectors: facts.plans.map((plan) => collectorStatus(plan, facts)),
});

function collectorStatus(plan: CollectorPlan, facts: StatusFacts): CollectorStatus {
  const { name, connector } = plan.collector;
  const sources = factsOf(
    plan,
    facts,
    facts.connectors.find((one) => one.name === connector),
  );
  const { health, cause, reason, fault } = worstOf(sources.map(({ report }) => report));
  return {
    name,
    connector,
    health,
    cause,
    reason,
    fault,
    data_sources: sources.map((source) => sourceStatus(source, facts)),
  };
}

const backlogStatus = (backlog: Backlog): BacklogStatus => ({
  files_done: backlog.filesDone,
  files_listed: backlog.filesListed,
  bytes_left: backlog.bytesLeft,
  files_per_minute: backlog.filesPerMinute,
  bytes_per_second: backlog.bytesPerSecond,
  events_per_second: backlog.eventsPerSecond,
  seconds_left: backlog.secondsLeft,
  ends_at: backlog.endsAt,
});

const rewindStatus = ({ to, phase, requestedAt, requestedBy, again }: RewindState): RewindStatus => ({
  to,
  phase,
  requested_at: requestedAt,
  requested_by: requestedBy,
  files: again.files,
  done: again.done,
  failed: again.failed,
  events_inserted: again.inserted,
});

function sourceStatus({ name, state, report, backlog }: SourceFacts, facts: StatusFacts): DataSourceStatus {
  const { counts, key } = state;
  const gaps = facts.gaps.filter((gap) => gap.collectorId === key.collectorId && gap.dataSource === name);
  return {
    name,
    health: report.health,
    cause: report.cause,
    reason: report.reason,
    action: report.action,
    fault: report.fault,
    evidence: report.evidence,
    support: report.support,
    forecast: report.forecast,
    headroom: report.headroom,
    cursor: state.cursor,
    complete_through: state.completeThrough,
    newest_event: state.newestEvent,
    lag_seconds: lagSecondsOf(state, facts.now),
    events: counts.events,
    duplicates: counts.duplicates,
    conflicts: counts.conflicts,
    quarantined: counts.quarantined,
    files_done: counts.filesDone,
    files_pending: counts.filesPending,
    backlog: backlog && backlogStatus(backlog),
    rewind: state.rewind && rewindStatus(state.rewind),
    holes: facts.holesOf(key).map(({ id, endTime, error, attempts }) => ({
      file_id: id,
      end_time: endTime,
      error: error?.message,
      attempts,
    })),
    gaps: gaps.map(({ from, to, reason, files }) => ({ from, to, reason, files })),
  };
}
