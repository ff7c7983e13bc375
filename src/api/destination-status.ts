// Where each destination stands: what the engine says, and what the store counts.
import type { z } from "zod";
import type { DeliveryState } from "../model/delivery.ts";
import type { DeliveryActivity } from "../model/delivery-plan.ts";
import type { InstalledDestination } from "../model/destinations.ts";
import type { ApiDeps } from "./deps.ts";
import type { DestinationSchema, DestinationStatus } from "./destination-schemas.ts";

type Status = z.infer<typeof DestinationStatus>;

/** Every destination as the API shows it. */
export async function shownDestinations(deps: ApiDeps): Promise<readonly z.infer<typeof DestinationSchema>[]> {
  const { deliveries, deliveryReader: reader } = deps;
  const [activity, states, letters] = await Promise.all([
    deliveries.activity(),
    reader.deliveryStates(),
    reader.waitingLetters(),
  ]);
  return deps.destinations.destinations().map((destination) => shown(deps, destination, { activity, states, letters }));
}

interface Found {
  readonly activity: readonly DeliveryActivity[];
  readonly states: readonly DeliveryState[];
  readonly letters: ReadonlyMap<string, number>;
}

function shown(deps: ApiDeps, destination: InstalledDestination, { activity, states, letters }: Found) {
  const live = states.filter(({ destinationId, replay }) => destinationId === destination.id && replay === undefined);
  const own = activity.find(({ destinationId }) => destinationId === destination.id);
  const { filter, masking } = destination;
  return {
    ...destination,
    ...(filter && { filter }),
    ...(masking && { masking }),
    secrets: deps.destinations.destinationSecrets(destination.id),
    status: { ...statusOf(deps, destination, own, live), deadLetters: letters.get(destination.id) ?? 0 },
  };
}

function statusOf(
  { control }: ApiDeps,
  { paused }: InstalledDestination,
  activity: DeliveryActivity | undefined,
  live: readonly DeliveryState[],
): Omit<Status, "deadLetters"> {
  const names = new Map(control.collectors().map(({ id, name }) => [id, name]));
  const sum = (of: (state: DeliveryState) => number) => live.reduce((total, state) => total + of(state), 0);
  const pendingOf = ({ behind, inBatches }: DeliveryState) => behind + inBatches;
  const oldest = live.flatMap(({ oldestAt }) => oldestAt ?? []).sort()[0];
  return {
    ...(activity ? told(activity) : { phase: paused ? "paused" : "starting", circuit: "closed", ...quiet }),
    pending: sum(pendingOf),
    oldestPendingAt: oldest,
    delivered: sum(({ delivered }) => delivered),
    filtered: sum(({ filtered }) => filtered),
    withdrawn: sum(({ withdrawn }) => withdrawn),
    collectors: live.map((state) => ({
      id: state.collectorId,
      name: names.get(state.collectorId) ?? state.collectorId,
      pending: pendingOf(state),
      oldestPendingAt: state.oldestAt,
    })),
  };
}

const quiet = { eventsPerSecond: 0, bytesPerSecond: 0, answers: [] } as const;

function told(activity: DeliveryActivity) {
  const { phase, problem, circuit, nextAttemptAt, eventsPerSecond, bytesPerSecond, latencyP95Ms, answers } = activity;
  return { phase, problem, circuit, nextAttemptAt, eventsPerSecond, bytesPerSecond, latencyP95Ms, answers };
}
