import { UNKNOWN_EVENT_TYPE } from "../event-types.ts";
import { MINUTE_MS } from "../instants.ts";
import { type EventFamily, envelope, momentsOf, type World } from "./family.ts";

/** A type that upstream might bring one day: nobody knows its fields. Silent unless `unknownEventType` is on. */
export function forecastFamily(world: World): EventFamily {
  const family: EventFamily = {
    scope: "workspace",
    type: UNKNOWN_EVENT_TYPE,
    reachMs: 10 * MINUTE_MS,
    plan: (cell) =>
      momentsOf(world, cell, "forecast", 0.01)
        .filter(({ atUs }) => world.quirksAt(atUs).unknownEventType)
        .map((moment) => ({
          id: moment.id,
          atUs: moment.atUs,
          write: () => ({
            ...envelope(world, family, moment, { type: "SYSTEM", id: "forecaster" }),
            forecast: { horizon_days: 7, seats: moment.random.between(40, 90), confidence: 0.8 },
          }),
        })),
  };
  return family;
}
