import type { DatabaseSync } from "node:sqlite";
import { CollectorError } from "../../model/errors.ts";
import type { DataSourceKey } from "../../model/event.ts";
import type { DataSourceState, Lease, RecordedError, ScanKind } from "../../model/store.ts";
import { type Query, query } from "./connection.ts";
import { LAST_REWIND, toRewind } from "./rewind-rows.ts";

/** A data source's row, as far as it becomes its state. */
export interface SourceRow {
  readonly source: number;
  readonly collector_id: string;
  readonly data_source: string;
  readonly cursor: string | null;
  readonly scanned_to: string | null;
  readonly complete_through: string | null;
  readonly claim_moved_back: number;
  readonly polled_at: string | null;
  readonly overlap_at: string | null;
  readonly deep_at: string | null;
  readonly last_success_at: string | null;
  readonly error: string | null;
  readonly upstream_newest: string | null;
  readonly upstream_asked_at: string | null;
  readonly newest_event: string | null;
  readonly last_ingested_at: string | null;
  readonly last_seq: number;
  readonly events: number;
  readonly bytes: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly quarantined: number;
  readonly unacknowledged_quarantined: number;
  readonly files_done: number;
  readonly files_pending: number;
  readonly files_pending_bytes: number;
  readonly unacknowledged_gaps: number;
  readonly oldest_hole: string | null;
  readonly last_rewind: string | null;
}

/** Condition on `files`: listed and not done. Written out as the index has it, or the index is not used. */
export const IS_HOLE = "state IN ('pending', 'quarantined')";

/** Select for SourceRow; goes on with WHERE. */
export const SELECT_SOURCES = `SELECT s.*, (
    SELECT end_time FROM files WHERE source = s.source AND ${IS_HOLE} ORDER BY end_us LIMIT 1
  ) AS oldest_hole,
  ${LAST_REWIND} AS last_rewind
  FROM sources s`;

/** Looks up data sources and guards their leases. Called inside the caller's transaction. */
export class Sources {
  readonly #byKey: Query<SourceRow>;
  readonly #id: Query<{ source: number }>;
  readonly #epoch: Query<{ epoch: number }>;

  constructor(db: DatabaseSync) {
    this.#byKey = query(db, `${SELECT_SOURCES} WHERE collector_id = ? AND data_source = ?`);
    this.#id = query(db, "SELECT source FROM sources WHERE collector_id = ? AND data_source = ?");
    this.#epoch = query(db, "SELECT epoch FROM collectors WHERE collector_id = ?");
  }

  /** Throws a plain Error where the data source was never leased: that is a bug of the caller. */
  row(key: DataSourceKey): SourceRow {
    return this.#byKey.get(key.collectorId, key.dataSource) ?? neverLeased(key);
  }

  /** The data source's number in this database. */
  id(key: DataSourceKey): number {
    return (this.#id.get(key.collectorId, key.dataSource) ?? neverLeased(key)).source;
  }

  /** The number of a data source that `lease` may write to; throws `fenced` with an old lease. */
  guarded(lease: Lease, key: DataSourceKey): number {
    if (lease.collectorId !== key.collectorId) throw new Error("the lease is for another collector");
    if (this.#epoch.get(lease.collectorId)?.epoch !== lease.epoch) throw fenced(lease);
    return this.id(key);
  }
}

function neverLeased(key: DataSourceKey): never {
  throw new Error(`the data source ${key.dataSource} of ${key.collectorId} has no lease yet`);
}

const fenced = (lease: Lease): CollectorError =>
  new CollectorError("fenced", `Another engine has taken over the collector ${lease.collectorId}`);

export function toState(row: SourceRow): DataSourceState {
  return {
    key: { collectorId: row.collector_id, dataSource: row.data_source },
    cursor: row.cursor ?? undefined,
    scannedTo: row.scanned_to ?? undefined,
    completeThrough: row.complete_through ?? undefined,
    claimMovedBack: row.claim_moved_back,
    scans: scansOf(row),
    lastSuccessAt: row.last_success_at ?? undefined,
    error: readError(row.error),
    upstreamNewest:
      row.upstream_asked_at === null
        ? undefined
        : { time: row.upstream_newest ?? undefined, askedAt: row.upstream_asked_at },
    newestEvent: row.newest_event ?? undefined,
    lastIngestedAt: row.last_ingested_at ?? undefined,
    counts: countsOf(row),
    oldestPending: row.oldest_hole ?? undefined,
    rewind: toRewind(row.last_rewind),
  };
}

function scansOf(row: SourceRow): Partial<Record<ScanKind, string>> {
  const { polled_at: poll, overlap_at: overlap, deep_at: deep } = row;
  return { ...(poll !== null && { poll }), ...(overlap !== null && { overlap }), ...(deep !== null && { deep }) };
}

const countsOf = (row: SourceRow): DataSourceState["counts"] => ({
  events: row.events,
  bytes: row.bytes,
  duplicates: row.duplicates,
  conflicts: row.conflicts,
  quarantined: row.quarantined,
  unacknowledgedQuarantined: row.unacknowledged_quarantined,
  filesDone: row.files_done,
  filesPending: row.files_pending,
  filesPendingBytes: row.files_pending_bytes,
  unacknowledgedGaps: row.unacknowledged_gaps,
});

type NewError = Omit<RecordedError, "since" | "count">;

/** The text to keep: counted up from `before` where code and reason are the same. */
export function writeError(before: string | null, error: NewError): string {
  const last = readError(before);
  const same = last !== undefined && last.code === error.code && last.reason === error.reason;
  return JSON.stringify({ ...error, since: same ? last.since : error.at, count: same ? last.count + 1 : 1 });
}

export function readError(text: string | null): RecordedError | undefined {
  if (text === null) return undefined;
  const { code, reason, message, action, status, since, at, count } = JSON.parse(text) as RecordedError;
  return { code, reason, message, action, ...(status !== undefined && { status }), since, at, count };
}
