import type { DatabaseSync } from "node:sqlite";
import type { NewReplay } from "../../model/delivery.ts";
import { type Query, query } from "./connection.ts";

/** Parts of the log that a destination takes again. Called inside the caller's transaction. */
export class Replays {
  readonly #insert: Query<{ replay: number }>;
  readonly #deliver: Query;
  readonly #end: Query;
  readonly #endDeliveries: Query;
  readonly #dropBatches: Query;
  readonly #endDelivery: Query;
  readonly #endWithLast: Query;

  constructor(db: DatabaseSync) {
    this.#insert = query(
      db,
      `INSERT INTO replays (destination_id, data_source, from_us, to_us, events, requested_at, requested_by)
       VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING replay`,
    );
    // From before the oldest event that is held to the newest that there is: what comes in later is delivered live.
    const files =
      "FROM files WHERE last_seq IS NOT NULL AND source IN (SELECT source FROM sources WHERE collector_id = ?3)";
    this.#deliver = query(
      db,
      `INSERT INTO deliveries (replay, destination_id, collector_id, start, cut, position, "end")
       SELECT ?1, ?2, ?3, first, first, first, last FROM (
         SELECT coalesce((SELECT min(first_seq) - 1 ${files} AND held > 0), 0) AS first,
           coalesce((SELECT max(last_seq) ${files}), 0) AS last)`,
    );
    this.#end = query(
      db,
      "UPDATE replays SET state = ?, ended_at = ?, ended_by = ? WHERE replay = ? AND state = 'running'",
    );
    this.#endDeliveries = query(db, "UPDATE deliveries SET ended = 1, position = cut WHERE replay = ?");
    this.#dropBatches = query(
      db,
      "DELETE FROM delivery_batches WHERE delivery IN (SELECT delivery FROM deliveries WHERE replay = ?)",
    );
    this.#endDelivery = query(db, "UPDATE deliveries SET ended = 1 WHERE delivery = ? AND replay IS NOT NULL");
    this.#endWithLast = query(
      db,
      `UPDATE replays SET state = 'done', ended_at = ?1 WHERE state = 'running'
       AND replay = (SELECT replay FROM deliveries WHERE delivery = ?2)
       AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.replay = replays.replay AND d.ended = 0)`,
    );
  }

  request(replay: NewReplay): number {
    const { destinationId, collectorIds, dataSource, fromUs, toUs, events, at, by } = replay;
    const row = this.#insert.get(destinationId, dataSource ?? null, fromUs ?? null, toUs ?? null, events, at, by)!;
    for (const collectorId of collectorIds) this.#deliver.run(row.replay, destinationId, collectorId);
    return row.replay;
  }

  /** What has not been sent yet is not any more. */
  cancel(id: number, by: string, at: string): boolean {
    if (this.#end.run("cancelled", at, by, id).changes === 0) return false;
    this.#dropBatches.run(id);
    this.#endDeliveries.run(id);
    return true;
  }

  endDelivery(delivery: number, at: string): void {
    this.#endDelivery.run(delivery);
    this.#endWithLast.run(at, delivery);
  }
}
