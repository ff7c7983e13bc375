import type { Pace } from "./backlog.ts";
import type { UpstreamFile } from "./connector.ts";
import type { CoveragePage, CoverageQuery } from "./coverage.ts";
import type { ErrorCode } from "./errors.ts";
import type { DataSourceKey, StoredEvent } from "./event.ts";
import type { EventColumns } from "./event-columns.ts";
import type { CoveredFilesPage, CoveredFilesQuery, IssuedReport, NewReport, Rehash, SignedReport } from "./report.ts";
import type { FileAmount, RewindRequest, RewindState } from "./rewind.ts";

/** The right to write for a collector. A commit with a lease that is no longer the newest throws `fenced` and changes nothing. */
export interface Lease {
  readonly collectorId: string;
  readonly epoch: number;
}

export type FileState = "pending" | "done" | "quarantined" | "expired";

/** A row of the ledger. */
export interface LedgerFile extends UpstreamFile {
  readonly state: FileState;
  readonly listedAt: string;
  readonly attempts: number;
  /** Not to be tried before; undefined: at once. */
  readonly retryAt: string | undefined;
  readonly error: RecordedError | undefined;
  /** When upstream first answered 404 or 410 for it; the second such answer an hour later makes it a gap. */
  readonly missingSince: string | undefined;
  /** When a person saw that it is quarantined. */
  readonly acknowledgedAt?: string | undefined;
}

export interface RecordedError {
  readonly code: ErrorCode;
  readonly reason: string | undefined;
  readonly message: string;
  readonly action: string | undefined;
  /** What the other side answered; absent where it did not, and in what earlier versions wrote. */
  readonly status?: number | undefined;
  /** When it was first seen in this row, and last. */
  readonly since: string;
  readonly at: string;
  readonly count: number;
}

/** Stamped on every event of a commit. */
export interface Stamp {
  readonly siteName: string | undefined;
  readonly siteId: string | undefined;
  readonly timezone: string | undefined;
}

/** A verified file, split and hashed, ready to be inserted. */
export interface FileCommit {
  readonly key: DataSourceKey;
  readonly fileId: string;
  /** SHA-256 of `bytes`, 64 hex digits. */
  readonly sha256: string;
  /** False where upstream gave no hash and two downloads had to be compared. */
  readonly verified: boolean;
  /** The whole file. The array's buffer is handed over: do not touch it afterwards. */
  readonly bytes: Uint8Array;
  /** Handed over as `bytes` is. */
  readonly events: EventColumns;
  readonly quarantined: readonly QuarantinedLine[];
  readonly stamp: Stamp;
  readonly ingestedAt: string;
}

export interface QuarantinedLine {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly reason: string;
}

/** lines = inserted + duplicates + quarantined + tombstoned. `conflicts` counts those inserted whose id was known with other content. */
export interface FileOutcome {
  readonly lines: number;
  readonly inserted: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly quarantined: number;
  readonly tombstoned: number;
}

export type ScanKind = "poll" | "overlap" | "deep";

export interface ScanResult {
  readonly kind: ScanKind;
  /** The largest end time that upstream printed; undefined where nothing was listed. */
  readonly cursor: string | undefined;
  /** Upstream's own clock at the start of the scan; undefined where it sent none. */
  readonly scannedTo: string | undefined;
  /** Upstream was asked for everything after this and still kept it then; undefined where that cannot be told. */
  readonly since?: string | undefined;
  readonly at: string;
}

/** An interval known to be lost. */
export interface Gap {
  readonly id: number;
  readonly collectorId: string;
  readonly dataSource: string;
  readonly from: string;
  readonly to: string;
  /** `expired_upstream`: a listed file that upstream no longer has. `stopped_too_long`: a stop longer than upstream's retention. `suspected`: a page that would not move. */
  readonly reason: "expired_upstream" | "stopped_too_long" | "suspected";
  readonly files: number;
  readonly fileId: string | undefined;
  readonly recordedAt: string;
  readonly acknowledgedAt: string | undefined;
  readonly acknowledgedBy: string | undefined;
}

