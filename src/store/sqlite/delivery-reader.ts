import type { DatabaseSync } from "node:sqlite";
import type { ByHour, DeadLetter, DeliveryReader, DeliveryState, HourlyAccount, Replay } from "../../model/delivery.ts";
import { LIMIT, type Query, query, withStorageErrors } from "./connection.ts";
import {
  type DeliveryRow,
  type LetterRow,
  type ReplayRow,
  SELECT_DELIVERIES,
  SELECT_LETTERS,
  toDelivery,
  toLetter,
  toReplay,
} from "./delivery-rows.ts";
import { readError } from "./sources.ts";

interface StateRow extends DeliveryRow {
  readonly delivered: number;
  readonly filtered: number;
  readonly withdrawn: number;
}

interface HourRow {
  readonly hour: number;
  readonly events: number;
}

type Settled = Pick<HourlyAccount, "hour" | "filtered" | "delivered" | "dead" | "withdrawn">;
const NOTHING = { filtered: 0, delivered: 0, dead: 0, withdrawn: 0 };

interface OpenRow {
  readonly batches: number;
  readonly events: number;
  readonly error: string | null;
}

/** Whole files of a collector after a position, and the events that are left of the one in which the position stands. */
const WHOLE = `FROM files f JOIN sources s USING (source) WHERE s.collector_id = ?1 AND f.last_seq IS NOT NULL AND f.first_seq > ?2`;
const LATEST = Number.MAX_SAFE_INTEGER;

