import type { DatabaseSync } from "node:sqlite";
import { type Query, query } from "./connection.ts";
import { Receipts } from "./receipts.ts";

interface Removed {
  readonly seq: number;
  readonly file: number;
}

/**
 * Events that are removed before a delivery has cut them into a batch: they are counted, or the sums would not add up. One that was ended
 * counts, too: it may go on where it stopped.
 */
export class Withdrawal {
  readonly #deliveries: Query<{ delivery: number; cut: number }>;
  readonly #hour: Query<{ hour: number }>;
  readonly #receipts: Receipts;

  constructor(db: DatabaseSync) {
    this.#deliveries = query(
      db,
      `SELECT d.delivery, d.cut FROM deliveries d JOIN sources s USING (collector_id)
       WHERE s.source = ? AND d.replay IS NULL AND d.cut < ?`,
    );
    this.#hour = query(db, "SELECT done_us / 3600000000 AS hour FROM files WHERE file = ?");
    this.#receipts = new Receipts(db);
  }

  note(source: number, rows: readonly Removed[]): void {
    const last = rows.reduce((most, { seq }) => Math.max(most, seq), 0);
    for (const { delivery, cut } of this.#deliveries.all(source, last)) {
      const byHour: Record<number, number> = {};
      for (const { seq, file } of rows) {
        if (seq <= cut) continue;
        const { hour } = this.#hour.get(file)!;
        byHour[hour] = (byHour[hour] ?? 0) + 1;
      }
      this.#receipts.add(delivery, "withdrawn", byHour);
    }
  }
}
