import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { UpstreamFile } from "../../model/connector.ts";
import type { DataSourceKey } from "../../model/event.ts";
import type { NewReport, SignedReport } from "../../model/report.ts";
import type { FileAmount, RewindRequest } from "../../model/rewind.ts";
import type {
  DataSourceState,
  DiskUse,
  FileCommit,
  FileFailure,
  FileOutcome,
  Gap,
  Lease,
  LedgerFile,
  PendingQuery,
  RecordedError,
  ScanResult,
  Store,
} from "../../model/store.ts";
import { earlierOf } from "../../model/time.ts";
import { Attention } from "./attention.ts";
import { Claims } from "./claim.ts";
import { CollectorRemoval } from "./collector-removal.ts";
import { Commits } from "./commit.ts";
import { inTransaction, openForWriting, withStorageErrors } from "./connection.ts";
import { SqliteDeliveryStore } from "./delivery-store.ts";
import { DATABASE, diskUse } from "./disk.ts";
import { Eraser } from "./erasure.ts";
import { Leases } from "./lease.ts";
import { Ledger } from "./ledger.ts";
import { type MigrationStep, migrate } from "./migrate.ts";
import { Rates } from "./rates.ts";
import { Removal } from "./removal.ts";
import { ReportWriter } from "./reports.ts";
import { Rewinds } from "./rewinds.ts";
import { Scans } from "./scans.ts";
import { Sources, toState } from "./sources.ts";
import { giveBackSpace, shrinkFile } from "./vacuum.ts";

export interface OpenOptions {
  /** Told of each step when the database has an older schema. */
  readonly onMigration?: (step: MigrationStep) => void;
  /** The database may not grow past this; then commits throw `storage` as with a full disk. Default: no limit. */
  readonly maxBytes?: number;
  /** Waited for between the transactions of long work, so that other calls come in between. Default: the next microtask. */
  readonly pause?: () => Promise<void>;
}

/**
 * Opens the store of a data directory for its one engine, makes it where there is none, and brings it to the current schema.
 * The caller holds the lock of the data directory. Throws `config_invalid` where a newer program has written it, `storage` where
 * the disk fails.
 */
export async function openSqliteStore(dataDir: string, options: OpenOptions = {}): Promise<SqliteStore> {
  withStorageErrors(() => mkdirSync(dataDir, { recursive: true, mode: 0o700 }));
  const db = openForWriting(join(dataDir, DATABASE));
  try {
    await migrate(db, dataDir, options.onMigration ?? (() => {}));
    if (options.maxBytes !== undefined) limitSize(db, options.maxBytes);
    return new SqliteStore(db, dataDir, options.pause ?? (async () => {}));
  } catch (error) {
    db.close();
    throw error;
  }
}

