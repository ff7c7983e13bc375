import type { DatabaseSync } from "node:sqlite";
import type { Lease } from "../../model/store.ts";
import { type Query, query } from "./connection.ts";

/** Hands out the right to write. Called inside the caller's transaction. */
export class Leases {
  readonly #take: Query<{ epoch: number }>;
  readonly #source: Query;

  constructor(db: DatabaseSync) {
    this.#take = query(
      db,
      `INSERT INTO collectors (collector_id, epoch) VALUES (?, 1)
       ON CONFLICT DO UPDATE SET epoch = epoch + 1 RETURNING epoch`,
    );
    this.#source = query(db, "INSERT INTO sources (collector_id, data_source) VALUES (?, ?) ON CONFLICT DO NOTHING");
  }

  /** Epoch + 1; every older lease of the collector is void from here on. */
  take(collectorId: string, dataSources: readonly string[]): Lease {
    const { epoch } = this.#take.get(collectorId)!;
    for (const dataSource of dataSources) this.#source.run(collectorId, dataSource);
    return { collectorId, epoch };
  }
}
