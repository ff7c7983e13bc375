import type { Refusal, Sent } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { refusalOf } from "./refusal.ts";

/** Groups that are under way at once. */
const AT_ONCE = 8;
/** After this long no further event is begun: a batch must not take for ever, and what was taken by then is to be kept. */
const PATIENCE_MS = 2 * 60_000;

export interface OneByOne {
  readonly monotonicMs: () => number;
  readonly signal: AbortSignal;
  deliver(event: OutgoingEvent): Promise<void>;
}

interface Progress {
  readonly taken: Set<number>;
  readonly refused: Refusal[];
  /** What ended it before its end. */
  error: unknown;
}

/**
 * Delivers each event by itself; those of one group in their order. An event that is refused is told as such and the rest go on; anything
 * else ends it, and so do two minutes: what was not taken by then is told as to come again. Throws where nothing was taken.
 */
export async function oneByOne(
  events: readonly OutgoingEvent[],
  { monotonicMs, signal, deliver }: OneByOne,
): Promise<Sent> {
  const endsMs = monotonicMs() + PATIENCE_MS;
  const groups = [...Map.groupBy(events.entries(), ([, { group }]) => group).values()];
  const progress: Progress = { taken: new Set(), refused: [], error: undefined };
  const lane = async () => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift())
      for (const [index, event] of group)
        if (progress.error === undefined && monotonicMs() < endsMs)
          await attempt(() => deliver(event), index, progress);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  if (progress.error !== undefined) signal.throwIfAborted();
  return toSent(progress, events.length);
}

async function attempt(deliver: () => Promise<void>, index: number, progress: Progress): Promise<void> {
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
