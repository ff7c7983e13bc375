// Batches: cut from the log, recorded, and put together again for each attempt.
import { createHash } from "node:crypto";
import type { ByHour, Delivery, DeliveryStore, NewDeadLetter, OpenBatch } from "../../model/delivery.ts";
import { eventKey, type StoredEvent } from "../../model/event.ts";
import type { Batch, OutgoingEvent, Shape } from "../../model/outgoing.ts";
import type { StoreReader } from "../../model/store.ts";

/** Rows read at once: the store gives up to 32 MB of them. */
const PAGE = 2_000;
const HOUR_MS = 3_600_000;

export interface BatchParts {
  readonly store: DeliveryStore;
  readonly log: Pick<StoreReader, "readLog" | "lastSeq" | "eventsBySeq">;
  readonly shape: Shape;
  readonly limits: { readonly events: number; readonly bytes: number; readonly eventBytes: number };
  readonly maxAgeMs: number;
  readonly now: () => Date;
}

/** Events ready to be sent, and those of the batch that cannot be. */
export interface Loaded {
  readonly events: readonly OutgoingEvent[];
  /** Can never be sent: too large, or not to be masked. */
  readonly impossible: readonly NewDeadLetter[];
  /** Were in the batch when it was cut, and are not there or not wanted any more. */
  readonly withdrawn: ByHour;
}

export type CutResult =
  | { readonly kind: "batch"; readonly batch: OpenBatch; readonly loaded: Loaded }
  | { readonly kind: "moved" } // only events that the filter keeps back
  | { readonly kind: "wait"; readonly ms: number } // for a batch to fill up
  | { readonly kind: "end" }; // nothing more in the log, for now or for good

/** Cuts the next batch of a delivery and records it. */
export async function cutNext(parts: BatchParts, delivery: Delivery): Promise<CutResult> {
  const { log, store, now } = parts;
  const last = delivery.end ?? (await log.lastSeq(delivery.collectorId));
  if (last <= delivery.cut) return { kind: "end" };
  const taken = take(parts, await page(parts, delivery, last), last);
  const age = ageOf(taken.events, now());
  if (!taken.full && taken.events.length > 0 && age < parts.maxAgeMs && delivery.replay === undefined)
    return { kind: "wait", ms: parts.maxAgeMs - age };
  const batch =
    taken.events.length === 0 && taken.impossible.length === 0 ? undefined : recordOf(delivery, taken, now());
  const cut = { deliveryId: delivery.id, from: delivery.cut, upTo: taken.upTo, filtered: taken.filtered, batch };
  if (!(await store.recordCut(cut)) || batch === undefined) return { kind: "moved" };
  const open = (await store.openBatches(delivery.id)).findLast(({ batchId }) => batchId === batch.batchId);
  if (open === undefined) return { kind: "moved" };
  return { kind: "batch", batch: open, loaded: { events: taken.events, impossible: taken.impossible, withdrawn: {} } };
}

interface Page {
  readonly events: readonly StoredEvent[];
  readonly next: number | undefined;
}

function page({ log, limits }: BatchParts, delivery: Delivery, last: number): Promise<Page> {
  const { collectorId, cut: after, dataSource, fromUs, toUs } = delivery;
  const limit = Math.min(PAGE, Math.max(100, limits.events));
  return log.readLog({ collectorId, after, upTo: last, dataSource, fromUs, toUs, limit });
}

interface Taken {
  readonly events: readonly OutgoingEvent[];
  readonly impossible: readonly NewDeadLetter[];
  readonly filtered: ByHour;
  readonly upTo: number;
  /** There was more than fits. */
  readonly full: boolean;
}

function take({ shape, limits }: BatchParts, { events, next }: Page, last: number): Taken {
  const taken: OutgoingEvent[] = [];
  const impossible: NewDeadLetter[] = [];
  const filtered: Record<number, number> = {};
  let bytes = 0;
  for (const [place, stored] of events.entries()) {
    const shaped = shape(stored);
    const size = typeof shaped === "string" ? 0 : shaped.bytes;
    const isFull = taken.length >= limits.events || (taken.length > 0 && bytes + size > limits.bytes);
    if (isFull) return { events: taken, impossible, filtered, upTo: events[place - 1]!.seq, full: true };
    if (shaped === "kept_back") filtered[hourOf(stored)] = (filtered[hourOf(stored)] ?? 0) + 1;
    else {
      const obstacle = obstacleOf(shaped, limits.eventBytes);
      if (obstacle !== undefined) impossible.push(letterOf(stored, obstacle.reason, obstacle.answer));
      else {
        taken.push(shaped as OutgoingEvent);
        bytes += size;
      }
    }
  }
  return { events: taken, impossible, filtered, upTo: next ?? last, full: next !== undefined };
}

