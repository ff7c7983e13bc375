import type { DatabaseSync } from "node:sqlite";
import type { Pace } from "../../model/backlog.ts";
import type { DataSourceKey } from "../../model/event.ts";
import type { DataSourceState, Gap, LedgerFile, StoredQuarantine, StoreReader } from "../../model/store.ts";
import { LIMIT, type Query, query } from "./connection.ts";
import { FILE_COLUMNS, type FileRow, toLedgerFile } from "./ledger-rows.ts";
import { IS_HOLE, SELECT_SOURCES, type SourceRow, toState } from "./sources.ts";

interface GapRow {
  readonly id: number;
  readonly collector_id: string;
  readonly data_source: string;
  readonly from_time: string;
  readonly to_time: string;
  readonly reason: Gap["reason"];
  readonly files: number;
  readonly file_id: string;
  readonly recorded_at: string;
  readonly acknowledged_at: string | null;
  readonly acknowledged_by: string | null;
}

interface QuarantineRow {
  readonly id: number;
  readonly collector_id: string;
  readonly data_source: string;
  readonly file_id: string;
  readonly line: number;
  readonly reason: string;
  readonly bytes: Uint8Array;
  readonly at: string;
  readonly acknowledged_at: string | null;
}

/** Reads the state of data sources, and what stands in the way of them. */
export class Findings {
  readonly #sources: Query<SourceRow>;
  readonly #pace: Query<Omit<Pace, "seconds">>;
  readonly #holes: Query<FileRow>;
  readonly #gaps: Query<GapRow>;
  readonly #quarantine: Query<QuarantineRow>;

  constructor(db: DatabaseSync) {
    this.#sources = query(
      db,
      `${SELECT_SOURCES} JOIN collectors c USING (collector_id) WHERE c.removing = 0 ORDER BY s.collector_id, s.source`,
    );
    this.#pace = query(
      db,
      `SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes, coalesce(sum(inserted), 0) AS events FROM files
       WHERE source = (SELECT source FROM sources WHERE collector_id = ? AND data_source = ?) AND state = 'done'
         AND done_us >= ?`,
    );
    this.#holes = query(
      db,
      `SELECT ${FILE_COLUMNS} FROM files
       WHERE source = (SELECT source FROM sources WHERE collector_id = ? AND data_source = ?) AND ${IS_HOLE}
       ORDER BY end_us, file ${LIMIT}`,
    );
    this.#gaps = query(
      db,
      `SELECT g.*, s.collector_id, s.data_source FROM gaps g JOIN sources s USING (source)
       WHERE (?1 IS NULL OR s.collector_id = ?1) AND (?2 = 0 OR g.acknowledged_at IS NULL) ORDER BY g.id`,
    );
    this.#quarantine = query(
      db,
      `SELECT q.*, s.collector_id, s.data_source, f.file_id
       FROM quarantine q CROSS JOIN sources s USING (source) CROSS JOIN files f USING (file)
       WHERE (?1 IS NULL OR s.collector_id = ?1) AND (?3 IS NULL OR q.id = ?3)
         AND (?4 = 0 OR q.acknowledged_at IS NULL)
       ORDER BY q.id DESC LIMIT ?2`,
    );
  }

  /** In the order of collector ids, then in the order in which the data sources were first leased. */
  dataSources(): readonly DataSourceState[] {
    return this.#sources.all().map(toState);
  }

  /** Oldest end time first. */
  pace({ collectorId, dataSource }: DataSourceKey, sinceMs: number): Omit<Pace, "seconds"> {
    return { ...this.#pace.get(collectorId, dataSource, sinceMs * 1_000)! };
  }

  holes({ collectorId, dataSource }: DataSourceKey, limit: number): readonly LedgerFile[] {
    return this.#holes.all(collectorId, dataSource, limit).map(toLedgerFile);
  }

  /** In the order in which they were recorded. */
  gaps(collectorId: string | undefined, unacknowledgedOnly: boolean): readonly Gap[] {
    return this.#gaps.all(collectorId ?? null, unacknowledgedOnly ? 1 : 0).map(toGap);
  }

  /** The latest first. */
  quarantine(filter: Parameters<StoreReader["quarantine"]>[0]): readonly StoredQuarantine[] {
    const { collectorId, id, unacknowledgedOnly, limit } = filter;
    return this.#quarantine.all(collectorId ?? null, limit, id ?? null, unacknowledgedOnly ? 1 : 0).map(toQuarantine);
  }
}

const toGap = (row: GapRow): Gap => ({
  id: row.id,
  collectorId: row.collector_id,
  dataSource: row.data_source,
  from: row.from_time,
  to: row.to_time,
  reason: row.reason,
  files: row.files,
  fileId: row.file_id === "" ? undefined : row.file_id,
  recordedAt: row.recorded_at,
  acknowledgedAt: row.acknowledged_at ?? undefined,
  acknowledgedBy: row.acknowledged_by ?? undefined,
});

const toQuarantine = (row: QuarantineRow): StoredQuarantine => ({
  id: row.id,
  collectorId: row.collector_id,
  dataSource: row.data_source,
  fileId: row.file_id,
  line: row.line,
  reason: row.reason,
  bytes: row.bytes,
  at: row.at,
  acknowledgedAt: row.acknowledged_at ?? undefined,
});
