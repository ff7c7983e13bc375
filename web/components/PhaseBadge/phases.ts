import type { DeliveryPhase, Destination, DestinationStatus, Health } from "../../api-types.ts";
import { plural } from "../../format/numbers.ts";
import { duration } from "../../format/times.ts";
import type { Tone } from "../StateBadge/states.ts";

interface Phase {
  readonly word: string;
  readonly tone: Tone;
  /** Of which state it has the shape. */
  readonly shape: Health;
}

/** Word, tone and shape of each phase of delivery. */
export const phases: Readonly<Record<DeliveryPhase, Phase>> = {
  idle: { word: "Up to date", tone: "good", shape: "idle" },
  delivering: { word: "Delivering", tone: "good", shape: "running" },
  waiting: { word: "Filling a batch", tone: "good", shape: "running" },
  starting: { word: "Starting", tone: "quiet", shape: "starting" },
  paused: { word: "Paused", tone: "quiet", shape: "paused" },
  retrying: { word: "Retrying", tone: "warn", shape: "degraded" },
  halted: { word: "Halted", tone: "bad", shape: "failed" },
  unusable: { word: "Not usable", tone: "bad", shape: "failed" },
};

type Told = Pick<DestinationStatus, "phase" | "pending" | "oldestPendingAt" | "deadLetters">;

/** What the phase means here, while nothing is wrong: `Everything that was collected is delivered.` */
export function phaseSentence({ phase, pending }: Pick<Told, "phase" | "pending">): string {
  if (phase === "paused") return "Nothing is sent; what comes in is kept for it.";
  if (phase === "starting") return "Delivery begins.";
  if (phase === "waiting") return "The next batch is sent when it is full or old enough.";
  if (phase === "idle" && pending === 0) return "Everything that was collected is delivered.";
  return pending === 0 ? "The last events are on their way." : `${plural(pending, "event")} to go.`;
}

/** The line of a destination's page: `1,204 events pending, the oldest for 12 min. 3 dead letters wait for you.` */
export function deliveryHeadline({ phase, pending, oldestPendingAt, deadLetters }: Told, now: number): string {
  const waits = oldestPendingAt === undefined ? 0 : Math.max(0, (now - Date.parse(oldestPendingAt)) / 1_000);
  const ahead =
    pending === 0
      ? phaseSentence({ phase, pending })
      : `${plural(pending, "event")} pending${oldestPendingAt === undefined ? "" : `, the oldest for ${duration(waits)}`}.`;
  return deadLetters === 0
    ? ahead
    : `${ahead} ${plural(deadLetters, "dead letter")} ${deadLetters === 1 ? "waits" : "wait"} for you.`;
}

/** A problem is worth a frame; a pause that somebody chose is not. */
export const isTroubled = ({ status: { phase, problem } }: Pick<Destination, "status">): boolean =>
  problem !== undefined || phases[phase].tone === "bad";
