import { createHmac } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { type DataSourceKey, eventFlags } from "../../model/event.ts";
import { type Query, query } from "./connection.ts";

/** What a tombstone stands for: the event's id, or its content where the id is one that we made up. */
export interface Erasable {
  readonly eventId: string;
  readonly contentHash: Uint8Array;
  readonly flags: number;
}

/** Keyed hashes of erased events. The key is in the database only, so that a log of hashes kept beside it tells nothing. */
export class Tombstones {
  readonly #any: Query;
  readonly #holds: Query;
  readonly #insert: Query;
  readonly #key: Query<{ value: Uint8Array }>;

  constructor(db: DatabaseSync) {
    this.#any = query(db, "SELECT 1 FROM tombstones WHERE source = ? LIMIT 1");
    this.#holds = query(db, "SELECT 1 FROM tombstones WHERE source = ? AND hash = ?");
    this.#insert = query(
      db,
      "INSERT INTO tombstones (source, hash, erased_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    );
    this.#key = query(db, "SELECT value FROM meta WHERE name = 'tombstone_key'");
  }

  /** A test for the data source's erased events; undefined where it has none, so that hashing is spared. */
  forSource(source: number, key: DataSourceKey): ((event: Erasable) => boolean) | undefined {
    if (this.#any.get(source) === undefined) return undefined;
    const hash = this.hasher(key);
    return (event) => this.#holds.get(source, hash(event)) !== undefined;
  }

  /** Makes the keyed hash of an event. */
  hasher(key: DataSourceKey): (event: Erasable) => Uint8Array {
    const secret = this.#key.get()!.value;
    return ({ eventId, contentHash, flags }) => {
      const mac = createHmac("sha256", secret).update(`${key.collectorId}\0${key.dataSource}\0`);
      if (flags & eventFlags.syntheticId) return mac.update("content\0").update(contentHash).digest();
      return mac.update("id\0").update(eventId).digest();
    };
  }

  add(source: number, hash: Uint8Array, erasedAt: string): void {
    this.#insert.run(source, hash, erasedAt);
  }
}
