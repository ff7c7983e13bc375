// Dead letters that a person wants to be sent again, one by one.
import type { DeadLetter, DeliveryStore } from "../../model/delivery.ts";
import type { Sender } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import type { Shape } from "../../model/outgoing.ts";
import type { StoreReader } from "../../model/store.ts";
import { batchIdOf, toBatch } from "./batches.ts";

export interface LetterParts {
  readonly store: DeliveryStore;
  readonly log: Pick<StoreReader, "eventsBySeq">;
  readonly sender: Sender;
  readonly shape: Shape;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** Sends a letter again. Returns the error where the destination as a whole does not take anything: the letter waits on. */
export async function sendAgain(parts: LetterParts, letter: DeadLetter): Promise<CollectorError | undefined> {
  const { store, now } = parts;
  const at = () => now().toISOString();
  const [stored] = await parts.log.eventsBySeq([letter.seq]);
  const shaped = stored && parts.shape(stored);
  if (stored === undefined || shaped === undefined) {
    await store.settleLetter(letter.id, { reason: "gone", answer: "The event is no longer stored" }, at());
    return undefined;
  }
  if (typeof shaped === "string") {
    await store.settleLetter(
      letter.id,
      { reason: shaped, answer: "Filter or masks of the destination keep it back" },
      at(),
    );
    return undefined;
  }
  try {
    const sent = await parts.sender.send(toBatch(batchIdOf([shaped.key]), letter.collectorId, [shaped]), parts.signal);
    const refusal = sent.refused?.[0];
    if (sent.again !== undefined && sent.again.length > 0)
      return new CollectorError("rate_limited", "The event was put off", { reason: "throttled" });
    await store.settleLetter(letter.id, refusal ?? "delivered", at());
    return undefined;
  } catch (error) {
    parts.signal.throwIfAborted();
    if (!(error instanceof CollectorError) || error.code === "storage") throw error;
    if (error.code !== "rejected") return error;
    await store.settleLetter(letter.id, { reason: error.reason ?? error.code, answer: error.message }, at());
    return undefined;
  }
}
