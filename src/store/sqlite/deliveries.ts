import type { DatabaseSync } from "node:sqlite";
import type { Cut, Delivery, NewBatch, NewDeadLetter, OpenBatch, Settlement } from "../../model/delivery.ts";
import type { RecordedError } from "../../model/store.ts";
import { type Query, query } from "./connection.ts";
import { type BatchRow, type DeliveryRow, SELECT_DELIVERIES, toBatch, toDelivery } from "./delivery-rows.ts";
import { Receipts } from "./receipts.ts";
import { writeError } from "./sources.ts";

/** Positions and recorded batches. Called inside the caller's transaction. */
export class Deliveries {
  readonly #ofDestination: Query<DeliveryRow>;
  readonly #open: Query;
  readonly #endOthers: Query;
  readonly #isThere: Query<{ delivery: number }>;
  readonly #goneBefore: Query<{ hour: number; events: number }>;
  readonly #first: Query<{ seq: number | null }>;
  readonly #last: Query<{ seq: number | null }>;
  readonly #cut: Query;
  readonly #insert: Query;
  readonly #batches: Query<BatchRow>;
  readonly #batch: Query<BatchRow>;
  readonly #fail: Query;
  readonly #drop: Query;
  readonly #keep: Query;
  readonly #advance: Query;
  readonly #bury: Query;
  readonly #receipts: Receipts;

