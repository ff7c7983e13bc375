// Rows of deliveries as the model has them.
import type { ByHour, DeadLetter, DeadLetterState, Delivery, OpenBatch, Replay } from "../../model/delivery.ts";
import { readError } from "./sources.ts";

export interface DeliveryRow {
  readonly delivery: number;
  readonly destination_id: string;
  readonly collector_id: string;
  readonly replay: number | null;
  readonly start: number;
  readonly cut: number;
  readonly position: number;
  readonly end: number | null;
  readonly data_source: string | null;
  readonly from_us: number | null;
  readonly to_us: number | null;
}

/** Select for DeliveryRow; goes on with WHERE. */
export const SELECT_DELIVERIES = `SELECT d.*, r.data_source, r.from_us, r.to_us FROM deliveries d LEFT JOIN replays r USING (replay)`;

export const toDelivery = (row: DeliveryRow): Delivery => ({
  id: row.delivery,
  destinationId: row.destination_id,
  collectorId: row.collector_id,
  replay: row.replay ?? undefined,
  start: row.start,
  cut: row.cut,
  position: row.position,
  end: row.end ?? undefined,
  dataSource: row.data_source ?? undefined,
  fromUs: row.from_us ?? undefined,
  toUs: row.to_us ?? undefined,
});

export interface BatchRow {
  readonly number: number;
  readonly delivery: number;
  readonly after_seq: number;
  readonly up_to_seq: number;
  readonly only_seqs: string | null;
  readonly batch_id: string;
  readonly events: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly hours: string;
  readonly attempts: number;
  readonly next_at: string | null;
  readonly error: string | null;
  readonly cut_at: string;
}

export const toBatch = (row: BatchRow): OpenBatch => ({
  number: row.number,
  deliveryId: row.delivery,
  after: row.after_seq,
  upTo: row.up_to_seq,
  only: row.only_seqs === null ? undefined : (JSON.parse(row.only_seqs) as number[]),
  batchId: row.batch_id,
  events: row.events,
  bytes: row.bytes,
  sha256: row.sha256,
  hours: JSON.parse(row.hours) as ByHour,
  attempts: row.attempts,
  nextAt: row.next_at ?? undefined,
  error: readError(row.error),
  cutAt: row.cut_at,
});

export interface LetterRow {
  readonly id: number;
  readonly delivery: number;
  readonly destination_id: string;
  readonly collector_id: string;
  readonly seq: number;
  readonly key: string;
  readonly event_id: string;
  readonly type: string;
  readonly hour: number;
  readonly reason: string;
  readonly answer: string;
  readonly at: string;
  readonly attempts: number;
  readonly state: DeadLetterState;
  readonly by: string | null;
}

/** Select for LetterRow; goes on with WHERE. */
export const SELECT_LETTERS = `SELECT l.*, d.destination_id, d.collector_id FROM dead_letters l JOIN deliveries d USING (delivery)`;

export const toLetter = (row: LetterRow): DeadLetter => ({
  id: row.id,
  deliveryId: row.delivery,
  destinationId: row.destination_id,
  collectorId: row.collector_id,
  seq: row.seq,
  key: row.key,
  eventId: row.event_id,
  type: row.type,
  hour: row.hour,
  reason: row.reason,
  answer: row.answer,
  at: row.at,
  attempts: row.attempts,
  state: row.state,
  by: row.by ?? undefined,
});

export interface ReplayRow {
  readonly replay: number;
  readonly destination_id: string;
  readonly collectors: string | null;
  readonly data_source: string | null;
  readonly from_us: number | null;
  readonly to_us: number | null;
  readonly events: number;
  readonly requested_at: string;
  readonly requested_by: string;
  readonly state: Replay["state"];
  readonly ended_at: string | null;
  readonly delivered: number;
  readonly filtered: number;
  readonly dead: number;
}

export const toReplay = (row: ReplayRow): Replay => ({
  id: row.replay,
  destinationId: row.destination_id,
  collectorIds: JSON.parse(row.collectors ?? "[]") as string[],
  dataSource: row.data_source ?? undefined,
  fromUs: row.from_us ?? undefined,
  toUs: row.to_us ?? undefined,
  events: row.events,
  at: row.requested_at,
  by: row.requested_by,
  state: row.state,
  endedAt: row.ended_at ?? undefined,
  delivered: row.delivered,
  filtered: row.filtered,
  dead: row.dead,
});

/** How many in all hours. */
export const sumOf = (byHour: ByHour): number => Object.values(byHour).reduce((sum, count) => sum + count, 0);
