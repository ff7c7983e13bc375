import type { Refusal, SenderContext, Sent } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { type HecCollector, type HecLine, noAcknowledgement } from "./hec-collector.ts";
import { hecObject } from "./hec-event.ts";
import type { HecSettings } from "./hec-settings.ts";

const FIRST_POLL_MS = 1_000;
const SLOWEST_POLL_MS = 10_000;
/** In one delivery; what is left then has its turn in the next one. */
const MOST_ACCUSED = 20;

export interface HecDelivery {
  readonly context: SenderContext<HecSettings>;
  readonly collector: HecCollector;
  /** How long acknowledgements are waited for, in milliseconds. */
  readonly acknowledgementMs: number;
}

/** Places in the list of events. */
type Places = readonly number[];

/**
 * Delivers in requests no larger than the settings allow. An event that Splunk points at goes alone, and is refused when it is refused
 * alone: versions count differently, and an innocent one must not become a dead letter. The others are sent again, because whether those
 * ahead of it were taken is not told.
 */
export async function deliverToHec(
  events: readonly OutgoingEvent[],
  delivery: HecDelivery,
  signal: AbortSignal,
): Promise<Sent> {
  const { context, collector } = delivery;
  const line = collector.line();
  const objects = events.map((event) => hecObject(event, context.settings));
  const { requests, tooLarge } = cut(objects, context.settings.max_bytes);
  const refused: Refusal[] = tooLarge.map((index) => tooLargeRefusal(index, context.settings.max_bytes));
  const acks: number[] = [];
  let accused = 0;
  for (let places = requests.shift(); places; places = requests.shift()) {
    const verdict = await line.post(
      places.map((place) => objects[place]!),
      signal,
    );
    if (verdict.taken) {
      if (context.settings.acknowledgement) acks.push(verdict.ackId ?? fail(noAcknowledgement(collector.host)));
    } else if (places.length === 1) {
      refused.push({ index: places[0]!, reason: "malformed", answer: verdict.answer });
    } else {
      requests.unshift(...partsOf(places, verdict.at, verdict.answer));
      if (++accused === MOST_ACCUSED) break;
    }
  }
  await untilIndexed(acks, line, delivery, signal);
  return { refused, again: requests.flat().sort((one, other) => one - other) };
}

/** Consecutive places whose objects fit into one request; what fits into none is told apart. */
function cut(objects: readonly string[], maxBytes: number) {
  const requests: number[][] = [];
  const tooLarge: number[] = [];
  let room = 0;
  for (const [place, object] of objects.entries()) {
    const bytes = Buffer.byteLength(object) + 1;
    if (bytes > maxBytes) tooLarge.push(place);
    else if (bytes <= room) {
      requests.at(-1)!.push(place);
      room -= bytes;
    } else {
      requests.push([place]);
      room = maxBytes - bytes;
    }
  }
  return { requests: requests as Places[], tooLarge };
}

function partsOf(places: Places, at: number | undefined, answer: string): readonly Places[] {
  if (at !== undefined) return [[places[at]!], places.filter((_, index) => index !== at)];
  throw new CollectorError("rejected", `Splunk refuses one of ${places.length} events: ${answer}`, {
    reason: "malformed",
    action: "Look at the dead letter",
  });
}

async function untilIndexed(
  ids: readonly number[],
  line: HecLine,
  { context, collector, acknowledgementMs }: HecDelivery,
  signal: AbortSignal,
): Promise<void> {
  const open = new Set(ids);
  const until = context.monotonicMs() + acknowledgementMs;
  for (let wait = FIRST_POLL_MS; open.size > 0; wait = Math.min(wait * 2, SLOWEST_POLL_MS)) {
    if (context.monotonicMs() >= until) {
      collector.giveUp(line);
      throw notIndexed(collector.host, open.size, acknowledgementMs);
    }
    await context.sleep(wait, signal);
    signal.throwIfAborted();
    for (const id of await acknowledgedAmong([...open], line, signal)) open.delete(id);
  }
}

// An indexer that is busy, or a connection that broke off, is no reason to send again what may already be written.
async function acknowledgedAmong(ids: readonly number[], line: HecLine, signal: AbortSignal) {
  try {
    return await line.acknowledged(ids, signal);
  } catch (error) {
    if (error instanceof CollectorError && (error.code === "unavailable" || error.code === "rate_limited")) return [];
    throw error;
  }
}

const notIndexed = (host: string, count: number, waitedMs: number) =>
  new CollectorError(
    "unavailable",
    `${host} took the events, but ${count === 1 ? "an acknowledgement" : `${count} acknowledgements`} did not come within ${Math.round(waitedMs / 1_000)} seconds`,
    {
      reason: "not_acknowledged",
      action: "If it stays, look at the indexers, and whether the load balancer keeps a caller at one of them",
    },
  );

const tooLargeRefusal = (index: number, maxBytes: number): Refusal => ({
  index,
  reason: "too_large",
  answer: `Larger than one request may be: ${maxBytes} bytes`,
});

function fail(error: CollectorError): never {
  throw error;
}
