import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Pace } from "../../model/backlog.ts";
import type { CoveragePage, CoverageQuery } from "../../model/coverage.ts";
import { CollectorError } from "../../model/errors.ts";
import type { DataSourceKey, StoredEvent } from "../../model/event.ts";
import type { CoveredFilesPage, CoveredFilesQuery, IssuedReport, Rehash } from "../../model/report.ts";
import type {
  DataSourceState,
  DiskUse,
  Gap,
  LedgerFile,
  LogQuery,
  StoredQuarantine,
  StoreReader,
  TimeQuery,
  VolumeBucket,
} from "../../model/store.ts";
import { withStorageErrors } from "./connection.ts";
import { Coverage } from "./coverage.ts";
import { SqliteDeliveryReader } from "./delivery-reader.ts";
import { DATABASE, diskUse } from "./disk.ts";
import { Findings } from "./findings.ts";
import { Log } from "./log.ts";
import { currentSchema, refuseNewerSchema, schemaVersion } from "./migrate.ts";
import { ReportReader } from "./reports.ts";
import { TimeOrder } from "./time-order.ts";
import { Volume } from "./volume.ts";

/**
 * Opens a data directory's store for reading, beside the engine that writes to it. Throws `config_invalid` with the remedy where
 * there is no database yet, where it still has an older schema, and where a newer program has written it.
 */
export function openSqliteReader(dataDir: string): SqliteReader {
  const path = join(dataDir, DATABASE);
  if (!existsSync(path)) throw noStore(dataDir);
  const db = withStorageErrors(() => new DatabaseSync(path, { readOnly: true, timeout: 5000 }));
  try {
    const version = withStorageErrors(() => schemaVersion(db));
    refuseNewerSchema(version);
    if (version === 0) throw noStore(dataDir);
    if (version < currentSchema()) throw notMigrated(version);
    return new SqliteReader(db, dataDir);
  } catch (error) {
    db.close();
    throw error;
  }
}

const noStore = (dataDir: string) =>
  new CollectorError("config_invalid", `There is no store in ${dataDir} yet`, {
    reason: "store_missing",
    action: "Start the server once, or give the data directory of one that has run",
  });

const notMigrated = (version: number) =>
  new CollectorError(
    "config_invalid",
    `The store has schema ${version}, this program reads schema ${currentSchema()}`,
    {
      reason: "schema_older",
      action: "Start the server: it upgrades the store. If it is doing so now, wait until it is ready",
    },
  );

/** The reading side, on a connection of its own. Every call is one or several short reads on the calling thread. */
export class SqliteReader implements StoreReader {
  readonly #db: DatabaseSync;
  readonly #dataDir: string;
  readonly #findings: Findings;
  readonly #log: Log;
  readonly #timeOrder: TimeOrder;
  readonly #volume: Volume;
  readonly #coverage: Coverage;
  readonly #reports: ReportReader;
  readonly deliveries: SqliteDeliveryReader;

  /** For `openSqliteReader`: the database has the current schema. */
  constructor(db: DatabaseSync, dataDir: string) {
    this.#db = db;
    this.#dataDir = dataDir;
    this.#findings = new Findings(db);
    this.#log = new Log(db);
    this.#timeOrder = new TimeOrder(db);
    this.#volume = new Volume(db);
    this.#coverage = new Coverage(db);
    this.#reports = new ReportReader(db);
    this.deliveries = new SqliteDeliveryReader(db);
  }

  async dataSources(): Promise<readonly DataSourceState[]> {
    return withStorageErrors(() => this.#findings.dataSources());
  }

  async pace(key: DataSourceKey, sinceMs: number): Promise<Omit<Pace, "seconds">> {
    return withStorageErrors(() => this.#findings.pace(key, sinceMs));
  }

  async holes(key: DataSourceKey, limit: number): Promise<readonly LedgerFile[]> {
    return withStorageErrors(() => this.#findings.holes(key, limit));
  }

  async gaps(filter: {
    readonly collectorId?: string;
    readonly unacknowledgedOnly?: boolean;
  }): Promise<readonly Gap[]> {
    return withStorageErrors(() => this.#findings.gaps(filter.collectorId, filter.unacknowledgedOnly === true));
  }

  async quarantine(filter: Parameters<StoreReader["quarantine"]>[0]): Promise<readonly StoredQuarantine[]> {
    return withStorageErrors(() => this.#findings.quarantine(filter));
  }

  async lastSeq(collectorId: string): Promise<number> {
    return withStorageErrors(() => this.#log.last(collectorId));
  }

  async readLog(
    query: LogQuery,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly next: number | undefined }> {
    return withStorageErrors(() => this.#log.read(query));
  }

  async readByTime(query: TimeQuery): Promise<readonly StoredEvent[]> {
    return withStorageErrors(() => this.#timeOrder.read(query));
  }

  async event(seq: number): Promise<StoredEvent | undefined> {
    return withStorageErrors(() => this.#timeOrder.bySeq([seq])[0]);
  }

  async eventsBySeq(seqs: readonly number[]): Promise<readonly StoredEvent[]> {
    return withStorageErrors(() => this.#timeOrder.bySeq(seqs));
  }

  async volume(query: Parameters<StoreReader["volume"]>[0]): Promise<readonly VolumeBucket[]> {
    return withStorageErrors(() => this.#volume.series(query));
  }

  async types(
    sources: readonly DataSourceKey[],
  ): Promise<readonly { readonly type: string; readonly events: number }[]> {
    return withStorageErrors(() => this.#volume.types(sources));
  }

  async coverage(query: CoverageQuery): Promise<CoveragePage> {
    return withStorageErrors(() => this.#coverage.page(query));
  }

  async coveredFiles(query: CoveredFilesQuery): Promise<CoveredFilesPage> {
    return withStorageErrors(() => this.#coverage.files(query));
  }

  async rehash(key: DataSourceKey, fileId: string): Promise<Rehash | undefined> {
    return withStorageErrors(() => this.#coverage.rehash(key, fileId));
  }

  async issuedReports(collectorId: string, limit: number): Promise<readonly IssuedReport[]> {
    return withStorageErrors(() => this.#reports.issued(collectorId, limit));
  }

  async reportDocument(id: string): Promise<Uint8Array | undefined> {
    return withStorageErrors(() => this.#reports.document(id));
  }

  async disk(): Promise<DiskUse> {
    return diskUse(this.#dataDir);
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close();
  }
}
