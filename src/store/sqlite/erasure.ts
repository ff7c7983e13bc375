import type { DatabaseSync } from "node:sqlite";
import type { DataSourceKey } from "../../model/event.ts";
import { inTransaction, type Query, query } from "./connection.ts";
import { appendErasures, type Erasure, readErasures } from "./erasure-log.ts";
import { Removal } from "./removal.ts";
import { type Erasable, Tombstones } from "./tombstones.ts";

interface EventIdentity {
  readonly seq: number;
  readonly source: number;
  readonly collector_id: string;
  readonly data_source: string;
  readonly event_id: string;
  readonly content_hash: Uint8Array;
  readonly flags: number;
}

interface SourceName {
  readonly source: number;
}

const IDENTITY = `SELECT e.seq, e.source, s.collector_id, s.data_source, e.event_id, e.content_hash, e.flags
  FROM events e CROSS JOIN sources s ON s.source = e.source`;
const ROWS_A_STEP = 2000;

/** Takes events away for good: they stay away when a file, a rewind or a restore brings them again. */
export class Eraser {
  readonly #db: DatabaseSync;
  readonly #dataDir: string;
  readonly #bySeq: Query<EventIdentity>;
  readonly #after: Query<EventIdentity>;
  readonly #source: Query<SourceName>;
  readonly #tombstones: Tombstones;
  readonly #removal: Removal;

  constructor(db: DatabaseSync, dataDir: string) {
    this.#db = db;
    this.#dataDir = dataDir;
    this.#bySeq = query(db, `${IDENTITY} WHERE e.seq = ?`);
    this.#after = query(db, `${IDENTITY} WHERE e.source = ? AND e.seq > ? ORDER BY e.seq LIMIT ${ROWS_A_STEP}`);
    this.#source = query(db, "SELECT source FROM sources WHERE collector_id = ? AND data_source = ?");
    this.#tombstones = new Tombstones(db);
    this.#removal = new Removal(db);
  }

  /** The log comes first: a crash in between leaves an erasure that a restore would make, never one that it would undo. */
  erase(seqs: readonly number[], at: string): number {
    const found = seqs.flatMap((seq) => this.#bySeq.all(seq));
    const erasures = found.map((event) => ({ event, erasure: this.#erasureOf(event, at) }));
    if (erasures.length === 0) return 0;
    appendErasures(
      this.#dataDir,
      erasures.map(({ erasure }) => erasure),
    );
    return inTransaction(this.#db, () => {
      for (const { event, erasure } of erasures) {
        this.#tombstones.add(event.source, erasure.hash, at);
        this.#removal.one(event.source, event.seq);
      }
      return erasures.length;
    });
  }

  /** Makes every erasure of the log again. Those of collectors that this database does not know concern nothing in it. */
  replay(): number {
    let removed = 0;
    for (const erasures of bySource(readErasures(this.#dataDir))) {
      const { collectorId, dataSource } = erasures[0]!;
      const source = this.#source.get(collectorId, dataSource)?.source;
      if (source === undefined) continue;
      inTransaction(this.#db, () => {
        for (const { hash, at } of erasures) this.#tombstones.add(source, hash, at);
      });
      removed += this.#removeErased(source, { collectorId, dataSource });
    }
    return removed;
  }

  #removeErased(source: number, key: DataSourceKey): number {
    const isErased = this.#tombstones.forSource(source, key);
    let removed = 0;
    for (
      let position = 0, rows = this.#after.all(source, 0);
      rows.length > 0;
      rows = this.#after.all(source, position)
    ) {
      const erased = rows.filter((row) => isErased?.(erasable(row)));
      inTransaction(this.#db, () => {
        for (const { seq } of erased) removed += this.#removal.one(source, seq);
      });
      position = rows.at(-1)!.seq;
    }
    return removed;
  }

  #erasureOf(event: EventIdentity, at: string): Erasure {
    const key = { collectorId: event.collector_id, dataSource: event.data_source };
    return { ...key, at, hash: this.#tombstones.hasher(key)(erasable(event)) };
  }
}

const erasable = ({ event_id, content_hash, flags }: EventIdentity): Erasable => ({
  eventId: event_id,
  contentHash: content_hash,
  flags,
});

function bySource(erasures: readonly Erasure[]): readonly (readonly Erasure[])[] {
  const groups = Map.groupBy(erasures, ({ collectorId, dataSource }) => `${collectorId}\0${dataSource}`);
  return [...groups.values()];
}
