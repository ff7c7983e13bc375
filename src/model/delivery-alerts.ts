// What is alarmed of about destinations: pure, as the rest of the decisions.
import type { AlertProblem } from "./alerts.ts";
import type { DeliveryActivity } from "./delivery-plan.ts";
import { spokenDuration } from "./duration.ts";

/** Events that wait for so long while none is taken are more than a hiccup. */
const STUCK_MS = 15 * 60_000;

/** A destination as alerts see it. */
export interface AlertDestination {
  readonly id: string;
  readonly name: string;
  /** Undefined: the engine has not said anything of it yet. */
  readonly activity: DeliveryActivity | undefined;
  /** Events that wait. */
  readonly pending: number;
  /** When the oldest of them was taken in. */
  readonly oldestAt: string | undefined;
}

/**
 * Problems of destinations, at most one each: it halts, or has taken nothing for 15 minutes although events wait. `startedAt` is when this
 * process began: what it has not seen yet it does not count.
 */
export function deliveryProblemsOf(
  destinations: readonly AlertDestination[],
  { now, startedAt }: { readonly now: Date; readonly startedAt: Date },
): readonly AlertProblem[] {
  return destinations.flatMap((one) => {
    const phase = one.activity?.phase;
    if (phase === "halted" || phase === "unusable") return haltedOf(one);
    const sinceMs = stuckSince(one, startedAt);
    return sinceMs !== undefined && now.getTime() - sinceMs >= STUCK_MS ? stuckOf(one, now.getTime() - sinceMs) : [];
  });
}

/** Since when nothing is taken although something is tried; undefined: it is not so. */
function stuckSince({ activity, pending, oldestAt }: AlertDestination, startedAt: Date): number | undefined {
  if (pending === 0 || oldestAt === undefined || activity === undefined) return undefined;
  if (activity.phase !== "retrying" && activity.phase !== "delivering") return undefined;
  const taken = activity.answers.find(
    ({ outcome }) => outcome === "taken" || outcome === "partly" || outcome === "refused",
  );
  return Math.max(Date.parse(oldestAt), startedAt.getTime(), taken === undefined ? 0 : Date.parse(taken.at));
}

const common = ({ id, name }: AlertDestination) => ({
  key: `delivery/${id}`,
  rule: "delivery" as const,
  collectorId: undefined,
  collector: undefined,
  dataSources: [],
  destinationId: id,
  destination: name,
});

// The reason is a word of ours: what the destination said may quote anything, and stays in the console.
function haltedOf(one: AlertDestination): AlertProblem {
  const { problem } = one.activity!;
  const word = problem?.reason ?? problem?.code ?? "config_invalid";
  return {
    ...common(one),
    severity: "critical",
    cause: word,
    state: "failed",
    reason: `${one.name} takes no events until somebody acts (${word}); the backlog is kept`,
    action: problem?.action ?? "Look at the destination's page in the console",
    fingerprint: `critical/${word}`,
  };
}

function stuckOf(one: AlertDestination, forMs: number): AlertProblem {
  const { problem } = one.activity!;
  const word = problem?.reason ?? problem?.code ?? "no_answer";
  return {
    ...common(one),
    severity: "warning",
    cause: word,
    state: "degraded",
    reason: `${one.name} has taken no event for ${spokenDuration(forMs)} although some wait (${word}); the backlog is kept`,
    action: problem?.action ?? "Look at the destination's page in the console, and whether the service answers",
    // A service that is away is told in many words: they are one problem.
    fingerprint: "warning/stuck",
  };
}
