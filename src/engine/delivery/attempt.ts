// One attempt to send a recorded batch, and what it settles.
import type { Delivery, DeliveryStore, NewDeadLetter, OpenBatch } from "../../model/delivery.ts";
import type { RecentAnswer } from "../../model/delivery-plan.ts";
import type { Sender, Sent } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import type { Logger } from "../../model/log.ts";
import type { Batch, OutgoingEvent } from "../../model/outgoing.ts";
import { countByHour, hourOf, type Loaded, letterOf, toBatch } from "./batches.ts";

/** Longest that one batch may take. */
const LIMIT_MS = 10 * 60_000;

export interface AttemptParts {
  readonly store: DeliveryStore;
  readonly sender: Sender;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
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
  readonly counts: Counts;
}

/** Events that the other side has taken, and such as it never will. */
interface Counts {
  readonly taken: number;
  readonly refused: number;
}

const NOTHING: Counts = { taken: 0, refused: 0 };

/** Sends what is left of a batch. Resolves once the outcome is recorded; rejects with the signal's reason, or with an error of the store. */
export async function attempt(
  parts: AttemptParts,
  { delivery, batch, loaded }: { readonly delivery: Delivery; readonly batch: OpenBatch; readonly loaded: Loaded },
): Promise<Attempted> {
  const { events } = loaded;
  if (events.length === 0) {
    await settle(parts, batch, loaded, {});
    return { verdict: { kind: "went_on" }, answer: undefined, counts: NOTHING };
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
  const sent = await send(parts, toBatch(batch.batchId, delivery.collectorId, events));
  if (sent instanceof CollectorError) return await afterError(parts, { batch, loaded, error: sent, told });
  const counts = await settle(parts, batch, loaded, sent);
  return { ...judged(sent, told), counts };
}

/** What the other side made of it, or why it made nothing of it. Rejects only with the signal's reason. */
export async function send(
  { sender, signal, logger }: Pick<AttemptParts, "sender" | "signal" | "logger">,
  batch: Batch,
): Promise<Sent | CollectorError> {
  try {
    return await sender.send(batch, AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CollectorError) return error;
    if (error instanceof Error && error.name === "TimeoutError") return tooSlow();
    // Clients are other people's code: what one of them throws must not end the process, nor lose the batch.
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    logger.error({ error: message, stack }, "a destination failed in a way that it does not know");
    return new CollectorError("unavailable", "The destination failed in a way that it does not know", {
      reason: "unexpected",
      action: "If it stays, look at the log and report it",
      cause: error,
    });
  }
}

const tooSlow = () =>
  new CollectorError("unavailable", "The destination did not answer within ten minutes", {
    reason: "answer_timeout",
    action: "If it stays, check the service and what stands between",
  });

function judged(
  sent: Sent,
  told: (outcome: RecentAnswer["outcome"], detail: string | undefined) => RecentAnswer,
): Pick<Attempted, "verdict" | "answer"> {
  const refused = sent.refused?.length ?? 0;
  const again = sent.again?.length ?? 0;
  const detail = sent.refused?.[0]?.answer ?? sent.warning;
  const answer = told(refused + again > 0 ? "partly" : "taken", detail);
  if (again === 0) return { verdict: { kind: "went_on" }, answer };
  const error = new CollectorError("rate_limited", `${again} events of a batch were put off`, { reason: "throttled" });
  return { verdict: { kind: "failed", error }, answer };
}

async function settle({ store, now }: AttemptParts, batch: OpenBatch, loaded: Loaded, sent: Sent): Promise<Counts> {
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
  return { taken: delivered.length, refused: refused.size };
}

interface Failure {
  readonly batch: OpenBatch;
  readonly loaded: Loaded;
  readonly error: CollectorError;
  readonly told: (outcome: RecentAnswer["outcome"], detail: string | undefined) => RecentAnswer;
}

async function afterError(parts: AttemptParts, { batch, loaded, error, told }: Failure): Promise<Attempted> {
  if (error.code === "auth_failed" || error.code === "config_invalid")
    return { verdict: { kind: "halted", error }, answer: told("halt", error.message), counts: NOTHING };
  if (error.code !== "rejected")
    return { verdict: { kind: "failed", error }, answer: told("retry", error.message), counts: NOTHING };
  const counts = await isolate(parts, batch, loaded, error);
  return { verdict: { kind: "went_on" }, answer: told("refused", error.message), counts };
}

/** A refused batch is halved until the event at fault is alone; that one is a dead letter. */
async function isolate(parts: AttemptParts, batch: OpenBatch, loaded: Loaded, error: CollectorError): Promise<Counts> {
  const { events, impossible, withdrawn } = loaded;
  const seqs = events.map(({ view }) => ({ seq: view.stored.seq, hour: hourOf(view.stored) }));
  if (events.length === 1) {
    const refusal = { index: 0, reason: error.reason ?? error.code, answer: error.message };
    return await settle(parts, batch, loaded, { refused: [refusal] });
  }
  // What can never be sent is settled first: the halves hold only what was sent.
  if (impossible.length > 0 || Object.keys(withdrawn).length > 0)
    await settle(parts, batch, loaded, { again: [...events.keys()] });
  await parts.store.halve(batch.number, seqs);
  return NOTHING;
}