function limitSize(db: DatabaseSync, maxBytes: number): void {
  const { page_size } = db.prepare("PRAGMA page_size").get() as { page_size: number };
  db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / page_size))}`);
}

/** The store in one SQLite database. Every call works at once on the calling thread; commits are fsynced before they return. */
export class SqliteStore implements Store {
  readonly #db: DatabaseSync;
  readonly #dataDir: string;
  readonly #pause: () => Promise<void>;
  readonly #sources: Sources;
  readonly #leases: Leases;
  readonly #ledger: Ledger;
  readonly #scans: Scans;
  readonly #claims: Claims;
  readonly #commits: Commits;
  readonly #attention: Attention;
  readonly #rates: Rates;
  readonly #rewinds: Rewinds;
  readonly #reports: ReportWriter;
  readonly #removal: Removal;
  readonly #collectorRemoval: CollectorRemoval;
  readonly #eraser: Eraser;
  /** The side of those who deliver. */
  readonly deliveries: SqliteDeliveryStore;

  /** For `openSqliteStore`: the database has the current schema. */
  constructor(db: DatabaseSync, dataDir: string, pause: () => Promise<void>) {
    this.#pause = pause;
    this.#db = db;
    this.#dataDir = dataDir;
    this.#sources = new Sources(db);
    this.#leases = new Leases(db);
    this.#ledger = new Ledger(db);
    this.#scans = new Scans(db);
    this.#claims = new Claims(db);
    this.#commits = new Commits(db);
    this.#attention = new Attention(db);
    this.#rates = new Rates(db);
    this.#rewinds = new Rewinds(db);
    this.#reports = new ReportWriter(db);
    this.#removal = new Removal(db);
    this.#collectorRemoval = new CollectorRemoval(db, this.#removal);
    this.#eraser = new Eraser(db, dataDir);
    this.deliveries = new SqliteDeliveryStore(db);
  }

  async lease(collectorId: string, dataSources: readonly string[]): Promise<Lease> {
    if (this.#collectorRemoval.wasCutOff(collectorId)) await this.removeCollector(collectorId);
    return inTransaction(this.#db, () => this.#leases.take(collectorId, dataSources));
  }

  async state(key: DataSourceKey): Promise<DataSourceState> {
    return withStorageErrors(() => toState(this.#sources.row(key)));
  }

  async recordListing(lease: Lease, key: DataSourceKey, files: readonly UpstreamFile[], listedAt: string) {
    return this.#write(lease, key, (source) => {
      const revived = (fileId: string) => this.#attention.closeGap(source, fileId);
      const added = this.#ledger.record(source, files, listedAt, revived);
      this.#scans.heard(source, listedAt);
      if (added > 0) this.#claims.challenge(source);
      return added;
    });
  }

  async finishScan(lease: Lease, key: DataSourceKey, scan: ScanResult, allowanceMs: number): Promise<void> {
    this.#write(lease, key, (source) => {
      this.#scans.finish(source, scan);
      this.#claims.renew(source, allowanceMs);
    });
  }

  async recordError(lease: Lease, key: DataSourceKey, error: Omit<RecordedError, "since" | "count">): Promise<void> {
    this.#write(lease, key, (source) => this.#scans.fail(source, error));
  }

  async recordUpstreamNewest(lease: Lease, key: DataSourceKey, time: string | undefined, askedAt: string) {
    this.#write(lease, key, (source) => this.#scans.newest(source, time, askedAt));
  }

  async pending(query: PendingQuery): Promise<readonly LedgerFile[]> {
    return withStorageErrors(() => {
      const source = this.#sources.id(query.key);
      const files = this.#ledger.pending(source, query);
      return files.length < query.limit ? [...files, ...this.#rewinds.due(source, query, files.length)] : files;
    });
  }

  async nextRetry(key: DataSourceKey, now: string): Promise<string | undefined> {
    return withStorageErrors(() => {
      const source = this.#sources.id(key);
      return earlierOf(this.#ledger.nextRetry(source, now), this.#rewinds.nextRetry(source, now));
    });
  }

  async commitFile(lease: Lease, commit: FileCommit, allowanceMs: number): Promise<FileOutcome> {
    return this.#write(lease, commit.key, (source) => {
      const before = this.#commits.outcome(source, commit.fileId);
      if (before !== undefined) return this.#commitAgain(source, commit) ?? before;
      this.#ledger.leave(source, commit.fileId);
      this.#attention.closeGap(source, commit.fileId);
      const outcome = this.#commits.insert(source, commit);
      this.#claims.renew(source, allowanceMs);
      return outcome;
    });
  }

  async failFile(lease: Lease, key: DataSourceKey, fileId: string, failure: FileFailure): Promise<void> {
    this.#write(lease, key, (source) => {
      this.#ledger.fail(source, fileId, failure);
      this.#rewinds.failed(source, fileId, failure);
    });
  }

  async expireFile(lease: Lease, key: DataSourceKey, fileId: string, at: string, allowanceMs: number): Promise<void> {
    this.#write(lease, key, (source) => {
      this.#rewinds.gone(source, fileId);
      const lost = this.#ledger.expire(source, fileId);
      if (lost === undefined) return;
      this.#attention.recordGap(source, { ...lost, reason: "expired_upstream", files: 1, fileId }, at);
      this.#claims.renew(source, allowanceMs);
    });
  }

  async recordGap(
    lease: Lease,
    gap: Pick<Gap, "collectorId" | "dataSource" | "from" | "to" | "reason" | "files">,
    at: string,
  ): Promise<void> {
    this.#write(lease, gap, (source) => this.#attention.recordGap(source, gap, at));
  }

  async acknowledge(what: Parameters<Store["acknowledge"]>[0], by: string, at: string): Promise<boolean> {
    return inTransaction(this.#db, () => {
      if ("gap" in what) return this.#attention.acknowledgeGap(what.gap, by, at);
      return this.#attention.acknowledgeQuarantined("file" in what ? what.file : what.quarantined, by, at);
    });
  }

  async retryFile(key: DataSourceKey, fileId: string): Promise<boolean> {
    return inTransaction(this.#db, () => this.#ledger.retry(this.#sources.id(key), fileId));
  }

  async fileStates(key: DataSourceKey, fileIds: readonly string[]) {
    return withStorageErrors(() => this.#rewinds.states(this.#sources.id(key), fileIds));
  }

  async ledgerAmount(key: DataSourceKey, from: string, to: string): Promise<FileAmount> {
    return withStorageErrors(() => this.#rewinds.amount(this.#sources.id(key), from, to));
  }

  async requestRewind(key: DataSourceKey, request: RewindRequest): Promise<number> {
    return inTransaction(this.#db, () => this.#rewinds.request(this.#sources.id(key), request));
  }

  async cancelRewind(key: DataSourceKey, by: string, at: string): Promise<boolean> {
    return inTransaction(this.#db, () => this.#rewinds.cancel(this.#sources.id(key), by, at));
  }

  async applyRewind(lease: Lease, key: DataSourceKey, at: string): Promise<boolean> {
    return this.#write(lease, key, (source) => this.#rewinds.apply(source, at));
  }

  async beginReport(report: NewReport): Promise<void> {
    inTransaction(this.#db, () => this.#reports.begin(report));
  }

  async finishReport(id: string, report: SignedReport): Promise<void> {
    inTransaction(this.#db, () => this.#reports.finish(id, report));
  }

  async rates(): Promise<ReadonlyMap<string, number>> {
    return withStorageErrors(() => this.#rates.all());
  }

  async rememberRate(budget: string, perMinute: number): Promise<void> {
    inTransaction(this.#db, () => this.#rates.remember(budget, perMinute));
  }

  async removeExpired(lease: Lease, key: DataSourceKey, beforeUs: number, limit: number): Promise<number> {
    // Looked at first without the lock for writing: mostly nothing is old enough.
    const any = withStorageErrors(() => this.#removal.anyExpired(this.#sources.guarded(lease, key), beforeUs));
    const removed = any ? this.#write(lease, key, (source) => this.#removal.expired(source, beforeUs, limit)) : 0;
    if (removed > 0) giveBackSpace(this.#db);
    return removed;
  }

  async removeCollector(collectorId: string): Promise<void> {
    await this.#collectorRemoval.remove(collectorId, this.#pause);
    while (giveBackSpace(this.#db)) await this.#pause();
    shrinkFile(this.#db);
  }

  /**
   * Erases events by their log positions: they stay away when a file or a restore brings them again, by their id, or by their
   * content where the id is one that we made up. Returns how many there were.
   */
  async erase(seqs: readonly number[], at: string): Promise<number> {
    return withStorageErrors(() => this.#eraser.erase(seqs, at));
  }

  async disk(): Promise<DiskUse> {
    return diskUse(this.#dataDir);
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) withStorageErrors(() => this.#db.close());
  }

  /** Undefined where no rewind fetches the file again. */
  #commitAgain(source: number, commit: FileCommit): FileOutcome | undefined {
    if (!this.#rewinds.isDue(source, commit.fileId)) return undefined;
    const outcome = this.#commits.again(source, commit);
    this.#rewinds.done(source, commit.fileId, outcome.inserted);
    return outcome;
  }

  #write<T>(lease: Lease, key: DataSourceKey, work: (source: number) => T): T {
    return inTransaction(this.#db, () => work(this.#sources.guarded(lease, key)));
  }
}