/** What stands in the database about one data source; everything that health is worked out from. */
export interface DataSourceState {
  readonly key: DataSourceKey;
  readonly cursor: string | undefined;
  readonly scannedTo: string | undefined;
  /** Min of scanned_to − allowance and the oldest hole; undefined before the first whole scan. */
  readonly completeThrough: string | undefined;
  /** How often a later file proved the claim wrong and moved it back. */
  readonly claimMovedBack: number;
  /** When each kind of scan last ended whole. */
  readonly scans: Readonly<Partial<Record<ScanKind, string>>>;
  /** The last call that went well. */
  readonly lastSuccessAt: string | undefined;
  /** What stands in the way now; undefined once a scan ends whole. */
  readonly error: RecordedError | undefined;
  /** What upstream says its newest event is, and when it was asked. */
  readonly upstreamNewest: { readonly time: string | undefined; readonly askedAt: string } | undefined;
  /** Upstream's time of the newest event held, and when the last event came in. */
  readonly newestEvent: string | undefined;
  readonly lastIngestedAt: string | undefined;
  readonly counts: {
    readonly events: number;
    readonly bytes: number;
    readonly duplicates: number;
    readonly conflicts: number;
    /** Lines. */
    readonly quarantined: number;
    /** Lines and files. */
    readonly unacknowledgedQuarantined: number;
    readonly filesDone: number;
    readonly filesPending: number;
    readonly filesPendingBytes: number;
    readonly unacknowledgedGaps: number;
  };
  /** End time of the oldest file that is listed and not done. */
  readonly oldestPending: string | undefined;
  /** The last one; undefined where there was none. */
  readonly rewind?: RewindState | undefined;
}

export interface PendingQuery {
  readonly key: DataSourceKey;
  /** Files that end later are fresh, the others backlog (nearest expiry first); undefined: all are backlog. */
  readonly freshAfter: string | undefined;
  readonly now: string;
  readonly limit: number;
  /** Files already in work. */
  readonly except: readonly string[];
}

/**
 * The engine's side of the store: ledger, checkpoints, commits. Every change is one transaction, durable when the promise
 * resolves. All throw CollectorError `storage` when the disk is full or failing, `fenced` with an old lease.
 */
export interface Store {
  /** Takes over a collector: epoch + 1. Makes its row and those of its data sources where they are new. */
  lease(collectorId: string, dataSources: readonly string[]): Promise<Lease>;
  state(key: DataSourceKey): Promise<DataSourceState>;

  /**
   * Adds each file that the ledger does not hold as pending. One that had expired and is listed again is pending again, and its
   * gap is none. Returns how many were added. A new hole before the claim moves it back.
   */
  recordListing(lease: Lease, key: DataSourceKey, files: readonly UpstreamFile[], listedAt: string): Promise<number>;
  /** The scan is whole: cursor and scanned_to move forward (never back), the error is cleared, the claim is worked out anew. */
  finishScan(lease: Lease, key: DataSourceKey, scan: ScanResult, allowanceMs: number): Promise<void>;
  /** What stopped a scan. Counted up where it is the same code and reason as before. */
  recordError(lease: Lease, key: DataSourceKey, error: Omit<RecordedError, "since" | "count">): Promise<void>;
  recordUpstreamNewest(lease: Lease, key: DataSourceKey, time: string | undefined, askedAt: string): Promise<void>;

