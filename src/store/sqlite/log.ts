import type { DatabaseSync } from "node:sqlite";
import type { StoredEvent } from "../../model/event.ts";
import type { LogQuery } from "../../model/store.ts";
import { LIMIT, type Query, query } from "./connection.ts";
import { type EventRow, SELECT_EVENTS, toEvent } from "./event-rows.ts";

interface Stretch {
  readonly source: number;
  readonly first_seq: number;
  readonly last_seq: number;
}

const BYTES_A_PAGE = 32 * 1024 * 1024;
const STRETCHES_A_PAGE = 200;
const EARLIEST = Number.MIN_SAFE_INTEGER;
const LATEST = Number.MAX_SAFE_INTEGER;

/**
 * Reads the log of a collector. Each file's events stand at a stretch of positions of their own, which the ledger knows: other
 * collectors' events in between are not touched.
 */
export class Log {
  readonly #sources: Query<{ source: number; data_source: string; last_seq: number }>;
  readonly #stretch: Query<Stretch>;
  readonly #events: Query<EventRow>;

  constructor(db: DatabaseSync) {
    this.#sources = query(db, "SELECT source, data_source, last_seq FROM sources WHERE collector_id = ?");
    this.#stretch = query(
      db,
      `SELECT source, first_seq, last_seq FROM files WHERE source = ? AND last_seq IS NOT NULL AND last_seq > ?
       AND held > 0 AND max_key >= ? AND min_key < ? ORDER BY last_seq LIMIT 1`,
    );
    this.#events = query(
      db,
      `${SELECT_EVENTS} WHERE e.seq > ? AND e.seq <= ? AND e.time_key >= ? AND e.time_key < ? ORDER BY e.seq ${LIMIT}`,
    );
  }

  last(collectorId: string): number {
    return Math.max(0, ...this.#sources.all(collectorId).map(({ last_seq }) => last_seq));
  }

  read(log: LogQuery): { events: readonly StoredEvent[]; next: number | undefined } {
    const sources = this.#sources.all(log.collectorId).filter(({ data_source }) => isWanted(log, data_source));
    const events: StoredEvent[] = [];
    let bytes = 0;
    let position = log.after;
    for (let stretches = 0; stretches < STRETCHES_A_PAGE; stretches++) {
      const stretch = this.#next(sources, position, log);
      if (stretch === undefined) return { events, next: undefined };
      const end = Math.min(stretch.last_seq, log.upTo);
      const start = Math.max(position, stretch.first_seq - 1);
      for (const row of this.#rows(start, end, log, log.limit - events.length)) {
        events.push(toEvent(row));
        bytes += row.raw.length;
        if (events.length >= log.limit || bytes >= BYTES_A_PAGE) return { events, next: row.seq };
      }
      position = end;
    }
    return { events, next: position };
  }

  #rows(after: number, upTo: number, { fromUs, toUs }: LogQuery, limit: number): Iterable<EventRow> {
    return this.#events.iterate(after, upTo, fromUs ?? EARLIEST, toUs ?? LATEST, limit);
  }

  /** The nearest stretch that ends after `position`. */
  #next(sources: readonly { source: number }[], position: number, log: LogQuery): Stretch | undefined {
    let nearest: Stretch | undefined;
    for (const { source } of sources) {
      const found = this.#stretch.get(source, position, log.fromUs ?? EARLIEST, log.toUs ?? LATEST);
      if (found !== undefined && found.first_seq <= log.upTo && found.last_seq < (nearest?.last_seq ?? LATEST))
        nearest = found;
    }
    return nearest;
  }
}

const isWanted = ({ dataSource }: LogQuery, name: string) => dataSource === undefined || dataSource === name;
