// Dead letters that a person wants to be sent again, one by one.
import type { DeadLetter, DeliveryStore } from "../../model/delivery.ts";
import type { Sender, Sent } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import type { Logger } from "../../model/log.ts";
import type { Shape } from "../../model/outgoing.ts";
import type { StoreReader } from "../../model/store.ts";
import { send } from "./attempt.ts";
import { batchIdOf, toBatch } from "./batches.ts";

export interface LetterParts {
  readonly store: DeliveryStore;
  readonly log: Pick<StoreReader, "eventsBySeq">;
  readonly sender: Sender;
  readonly shape: Shape;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly logger: Logger;
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
  const sent = await send(parts, toBatch(batchIdOf([shaped.key]), letter.collectorId, [shaped]));
  if (sent instanceof CollectorError && sent.code !== "rejected") return sent;
  if (!(sent instanceof CollectorError) && (sent.again?.length ?? 0) > 0)
    return new CollectorError("rate_limited", "The event was put off", { reason: "throttled" });
  await store.settleLetter(letter.id, outcomeOf(sent), at());
  return undefined;
}

function outcomeOf(sent: Sent | CollectorError) {
  if (sent instanceof CollectorError) return { reason: sent.reason ?? sent.code, answer: sent.message };
  return sent.refused?.[0] ?? ("delivered" as const);
}
