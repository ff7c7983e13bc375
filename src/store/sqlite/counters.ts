import type { DatabaseSync } from "node:sqlite";
import { type Query, query } from "./connection.ts";
import type { Tally } from "./tally.ts";

/** Volume and type counts per data source. Called inside the caller's transaction. */
export class Counters {
  readonly #volume: Query;
  readonly #emptyVolume: Query;
  readonly #types: Query;
  readonly #emptyTypes: Query;

  constructor(db: DatabaseSync) {
    this.#volume = query(
      db,
      `INSERT INTO volume (source, bucket, events, bytes) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT DO UPDATE SET events = events + ?3, bytes = bytes + ?4`,
    );
    this.#types = query(
      db,
      "INSERT INTO type_counts (source, type, events) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET events = events + ?3",
    );
    this.#emptyVolume = query(db, "DELETE FROM volume WHERE source = ? AND bucket = ? AND events = 0");
    this.#emptyTypes = query(db, "DELETE FROM type_counts WHERE source = ? AND type = ? AND events = 0");
  }

  add(source: number, tally: Tally): void {
    for (const [bucket, { events, bytes }] of tally.buckets) this.#volume.run(source, bucket, events, bytes);
    for (const [type, events] of tally.types) this.#types.run(source, type, events);
  }

  subtract(source: number, tally: Tally): void {
    for (const [bucket, { events, bytes }] of tally.buckets) {
      this.#volume.run(source, bucket, -events, -bytes);
      this.#emptyVolume.run(source, bucket);
    }
    for (const [type, events] of tally.types) {
      this.#types.run(source, type, -events);
      this.#emptyTypes.run(source, type);
    }
  }
}
