import type { DatabaseSync } from "node:sqlite";
import type { StoredEvent } from "../../model/event.ts";
import type { TimeQuery } from "../../model/store.ts";
import { type Query, query } from "./connection.ts";
import { type EventRow, SELECT_EVENTS, toEvent } from "./event-rows.ts";

interface Place {
  readonly time_key: number;
  readonly seq: number;
  readonly type: number;
}

type Before = { readonly timeKey: number; readonly seq: number };

const ROWS_A_STEP = 2000;
const newestFirst = (a: Place, b: Place) => b.time_key - a.time_key || b.seq - a.seq;

/** Reads events by time, newest first; of one time, the one with the higher position first. */
export class TimeOrder {
  readonly #source: Query<{ source: number }>;
  readonly #type: Query<{ type: number }>;
  readonly #hasType: Query;
  readonly #places: Query<Place>;
  readonly #typedPlaces: Query<Place>;
  readonly #event: Query<EventRow>;

  constructor(db: DatabaseSync) {
    this.#source = query(db, "SELECT source FROM sources WHERE collector_id = ? AND data_source = ?");
    this.#type = query(db, "SELECT type FROM types WHERE name = ?");
    this.#hasType = query(db, "SELECT 1 FROM type_counts WHERE source = ? AND type = ? AND events > 0");
    // Without the type everything asked for is in the index.
    const places = (columns: string): Query<Place> =>
      query(
        db,
        `SELECT ${columns} FROM events WHERE source = ?1 AND time_key >= ?2 AND time_key <= ?3
         AND (time_key < ?3 OR seq < ?4) ORDER BY time_key DESC, seq DESC LIMIT ?5`,
      );
    this.#places = places("time_key, seq, 0 AS type");
    this.#typedPlaces = places("time_key, seq, type");
    this.#event = query(db, `${SELECT_EVENTS} WHERE e.seq = ?`);
  }

  /** Those positions that still hold an event, in the order asked for. */
  bySeq(seqs: readonly number[]): StoredEvent[] {
    return seqs.flatMap((seq) => {
      const row = this.#event.get(seq);
      return row === undefined ? [] : [toEvent(row)];
    });
  }

  read(time: TimeQuery): StoredEvent[] {
    const type = time.type === undefined ? undefined : this.#type.get(time.type)?.type;
    if (time.type !== undefined && type === undefined) return [];
    const places = time.sources.flatMap(({ collectorId, dataSource }) => {
      const source = this.#source.get(collectorId, dataSource)?.source;
      if (source === undefined) return [];
      return type === undefined ? this.#untyped(source, time) : this.#typed(source, type, time);
    });
    const page = places.sort(newestFirst).slice(0, time.limit);
    return this.bySeq(page.map(({ seq }) => seq));
  }

  #untyped(source: number, time: TimeQuery): Place[] {
    return this.#step(this.#places, source, time, startOf(time), time.limit);
  }

  // In steps, so that a rare type is looked for in many short reads.
  #typed(source: number, type: number, time: TimeQuery): Place[] {
    const found: Place[] = [];
    if (this.#hasType.get(source, type) === undefined) return found;
    let before = startOf(time);
    while (found.length < time.limit) {
      const step = this.#step(this.#typedPlaces, source, time, before, ROWS_A_STEP);
      found.push(...step.filter((place) => place.type === type));
      const last = step.at(-1);
      if (last === undefined || step.length < ROWS_A_STEP) break;
      before = { timeKey: last.time_key, seq: last.seq };
    }
    return found;
  }

  #step(places: Query<Place>, source: number, { fromUs }: TimeQuery, before: Before, limit: number): Place[] {
    return places.all(source, fromUs ?? Number.MIN_SAFE_INTEGER, before.timeKey, before.seq, limit);
  }
}

/** The nearer of the place where the last page ended and the end of the interval. */
function startOf({ before, toUs }: TimeQuery): Before {
  const end = { timeKey: toUs ?? Number.MAX_SAFE_INTEGER, seq: 0 };
  return before !== undefined && before.timeKey < end.timeKey ? before : end;
}