function obstacleOf(shaped: OutgoingEvent | "unmaskable", eventBytes: number) {
  if (shaped === "unmaskable")
    return {
      reason: "unmaskable",
      answer: "Fields are to be masked and the line cannot be read as JSON: it was not sent",
    };
  if (shaped.bytes <= eventBytes) return undefined;
  return {
    reason: "too_large",
    answer: `The event has ${shaped.bytes} bytes, and ${eventBytes} are the most that may be sent`,
  };
}

export const letterOf = (stored: StoredEvent, reason: string, answer: string): NewDeadLetter => ({
  seq: stored.seq,
  key: eventKey(stored),
  eventId: stored.eventId,
  type: stored.type,
  hour: hourOf(stored),
  reason,
  answer: answer.slice(0, 2_000),
});

function recordOf(delivery: Delivery, { events, impossible, upTo }: Taken, now: Date) {
  return {
    after: delivery.cut,
    upTo,
    batchId: batchIdOf(events.length > 0 ? events.map(({ key }) => key) : impossible.map(({ key }) => key)),
    events: events.length + impossible.length,
    bytes: events.reduce((sum, { bytes }) => sum + bytes, 0),
    sha256: bodiesHash(events),
    hours: countByHour([...events.map(({ view }) => hourOf(view.stored)), ...impossible.map(({ hour }) => hour)]),
    cutAt: now.toISOString(),
  };
}

/** The events of a recorded batch as they are to be sent now. */
export async function load(parts: BatchParts, delivery: Delivery, batch: OpenBatch): Promise<Loaded> {
  const stored = batch.only ? await parts.log.eventsBySeq(batch.only) : await between(parts, delivery, batch);
  const events: OutgoingEvent[] = [];
  const impossible: NewDeadLetter[] = [];
  for (const one of stored) {
    const shaped = parts.shape(one);
    if (shaped === "kept_back") continue;
    const obstacle = obstacleOf(shaped, parts.limits.eventBytes);
    if (obstacle) impossible.push(letterOf(one, obstacle.reason, obstacle.answer));
    else events.push(shaped as OutgoingEvent);
  }
  const here = countByHour([...events.map(({ view }) => hourOf(view.stored)), ...impossible.map(({ hour }) => hour)]);
  return { events, impossible, withdrawn: difference(batch.hours, here) };
}

async function between(
  { log }: BatchParts,
  delivery: Delivery,
  { after, upTo }: OpenBatch,
): Promise<readonly StoredEvent[]> {
  const { collectorId, dataSource, fromUs, toUs } = delivery;
  const found: StoredEvent[] = [];
  for (let position: number | undefined = after; position !== undefined && position < upTo; ) {
    const { events, next } = await log.readLog({
      collectorId,
      after: position,
      upTo,
      dataSource,
      fromUs,
      toUs,
      limit: PAGE,
    });
    found.push(...events);
    position = next;
  }
  return found;
}

export function toBatch(batchId: string, collectorId: string, events: readonly OutgoingEvent[]): Batch {
  const seqs = events.map(({ view }) => view.stored.seq);
  return { id: batchId, collectorId, firstSeq: seqs[0]!, lastSeq: seqs.at(-1)!, events };
}

/** 32 hex digits over the keys, in order. */
export const batchIdOf = (keys: readonly string[]): string =>
  createHash("sha256").update(keys.join("\n")).digest("hex").slice(0, 32);

/** Over everything that is sent: whether a repeat is the same bytes. */
export function bodiesHash(events: readonly OutgoingEvent[]): string {
  const hash = createHash("sha256");
  for (const { body } of events) hash.update(body).update("\n");
  return hash.digest("hex");
}

/** Hours since 1970 in which an event was taken in. */
export const hourOf = ({ ingestedAt }: StoredEvent): number => Math.floor(Date.parse(ingestedAt) / HOUR_MS);

export function countByHour(hours: readonly number[]): ByHour {
  const counts: Record<number, number> = {};
  for (const hour of hours) counts[hour] = (counts[hour] ?? 0) + 1;
  return counts;
}

function difference(all: ByHour, some: ByHour): ByHour {
  const left = Object.entries(all).map(([hour, count]) => [hour, count - (some[Number(hour)] ?? 0)] as const);
  return Object.fromEntries(left.filter(([, count]) => count > 0));
}

function ageOf(events: readonly OutgoingEvent[], now: Date): number {
  const first = events[0]?.view.stored.ingestedAt;
  return first === undefined ? 0 : Math.max(0, now.getTime() - Date.parse(first));
}