  /** Files that are due, quarantined ones with a `retryAt` included: fresh ones newest first, then backlog oldest first, then done ones that a rewind fetches again. */
  pending(query: PendingQuery): Promise<readonly LedgerFile[]>;
  /** When the first of the files that are not due yet will be, as `failFile` was told; undefined where none waits. */
  nextRetry(key: DataSourceKey, now: string): Promise<string | undefined>;
  /**
   * Events, ledger row and counters in one transaction. A file that is already done changes nothing and returns its outcome; one
   * that a rewind fetches again brings what is not here, in a row of its own.
   */
  commitFile(lease: Lease, commit: FileCommit, allowanceMs: number): Promise<FileOutcome>;
  /** Notes a failed attempt; with `state` quarantined the file waits for a person and stays a hole. */
  failFile(lease: Lease, key: DataSourceKey, fileId: string, failure: FileFailure): Promise<void>;
  /** Upstream no longer has the file: the hole becomes a gap. */
  expireFile(lease: Lease, key: DataSourceKey, fileId: string, at: string, allowanceMs: number): Promise<void>;
  recordGap(
    lease: Lease,
    gap: Pick<Gap, "collectorId" | "dataSource" | "from" | "to" | "reason" | "files">,
    at: string,
  ): Promise<void>;

  /** A person has seen it. Returns whether there was such a gap, or quarantined line or file, not yet acknowledged. */
  acknowledge(
    what: { readonly gap: number } | { readonly quarantined: number } | { readonly file: string },
    by: string,
    at: string,
  ): Promise<boolean>;
  /** A quarantined file is tried again at once. */
  retryFile(key: DataSourceKey, fileId: string): Promise<boolean>;

  /** A completeness report is begun: what changes in its interval from here on is noted. */
  beginReport(report: NewReport): Promise<void>;
  /** It is signed. One that is begun and never finished counts for nothing. */
  finishReport(id: string, report: SignedReport): Promise<void>;

  /** How the ledger knows these files; those it does not hold are left out. */
  fileStates(
    key: DataSourceKey,
    fileIds: readonly string[],
  ): Promise<readonly { readonly id: string; readonly state: FileState }[]>;
  /** The files of the ledger that ended from `from` to `to`, both included. */
  ledgerAmount(key: DataSourceKey, from: string, to: string): Promise<FileAmount>;
  /**
   * Notes the wish of an operator, which the engine fulfils before its next scan. Throws `rejected`: `rewind_stale`,
   * `rewind_running`, `rewind_ahead`. Returns the rewind's number.
   */
  requestRewind(key: DataSourceKey, request: RewindRequest): Promise<number>;
  /** Files that would have been fetched again, and were not yet, are not. Returns whether a rewind was open. */
  cancelRewind(key: DataSourceKey, by: string, at: string): Promise<boolean>;
  /** Moves the cursor back where a rewind waits for it: nothing else ever does. Returns whether one did. */
  applyRewind(lease: Lease, key: DataSourceKey, at: string): Promise<boolean>;

  /** Rates learned, by the budget's id; kept across restarts. */
  rates(): Promise<ReadonlyMap<string, number>>;
  rememberRate(budget: string, perMinute: number): Promise<void>;

  /**
   * Removes up to `limit` events of the data source whose time key is before `beforeUs`, oldest first. Those without a time are
   * judged by when they were taken in. Returns how many.
   */
  removeExpired(lease: Lease, key: DataSourceKey, beforeUs: number, limit: number): Promise<number>;
  /** Forgets a collector: its events, ledger and checkpoints, in short transactions. Log positions are not used again. */
  removeCollector(collectorId: string): Promise<void>;

  /** Bytes in use and free. The engine pauses before the disk is full. */
  disk(): Promise<DiskUse>;
  close(): Promise<void>;
}

export interface FileFailure {
  readonly state: "pending" | "quarantined";
  readonly error: Omit<RecordedError, "since" | "count">;
  readonly retryAt: string | undefined;
  readonly missingSince: string | undefined;
}

