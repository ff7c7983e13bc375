import type { DatabaseSync } from "node:sqlite";
import { LIMIT, type Query, query } from "./connection.ts";
import { Counters } from "./counters.ts";
import { type Amount, Tally } from "./tally.ts";
import { Withdrawal } from "./withdrawal.ts";

/** What has to be known of an event to take it out of the counters. */
interface Removable {
  readonly seq: number;
  readonly file: number;
  readonly type: number;
  readonly time_key: number;
  readonly bytes: number;
}

/** What a delivery has still to take stays, and what a person has still to decide on. */
const MAY_GO = `e.seq <= ? AND NOT EXISTS (
  SELECT 1 FROM dead_letters l WHERE l.seq = e.seq AND l.state IN ('dead', 'again'))`;
const REMOVABLE = "e.seq, e.file, e.type, e.time_key, length(e.raw) AS bytes";

/** Takes events out of the log, and out of every count of what is held. Called inside the caller's transaction. */
export class Removal {
  readonly #timed: Query<Removable>;
  readonly #untimed: Query<Removable>;
  readonly #any: Query<Removable>;
  readonly #bySeq: Query<Removable>;
  readonly #delete: Query;
  readonly #file: Query;
  readonly #source: Query;
  readonly #counters: Counters;
  readonly #settled: Query<{ seq: number }>;
  readonly #withdrawal: Withdrawal;

  constructor(db: DatabaseSync) {
    const select = (rest: string): Query<Removable> => query(db, `SELECT ${REMOVABLE} FROM events e ${rest}`);
    this.#timed = select(
      `WHERE source = ? AND time_key < ? AND time_key <> 0 AND ${MAY_GO} ORDER BY time_key ${LIMIT}`,
    );
    this.#untimed = select(
      `JOIN files f ON f.file = e.file WHERE e.source = ? AND e.time_key = 0 AND f.done_us < ? AND ${MAY_GO} ${LIMIT}`,
    );
    this.#settled = query(
      db,
      `SELECT coalesce(min(d.position), ${Number.MAX_SAFE_INTEGER}) AS seq FROM deliveries d
       JOIN sources s USING (collector_id) WHERE s.source = ? AND d.ended = 0`,
    );
    this.#withdrawal = new Withdrawal(db);
    this.#any = select(`WHERE source = ? ${LIMIT}`);
    this.#bySeq = select("WHERE source = ? AND seq = ?");
    this.#delete = query(db, "DELETE FROM events WHERE seq = ?");
    this.#file = query(db, "UPDATE files SET held = held - ?, held_bytes = held_bytes - ? WHERE file = ?");
    this.#source = query(
      db,
      `UPDATE sources SET events = events - ?2, bytes = bytes - ?3, (newest_key, newest_event) = (
         SELECT e.time_key, e.time FROM events e WHERE e.source = ?1 AND e.time_key > 0 ORDER BY e.time_key DESC LIMIT 1
       ) WHERE source = ?1`,
    );
    this.#counters = new Counters(db);
  }

  anyExpired(source: number, beforeUs: number): boolean {
    const settled = this.#settled.get(source)!.seq;
    return [this.#timed, this.#untimed].some((old) => old.get(source, beforeUs, settled, 1) !== undefined);
  }

  /** Up to `limit` events of before `beforeUs`, oldest first; those without a time by when they were taken in. */
  expired(source: number, beforeUs: number, limit: number): number {
    const settled = this.#settled.get(source)!.seq;
    const rows = this.#timed.all(source, beforeUs, settled, limit);
    if (rows.length < limit) rows.push(...this.#untimed.all(source, beforeUs, settled, limit - rows.length));
    return this.#remove(source, rows);
  }

  some(source: number, limit: number): number {
    return this.#remove(source, this.#any.all(source, limit));
  }

  one(source: number, seq: number): number {
    return this.#remove(source, this.#bySeq.all(source, seq));
  }

  #remove(source: number, rows: readonly Removable[]): number {
    if (rows.length === 0) return 0;
    const tally = new Tally();
    const files = new Map<number, Amount>();
    for (const { seq, file, type, time_key: timeKey, bytes } of rows) {
      this.#delete.run(seq);
      tally.add(seq, type, bytes, { timeKey, time: "" });
      const held = files.get(file) ?? { events: 0, bytes: 0 };
      held.events += 1;
      held.bytes += bytes;
      files.set(file, held);
    }
    this.#withdrawal.note(source, rows);
    for (const [file, { events, bytes }] of files) this.#file.run(events, bytes, file);
    this.#counters.subtract(source, tally);
    this.#source.run(source, tally.events, tally.bytes);
    return rows.length;
  }
}
