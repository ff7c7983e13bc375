// One attempt to send a recorded batch, and what it settles.
import type { Delivery, DeliveryStore, NewDeadLetter, OpenBatch } from "../../model/delivery.ts";
import type { RecentAnswer } from "../../model/delivery-plan.ts";
import type { Sender, Sent } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { countByHour, hourOf, type Loaded, letterOf, toBatch } from "./batches.ts";

/** Longest that one batch may take. */
const LIMIT_MS = 10 * 60_000;

export interface AttemptParts {
  readonly store: DeliveryStore;
  readonly sender: Sender;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly signal: AbortSignal;
}

/** What the loop does next: go on, wait, or stop until a person acts. */
export type Verdict =
  | { readonly kind: "went_on" }
  | { readonly kind: "failed"; readonly error: CollectorError }
  | { readonly kind: "halted"; readonly error: CollectorError };

export interface Attempted {
  readonly verdict: Verdict;
  /** Undefined where nothing was sent. */
  readonly answer: RecentAnswer | undefined;
}

/** Sends what is left of a batch. Resolves once the outcome is durable; rejects with the signal's reason, or with an error of the store. */
export async function attempt(
  parts: AttemptParts,
  { delivery, batch, loaded }: { readonly delivery: Delivery; readonly batch: OpenBatch; readonly loaded: Loaded },
): Promise<Attempted> {
  const { events } = loaded;
  if (events.length === 0) {
    await settle(parts, batch, loaded, {});
    return { verdict: { kind: "went_on" }, answer: undefined };
  }
  const startedMs = parts.monotonicMs();
  const told = (outcome: RecentAnswer["outcome"], detail: string | undefined): RecentAnswer => ({
    at: parts.now().toISOString(),
    durationMs: Math.round(parts.monotonicMs() - startedMs),
    events: events.length,
    bytes: events.reduce((sum, { bytes }) => sum + bytes, 0),
    outcome,
    detail,
  });
  try {
    const limited = AbortSignal.any([parts.signal, AbortSignal.timeout(LIMIT_MS)]);
    const sent = await parts.sender.send(toBatch(batch.batchId, delivery.collectorId, events), limited);
    await settle(parts, batch, loaded, sent);
    return judged(sent, told);
  } catch (error) {
    parts.signal.throwIfAborted();
    if (!(error instanceof CollectorError)) throw error;
    if (error.code === "storage") throw error;
    return await afterError(parts, { batch, loaded, error, told });
  }
}

function judged(
  sent: Sent,
  told: (outcome: RecentAnswer["outcome"], detail: string | undefined) => RecentAnswer,
): Attempted {
  const refused = sent.refused?.length ?? 0;
  const again = sent.again?.length ?? 0;
  const detail = sent.refused?.[0]?.answer ?? sent.warning;
  const answer = told(refused + again > 0 ? "partly" : "taken", detail);
  if (again === 0) return { verdict: { kind: "went_on" }, answer };
  const error = new CollectorError("rate_limited", `${again} events of a batch were put off`, { reason: "throttled" });
  return { verdict: { kind: "failed", error }, answer };
}

async function settle({ store, now }: AttemptParts, batch: OpenBatch, loaded: Loaded, sent: Sent): Promise<void> {
  const { events, impossible, withdrawn } = loaded;
  const refused = new Map((sent.refused ?? []).map((refusal) => [refusal.index, refusal]));
  const again = new Set(sent.again ?? []);
  const dead: NewDeadLetter[] = [...impossible];
  const delivered: OutgoingEvent[] = [];
  const left: number[] = [];
  for (const [index, event] of events.entries()) {
    const refusal = refused.get(index);
    if (refusal) dead.push(letterOf(event.view.stored, refusal.reason, refusal.answer));
    else if (again.has(index)) left.push(event.view.stored.seq);
    else delivered.push(event);
  }
  const byHour = countByHour(delivered.map(({ view }) => hourOf(view.stored)));
  await store.settle({ number: batch.number, delivered: byHour, dead, withdrawn, left, at: now().toISOString() });
}

interface Failure {
  readonly batch: OpenBatch;
  readonly loaded: Loaded;
  readonly error: CollectorError;
  readonly told: (outcome: RecentAnswer["outcome"], detail: string | undefined) => RecentAnswer;
}

async function afterError(parts: AttemptParts, { batch, loaded, error, told }: Failure): Promise<Attempted> {
  if (error.code === "auth_failed" || error.code === "config_invalid")
    return { verdict: { kind: "halted", error }, answer: told("halt", error.message) };
  if (error.code !== "rejected") return { verdict: { kind: "failed", error }, answer: told("retry", error.message) };
  await isolate(parts, batch, loaded, error);
  return { verdict: { kind: "went_on" }, answer: told("refused", error.message) };
}

/** A refused batch is halved until the event at fault is alone; that one is a dead letter. */
async function isolate(parts: AttemptParts, batch: OpenBatch, loaded: Loaded, error: CollectorError): Promise<void> {
  const { events, impossible, withdrawn } = loaded;
  const seqs = events.map(({ view }) => ({ seq: view.stored.seq, hour: hourOf(view.stored) }));
  if (events.length === 1) {
    const index = 0;
    await settle(parts, batch, loaded, {
      refused: [{ index, reason: error.reason ?? error.code, answer: error.message }],
    });
    return;
  }
  // What can never be sent is settled first: the halves hold only what was sent.
  if (impossible.length > 0 || Object.keys(withdrawn).length > 0)
    await settle(parts, batch, loaded, { again: [...events.keys()] });
  await parts.store.halve(batch.number, seqs);
}
