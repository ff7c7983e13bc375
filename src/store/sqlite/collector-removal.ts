import type { DatabaseSync } from "node:sqlite";
import { inTransaction, type Query, query } from "./connection.ts";
import type { Removal } from "./removal.ts";

const ROWS_A_STEP = 2000;
/** Also cleared when a collector goes, a few thousand rows in each transaction. */
const OTHER_TABLES = [
  "rereads",
  "rewinds",
  "report_sources",
  "quarantine",
  "gaps",
  "tombstones",
  "volume",
  "type_counts",
  "files",
] as const;

/** Forgets a collector in short transactions. Cut off half-way, it is taken up again by the next call or the next lease. */
export class CollectorRemoval {
  readonly #db: DatabaseSync;
  readonly #fence: Query;
  readonly #removing: Query;
  readonly #ended: Query;
  readonly #sources: Query<{ source: number }>;
  readonly #deleteSource: Query;
  readonly #deleteReports: Query;
  readonly #others: readonly Query[];
  readonly #removal: Removal;

  constructor(db: DatabaseSync, removal: Removal) {
    this.#db = db;
    this.#removal = removal;
    this.#fence = query(db, "UPDATE collectors SET epoch = epoch + 1, removing = 1 WHERE collector_id = ?");
    this.#removing = query(db, "SELECT 1 FROM collectors WHERE collector_id = ? AND removing = 1");
    this.#ended = query(db, "UPDATE collectors SET removing = 0 WHERE collector_id = ?");
    this.#sources = query(db, "SELECT source FROM sources WHERE collector_id = ?");
    this.#deleteSource = query(db, "DELETE FROM sources WHERE source = ?");
    this.#deleteReports = query(db, "DELETE FROM reports WHERE collector_id = ?");
    this.#others = OTHER_TABLES.map((table) => this.#deleteSome(table));
  }

  /** Tables with a key of two columns have no row number to delete by; theirs are small. */
  #deleteSome(table: (typeof OTHER_TABLES)[number]): Query {
    if (table === "volume" || table === "type_counts" || table === "tombstones")
      return query(this.#db, `DELETE FROM ${table} WHERE source = ?`);
    const some = `SELECT rowid FROM ${table} WHERE source = ? LIMIT ${ROWS_A_STEP}`;
    return query(this.#db, `DELETE FROM ${table} WHERE rowid IN (${some})`);
  }

  /** Commits of other collectors come in between. `pause` is waited for after each transaction. */
  async remove(collectorId: string, pause: () => Promise<void>): Promise<void> {
    inTransaction(this.#db, () => this.#fence.run(collectorId));
    for (const { source } of this.#sources.all(collectorId)) {
      await this.#untilNothing(() => this.#removal.some(source, ROWS_A_STEP), pause);
      for (const other of this.#others) await this.#untilNothing(() => other.run(source).changes, pause);
      inTransaction(this.#db, () => this.#deleteSource.run(source));
    }
    inTransaction(this.#db, () => {
      this.#deleteReports.run(collectorId);
      this.#ended.run(collectorId);
    });
  }

  /** Whether a removal was cut off. */
  wasCutOff(collectorId: string): boolean {
    return this.#removing.get(collectorId) !== undefined;
  }

  async #untilNothing(step: () => number, pause: () => Promise<void>): Promise<void> {
    while (inTransaction(this.#db, step) > 0) await pause();
  }
}