export interface DiskUse {
  readonly databaseBytes: number;
  readonly walBytes: number;
  readonly searchBytes: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** One hour, or one bucket, of a volume series. */
export interface VolumeBucket {
  /** Start, ms since 1970 UTC. */
  readonly at: number;
  readonly events: number;
  readonly bytes: number;
}

export interface LogQuery {
  readonly collectorId: string;
  /** Positions after this one. */
  readonly after: number;
  /** Up to and with this position. */
  readonly upTo: number;
  readonly dataSource?: string | undefined;
  /** Bounds on the event's time, µs since 1970; from inclusive, to exclusive. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  readonly limit: number;
}

/** Events by time, for people. Newest first; `before` is the place where the last page ended. */
export interface TimeQuery {
  readonly sources: readonly DataSourceKey[];
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  readonly type?: string | undefined;
  readonly before?: { readonly timeKey: number; readonly seq: number } | undefined;
  readonly limit: number;
}

/** The reading side of the store. Short reads only: no call holds a snapshot longer than a second. Works while an engine writes. */
export interface StoreReader {
  dataSources(): Promise<readonly DataSourceState[]>;
  /** What was taken in since an instant, ms since 1970. */
  pace(key: DataSourceKey, sinceMs: number): Promise<Omit<Pace, "seconds">>;
  /** Pending and quarantined files, oldest end time first. */
  holes(key: DataSourceKey, limit: number): Promise<readonly LedgerFile[]>;
  gaps(filter: { readonly collectorId?: string; readonly unacknowledgedOnly?: boolean }): Promise<readonly Gap[]>;
  /** Quarantined lines, the latest first; with `id` that one alone. */
  quarantine(filter: {
    readonly collectorId?: string;
    readonly id?: number;
    readonly unacknowledgedOnly?: boolean;
    readonly limit: number;
  }): Promise<readonly StoredQuarantine[]>;
  /** The last position that was given out in the log of a collector, 0 where there was none. It never goes back. */
  lastSeq(collectorId: string): Promise<number>;
  /** Events in log order; `next` goes into the next query's `after`. Fewer than `limit` rows do not mean the end; `next` undefined does. */
  readLog(query: LogQuery): Promise<{ readonly events: readonly StoredEvent[]; readonly next: number | undefined }>;
  /** Of one time, the event with the higher position comes first. */
  readByTime(query: TimeQuery): Promise<readonly StoredEvent[]>;
  event(seq: number): Promise<StoredEvent | undefined>;
  /** Those that exist, in the order asked for. */
  eventsBySeq(seqs: readonly number[]): Promise<readonly StoredEvent[]>;
  /**
   * Counts per bucket over [from, to), ms: buckets begin at `from`, then every `stepMs`. `by` event time, or the time we took it
   * in. Empty buckets are left out. By event time it is fast when `from` and `stepMs` are multiples of five minutes.
   */
  volume(query: {
    readonly sources: readonly DataSourceKey[];
    readonly by: "event" | "ingest";
    readonly from: number;
    readonly to: number;
    readonly stepMs: number;
  }): Promise<readonly VolumeBucket[]>;
  /** The most frequent first. */
  types(sources: readonly DataSourceKey[]): Promise<readonly { readonly type: string; readonly events: number }[]>;
  /** What the calendar of a data source is worked out from; a page at a time, for ledgers are long. */
  coverage(query: CoverageQuery): Promise<CoveragePage>;
  /** Files in the order of their end times. */
  coveredFiles(query: CoveredFilesQuery): Promise<CoveredFilesPage>;
  /** Reads the held events of one file and hashes each again; undefined where the ledger has no such file. */
  rehash(key: DataSourceKey, fileId: string): Promise<Rehash | undefined>;
  /** Completeness reports that were issued, the latest first. */
  issuedReports(collectorId: string, limit: number): Promise<readonly IssuedReport[]>;
  /** The exact bytes of a report. */
  reportDocument(id: string): Promise<Uint8Array | undefined>;
  disk(): Promise<DiskUse>;
  close(): Promise<void>;
}

export interface StoredQuarantine {
  readonly id: number;
  readonly collectorId: string;
  readonly dataSource: string;
  readonly fileId: string;
  readonly line: number;
  readonly reason: string;
  readonly bytes: Uint8Array;
  readonly at: string;
  readonly acknowledgedAt: string | undefined;
}
