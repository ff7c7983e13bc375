import type { DatabaseSync } from "node:sqlite";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { IssuedReport, NewReport, SignedReport } from "../../model/report.ts";
import { instantUs } from "../instants.ts";
import { type Query, query } from "./connection.ts";

interface ReportRow {
  readonly report_id: string;
  readonly collector_id: string;
  readonly from_time: string;
  readonly to_time: string;
  readonly issued_at: string;
  readonly issued_by: string;
  readonly sha256: string;
  readonly public_key: string;
}

interface ReportSourceRow {
  readonly data_source: string;
  readonly complete_through: string | null;
  readonly changed: number;
  readonly corrected_by: string | null;
}

/** Writes down which reports were issued. Called inside the caller's transaction. */
export class ReportWriter {
  readonly #forget: readonly Query[];
  readonly #begin: Query;
  readonly #source: Query;
  readonly #finish: Query;
  readonly #claim: Query;
  readonly #corrected: Query;

  constructor(db: DatabaseSync) {
    const unfinished = "SELECT report_id FROM reports WHERE collector_id = ?1 AND document IS NULL AND issued_at < ?2";
    this.#forget = [
      query(db, `DELETE FROM report_sources WHERE report_id IN (${unfinished})`),
      query(db, "DELETE FROM reports WHERE collector_id = ?1 AND document IS NULL AND issued_at < ?2"),
    ];
    this.#begin = query(
      db,
      "INSERT INTO reports (report_id, collector_id, from_time, to_time, issued_at, issued_by) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#source = query(
      db,
      `INSERT INTO report_sources (report_id, source, from_us, to_us)
       SELECT ?, source, ?, ? FROM sources WHERE collector_id = ? AND data_source = ?`,
    );
    this.#finish = query(db, "UPDATE reports SET document = ?, sha256 = ?, public_key = ? WHERE report_id = ?");
    this.#claim = query(
      db,
      `UPDATE report_sources SET complete_through = ? WHERE report_id = ? AND source IN (
         SELECT s.source FROM sources s JOIN reports r USING (collector_id) WHERE r.report_id = ?2 AND s.data_source = ?)`,
    );
    // What changed while the new report was made is not named in it.
    this.#corrected = query(db, "UPDATE report_sources SET corrected_by = ?1 WHERE report_id = ?2 AND changed = 1");
  }

  /** One that was begun a day before and never finished is forgotten. */
  begin({ id, collectorId, dataSources, from, to, issuedAt, issuedBy }: NewReport): void {
    const dayBefore = new Date(Date.parse(issuedAt) - 86_400_000).toISOString();
    for (const forget of this.#forget) forget.run(collectorId, dayBefore);
    this.#begin.run(id, collectorId, from, to, issuedAt, issuedBy);
    const [fromUs, toUs] = [needInstant(from), needInstant(to)];
    for (const dataSource of dataSources) this.#source.run(id, fromUs, toUs, collectorId, dataSource);
  }

  finish(id: string, { document, sha256, publicKey, completeThrough, corrects }: SignedReport): void {
    this.#finish.run(zstdCompressSync(document), sha256, publicKey, id);
    for (const [dataSource, claim] of Object.entries(completeThrough)) this.#claim.run(claim ?? null, id, dataSource);
    for (const corrected of corrects) this.#corrected.run(id, corrected);
  }
}

/** Reads which reports were issued. */
export class ReportReader {
  readonly #list: Query<ReportRow>;
  readonly #sources: Query<ReportSourceRow>;
  readonly #document: Query<{ document: Uint8Array }>;

  constructor(db: DatabaseSync) {
    this.#list = query(
      db,
      `SELECT report_id, collector_id, from_time, to_time, issued_at, issued_by, sha256, public_key FROM reports
       WHERE collector_id = ? AND document IS NOT NULL ORDER BY issued_at DESC, rowid DESC LIMIT ?`,
    );
    this.#sources = query(
      db,
      `SELECT s.data_source, r.complete_through, r.changed, r.corrected_by FROM report_sources r JOIN sources s USING (source)
       WHERE r.report_id = ? ORDER BY s.source`,
    );
    this.#document = query(db, "SELECT document FROM reports WHERE report_id = ? AND document IS NOT NULL");
  }

  /** The latest first. */
  issued(collectorId: string, limit: number): readonly IssuedReport[] {
    return this.#list.all(collectorId, limit).map((row) => this.#toReport(row));
  }

  document(id: string): Uint8Array | undefined {
    const row = this.#document.get(id);
    return row && new Uint8Array(zstdDecompressSync(row.document));
  }

  #toReport(row: ReportRow): IssuedReport {
    const sources = this.#sources.all(row.report_id).map((one) => ({
      dataSource: one.data_source,
      completeThrough: one.complete_through ?? undefined,
      changed: one.changed === 1,
      correctedBy: one.corrected_by ?? undefined,
    }));
    return {
      id: row.report_id,
      collectorId: row.collector_id,
      dataSources: sources.map(({ dataSource }) => dataSource),
      from: row.from_time,
      to: row.to_time,
      issuedAt: row.issued_at,
      issuedBy: row.issued_by,
      sha256: row.sha256,
      publicKey: row.public_key,
      sources,
    };
  }
}

function needInstant(text: string): number {
  const us = instantUs(text);
  if (us === undefined) throw new Error(`not an RFC 3339 instant: ${text.slice(0, 40)}`);
  return us;
}
