import type { Refusal, Sent } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { refusalOf } from "./refusal.ts";

/** Groups that are under way at once. */
const AT_ONCE = 8;

interface Progress {
  readonly taken: Set<number>;
  readonly refused: Refusal[];
  /** What ended it before its end. */
  error: unknown;
}

/**
 * Delivers each event by itself; those of one group in their order. An event that is refused is told as such and the rest go on; anything
 * else ends it, and what was not taken by then is told as to come again. Throws where nothing was taken.
 */
export async function oneByOne(
  events: readonly OutgoingEvent[],
  signal: AbortSignal,
  deliver: (event: OutgoingEvent) => Promise<void>,
): Promise<Sent> {
  const groups = [...Map.groupBy(events.entries(), ([, { group }]) => group).values()];
  const progress: Progress = { taken: new Set(), refused: [], error: undefined };
  const lane = async () => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift())
      for (const [index, event] of group) await attempt(() => deliver(event), index, progress);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  if (progress.error !== undefined) signal.throwIfAborted();
  return toSent(progress, events.length);
}

async function attempt(deliver: () => Promise<void>, index: number, progress: Progress): Promise<void> {
  if (progress.error !== undefined) return;
  try {
    await deliver();
    progress.taken.add(index);
  } catch (error) {
    if (error instanceof CollectorError && error.code === "rejected") progress.refused.push(refusalOf(index, error));
    else progress.error ??= error;
  }
}

function toSent({ taken, refused, error }: Progress, count: number): Sent {
  const isPassing = error instanceof CollectorError;
  if (error !== undefined && (!isPassing || taken.size + refused.length === 0)) throw error;
  const done = new Set([...taken, ...refused.map(({ index }) => index)]);
  const again = Array.from({ length: count }, (_, index) => index).filter((index) => !done.has(index));
  return { refused: refused.toSorted((a, b) => a.index - b.index), again };
}