  constructor(db: DatabaseSync) {
    this.#ofDestination = query(
      db,
      `${SELECT_DELIVERIES} WHERE d.destination_id = ? AND d.ended = 0 ORDER BY d.replay IS NOT NULL, d.delivery`,
    );
    // One that was ended begins where it stopped: what came in meanwhile is delivered too.
    this.#open = query(
      db,
      `INSERT INTO deliveries (destination_id, collector_id, start, cut, position) VALUES (?1, ?2, ?3, ?3, ?3)
       ON CONFLICT (destination_id, collector_id) WHERE replay IS NULL DO UPDATE SET ended = 0`,
    );
    this.#endOthers = query(
      db,
      `UPDATE deliveries SET ended = 1 WHERE destination_id = ? AND replay IS NULL
       AND collector_id NOT IN (SELECT value FROM json_each(?))`,
    );
    this.#isThere = query(
      db,
      "SELECT delivery FROM deliveries WHERE destination_id = ? AND collector_id = ? AND replay IS NULL",
    );
    this.#goneBefore = query(
      db,
      `SELECT done_us / 3600000000 AS hour, sum(inserted - held) AS events FROM files
       WHERE source IN (SELECT source FROM sources WHERE collector_id = ?) AND first_seq > ? AND held < inserted GROUP BY 1`,
    );
    const ofCollector =
      "FROM files WHERE source IN (SELECT source FROM sources WHERE collector_id = ?) AND last_seq IS NOT NULL";
    this.#first = query(db, `SELECT min(first_seq) - 1 AS seq ${ofCollector} AND held > 0`);
    this.#last = query(db, `SELECT max(last_seq) AS seq ${ofCollector}`);
    this.#cut = query(db, "UPDATE deliveries SET cut = ?1 WHERE delivery = ?2 AND cut = ?3 AND ended = 0");
    this.#insert = query(
      db,
      `INSERT INTO delivery_batches
         (delivery, after_seq, up_to_seq, only_seqs, batch_id, events, bytes, sha256, hours, attempts, cut_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#batches = query(db, "SELECT * FROM delivery_batches WHERE delivery = ? ORDER BY number");
    this.#batch = query(db, "SELECT * FROM delivery_batches WHERE number = ?");
    this.#fail = query(
      db,
      "UPDATE delivery_batches SET attempts = attempts + 1, error = ?, next_at = ? WHERE number = ?",
    );
    this.#drop = query(db, "DELETE FROM delivery_batches WHERE number = ?");
    this.#keep = query(
      db,
      "UPDATE delivery_batches SET only_seqs = ?, events = ?, hours = ?, next_at = NULL WHERE number = ?",
    );
    this.#advance = query(
      db,
      `UPDATE deliveries SET position = coalesce(
         (SELECT min(after_seq) FROM delivery_batches b WHERE b.delivery = deliveries.delivery), cut) WHERE delivery = ?`,
    );
    this.#bury = query(
      db,
      `INSERT INTO dead_letters (delivery, seq, key, event_id, type, hour, reason, answer, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#receipts = new Receipts(db);
  }

  open(destinationId: string, collectorIds: readonly string[], from: "start" | "now"): readonly Delivery[] {
    this.#endOthers.run(destinationId, JSON.stringify(collectorIds));
    for (const collectorId of collectorIds) {
      const last = this.#last.get(collectorId)?.seq ?? 0;
      const start = from === "now" ? last : (this.#first.get(collectorId)?.seq ?? last);
      const before = this.#isThere.get(destinationId, collectorId);
      this.#open.run(destinationId, collectorId, start);
      if (before === undefined)
        this.#noteGone(this.#isThere.get(destinationId, collectorId)!.delivery, collectorId, start);
    }
    return this.of(destinationId);
  }

  /** Events behind the start that were removed before it began: they were collected, so the sums have to have them. */
  #noteGone(delivery: number, collectorId: string, start: number): void {
    const gone = this.#goneBefore.all(collectorId, start).map(({ hour, events }) => [hour, events]);
    this.#receipts.add(delivery, "withdrawn", Object.fromEntries(gone));
  }

  of(destinationId: string): readonly Delivery[] {
    return this.#ofDestination.all(destinationId).map(toDelivery);
  }

  batches(delivery: number): readonly OpenBatch[] {
    return this.#batches.all(delivery).map(toBatch);
  }

  recordCut({ deliveryId, from, upTo, filtered, batch }: Cut): boolean {
    if (this.#cut.run(upTo, deliveryId, from).changes === 0) return false;
    if (batch) this.#record(deliveryId, batch, undefined, 0);
    this.#receipts.add(deliveryId, "filtered", filtered);
    this.#advance.run(deliveryId);
    return true;
  }

  fail(number: number, error: Omit<RecordedError, "since" | "count">, nextAt: string): void {
    const row = this.#batch.get(number);
    if (row) this.#fail.run(writeError(row.error, error), nextAt, number);
  }

  settle({ number, delivered, dead, withdrawn, left, at }: Settlement): void {
    const row = this.#batch.get(number);
    if (row === undefined) return;
    this.#receipts.add(row.delivery, "delivered", delivered);
    this.#receipts.add(row.delivery, "withdrawn", withdrawn);
    for (const letter of dead) this.#buryOne(row.delivery, letter, at);
    if (left.length === 0) this.#drop.run(number);
    else
      this.#keep.run(
        JSON.stringify(left),
        left.length,
        JSON.stringify(restOf(row, delivered, dead, withdrawn)),
        number,
      );
    this.#advance.run(row.delivery);
  }

  /** `seqs` are the events of the batch, in order, and the hours in which they were taken in. */
  halve(number: number, seqs: readonly { readonly seq: number; readonly hour: number }[]): boolean {
    const row = this.#batch.get(number);
    if (row === undefined || seqs.length < 2) return false;
    const middle = Math.ceil(seqs.length / 2);
    this.#drop.run(number);
    for (const [place, half] of [seqs.slice(0, middle), seqs.slice(middle)].entries()) {
      const hours: Record<number, number> = {};
      for (const { hour } of half) hours[hour] = (hours[hour] ?? 0) + 1;
      const batch = {
        after: row.after_seq,
        upTo: row.up_to_seq,
        batchId: `${row.batch_id}-${place + 1}`,
        events: half.length,
        bytes: Math.round((row.bytes * half.length) / seqs.length),
        sha256: "",
        hours,
        cutAt: row.cut_at,
      };
      this.#record(
        row.delivery,
        batch,
        half.map(({ seq }) => seq),
        row.attempts,
      );
    }
    return true;
  }

  #record(delivery: number, batch: NewBatch, only: readonly number[] | undefined, attempts: number): void {
    const { after, upTo, batchId, events, bytes, sha256, hours, cutAt } = batch;
    const seqs = only === undefined ? null : JSON.stringify(only);
    const facts = [batchId, events, bytes, sha256, JSON.stringify(hours), attempts, cutAt];
    this.#insert.run(delivery, after, upTo, seqs, ...facts);
  }

  #buryOne(delivery: number, letter: NewDeadLetter, at: string): void {
    const { seq, key, eventId, type, hour, reason, answer } = letter;
    const { changes } = this.#bury.run(delivery, seq, key, eventId, type, hour, reason, answer, at);
    if (changes > 0) this.#receipts.add(delivery, "dead", { [hour]: 1 });
  }
}

/** What the batch's hours still hold once these are settled. */
function restOf(row: BatchRow, delivered: object, dead: readonly NewDeadLetter[], withdrawn: object): object {
  const rest: Record<string, number> = { ...(JSON.parse(row.hours) as Record<string, number>) };
  for (const settled of [delivered, withdrawn] as Record<string, number>[])
    for (const [hour, count] of Object.entries(settled)) rest[hour] = (rest[hour] ?? 0) - count;
  for (const { hour } of dead) rest[hour] = (rest[hour] ?? 0) - 1;
  return Object.fromEntries(Object.entries(rest).filter(([, count]) => count > 0));
}