export class SqliteDeliveryReader implements DeliveryReader {
  readonly #states: Query<StateRow>;
  readonly #waiting: Query<{ readonly id: string; readonly letters: number }>;
  readonly #open: Query<OpenRow>;
  readonly #whole: Query<{ events: number }>;
  readonly #partly: Query<{ first_seq: number; last_seq: number; source: number }>;
  readonly #count: Query<{ events: number }>;
  readonly #oldest: Query<{ done_at: string }>;
  readonly #db: DatabaseSync;
  readonly #live: Query<DeliveryRow>;
  readonly #settled: Query<Settled>;
  readonly #hours: Query<HourRow>;
  readonly #pendingWhole: Query<HourRow>;
  readonly #pendingPartly: Query<HourRow>;
  readonly #batchHours: Query<{ hours: string }>;
  readonly #letters: Query<LetterRow>;
  readonly #replays: Query<ReplayRow>;
  readonly #countLog: Query<{ events: number }>;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#states = query(db, `${SELECT_DELIVERIES} WHERE d.ended = 0 ORDER BY d.delivery`);
    this.#waiting = query(
      db,
      `SELECT d.destination_id AS id, count(*) AS letters FROM dead_letters l JOIN deliveries d USING (delivery)
       WHERE l.state IN ('dead', 'again') GROUP BY 1`,
    );
    this.#open = query(
      db,
      `SELECT count(*) AS batches, coalesce(sum(events), 0) AS events,
         (SELECT error FROM delivery_batches b WHERE b.delivery = ?1 AND error IS NOT NULL ORDER BY number LIMIT 1) AS error
       FROM delivery_batches WHERE delivery = ?1`,
    );
    this.#whole = query(db, `SELECT coalesce(sum(f.held), 0) AS events ${WHOLE}`);
    this.#partly = query(
      db,
      `SELECT f.source, f.first_seq, f.last_seq FROM files f JOIN sources s USING (source)
       WHERE s.collector_id = ?1 AND f.last_seq IS NOT NULL AND f.first_seq <= ?2 AND f.last_seq > ?2`,
    );
    this.#count = query(db, "SELECT count(*) AS events FROM events WHERE seq > ? AND seq <= ?");
    this.#oldest = query(
      db,
      `SELECT done_at FROM files WHERE last_seq > ?2 AND last_seq IS NOT NULL AND held > 0
       AND source IN (SELECT source FROM sources WHERE collector_id = ?1) ORDER BY last_seq LIMIT 1`,
    );
    this.#live = query(db, `${SELECT_DELIVERIES} WHERE d.destination_id = ? AND d.replay IS NULL AND d.ended = 0`);
    this.#settled = query(
      db,
      "SELECT hour, filtered, delivered, dead, withdrawn FROM receipts WHERE delivery = ? AND hour >= ? AND hour < ?",
    );
    this.#hours = query(
      db,
      `SELECT f.done_us / 3600000000 AS hour, sum(f.inserted) AS events FROM files f JOIN sources s USING (source)
       WHERE s.collector_id = ? AND f.state = 'done' AND f.first_seq > ? AND f.done_us >= ? AND f.done_us < ?
       GROUP BY 1 ORDER BY 1`,
    );
    this.#pendingWhole = query(db, `SELECT f.done_us / 3600000000 AS hour, sum(f.held) AS events ${WHOLE} GROUP BY 1`);
    this.#pendingPartly = query(
      db,
      `SELECT f.done_us / 3600000000 AS hour, (SELECT count(*) FROM events e WHERE e.seq > ?2 AND e.seq <= f.last_seq) AS events
       FROM files f JOIN sources s USING (source)
       WHERE s.collector_id = ?1 AND f.last_seq IS NOT NULL AND f.first_seq <= ?2 AND f.last_seq > ?2`,
    );
    this.#batchHours = query(db, "SELECT hours FROM delivery_batches WHERE delivery = ?");
    this.#letters = query(
      db,
      `${SELECT_LETTERS} WHERE d.destination_id = ? AND l.id < ? AND (?3 IS NULL OR l.state = ?3) ORDER BY l.id DESC ${LIMIT}`,
    );
    this.#replays = query(
      db,
      `SELECT r.*, (SELECT json_group_array(d.collector_id) FROM deliveries d WHERE d.replay = r.replay) AS collectors,
         coalesce((SELECT sum(d.delivered) FROM deliveries d WHERE d.replay = r.replay), 0) AS delivered,
         coalesce((SELECT sum(d.filtered) FROM deliveries d WHERE d.replay = r.replay), 0) AS filtered,
         coalesce((SELECT sum(d.dead) FROM deliveries d WHERE d.replay = r.replay), 0) AS dead
       FROM replays r WHERE r.destination_id = ? ORDER BY r.replay DESC`,
    );
    this.#countLog = query(
      db,
      `SELECT count(*) AS events FROM events e JOIN sources s USING (source)
       WHERE s.collector_id = ?1 AND (?2 IS NULL OR s.data_source = ?2) AND e.seq > ?3 AND e.time_key >= ?4 AND e.time_key < ?5`,
    );
  }

  async deliveryStates(): Promise<readonly DeliveryState[]> {
    return withStorageErrors(() => this.#states.all().map((row) => this.#stateOf(row)));
  }

  async hourlyAccounts({ destinationId, fromHour, toHour }: Parameters<DeliveryReader["hourlyAccounts"]>[0]) {
    return withStorageErrors(() =>
      this.#atOneMoment(() =>
        this.#live.all(destinationId).flatMap((delivery) => this.#accountsOf(delivery, fromHour, toHour)),
      ),
    );
  }

  async deadLetters(asked: Parameters<DeliveryReader["deadLetters"]>[0]): Promise<readonly DeadLetter[]> {
    const { destinationId, state, before = LATEST, limit } = asked;
    return withStorageErrors(() => this.#letters.all(destinationId, before, state ?? null, limit).map(toLetter));
  }

  async waitingLetters(): Promise<ReadonlyMap<string, number>> {
    return withStorageErrors(() => new Map(this.#waiting.all().map(({ id, letters }) => [id, letters])));
  }

  async replays(destinationId: string): Promise<readonly Replay[]> {
    return withStorageErrors(() => this.#replays.all(destinationId).map(toReplay));
  }

  async countLog({ collectorId, dataSource, after, fromUs, toUs }: Parameters<DeliveryReader["countLog"]>[0]) {
    return withStorageErrors(() => {
      const everything = dataSource === undefined && fromUs === undefined && toUs === undefined;
      if (everything) return this.#after(collectorId, after);
      const bounds = [fromUs ?? Number.MIN_SAFE_INTEGER, toUs ?? LATEST];
      return this.#countLog.get(collectorId, dataSource ?? null, after, ...bounds)!.events;
    });
  }

  /** Whoever settles a batch meanwhile does not move counts between two of them. */
  #atOneMoment<R>(read: () => R): R {
    if (this.#db.isTransaction) return read();
    this.#db.exec("BEGIN");
    try {
      return read();
    } finally {
      this.#db.exec("COMMIT");
    }
  }

  #accountsOf({ delivery, collector_id: collectorId, start, cut }: DeliveryRow, fromHour: number, toHour: number) {
    const us = (hour: number) => hour * 3_600_000_000;
    const byHour = (rows: readonly HourRow[]) => new Map(rows.map(({ hour, events }) => [hour, events]));
    const collected = byHour(this.#hours.all(collectorId, start, us(fromHour), us(toHour)));
    const settled = new Map(this.#settled.all(delivery, fromHour, toHour).map((row) => [row.hour, { ...row }]));
    const pending = this.#pendingOf(delivery, collectorId, cut);
    return [...new Set([...collected.keys(), ...settled.keys()])].map(
      (hour): HourlyAccount => ({
        ...NOTHING,
        ...settled.get(hour),
        collectorId,
        hour,
        collected: collected.get(hour) ?? 0,
        pending: pending.get(hour) ?? 0,
      }),
    );
  }

  /** What is not cut yet, and what is in batches. */
  #pendingOf(delivery: number, collectorId: string, cut: number): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    const add = (hour: number, count: number) => counts.set(hour, (counts.get(hour) ?? 0) + count);
    for (const { hour, events } of this.#pendingWhole.all(collectorId, cut)) add(hour, events);
    for (const { hour, events } of this.#pendingPartly.all(collectorId, cut)) add(hour, events);
    for (const { hours } of this.#batchHours.all(delivery))
      for (const [hour, count] of Object.entries(JSON.parse(hours) as ByHour)) add(Number(hour), count);
    return counts;
  }

  #stateOf(row: StateRow): DeliveryState {
    const { batches, events, error } = this.#open.get(row.delivery)!;
    const oldest = this.#oldest.get(row.collector_id, row.position);
    const behind = row.replay === null ? this.#after(row.collector_id, row.cut) : 0;
    return {
      ...toDelivery(row),
      behind,
      inBatches: events,
      openBatches: batches,
      oldestAt: behind + events > 0 ? oldest?.done_at : undefined,
      error: readError(error),
      delivered: row.delivered,
      filtered: row.filtered,
      withdrawn: row.withdrawn,
    };
  }

  /** Events that are held after a position: files as the ledger counts them, and rows of the one that it cuts in two. */
  #after(collectorId: string, position: number): number {
    const partly = this.#partly.all(collectorId, position);
    const rows = partly.reduce((sum, { last_seq }) => sum + this.#count.get(position, last_seq)!.events, 0);
    return this.#whole.get(collectorId, position)!.events + rows;
  }
}
