// What waits at each destination, what it has taken, and how it stands.
import { Counter, Gauge, type Registry } from "prom-client";
import type { ApiDeps } from "./deps.ts";
import { deliveryPhases } from "./destination-schemas.ts";
import { shownDestinations } from "./destination-status.ts";

const labelNames = ["destination", "kind"];

/** Live delivery, replays apart. What has been delivered is counted in the store, so that a restart loses no count. */
export async function addDeliveries(registry: Registry, deps: ApiDeps): Promise<void> {
  const registers = [registry];
  const gauge = (name: string, help: string, names: readonly string[] = labelNames) =>
    new Gauge({ name: `cistern_delivery_${name}`, help, labelNames: [...names], registers });
  const pending = gauge("pending_events", "Events collected and not yet settled at the destination");
  const oldest = gauge(
    "oldest_pending_seconds",
    "Age of the oldest event that waits for the destination; 0: none does",
  );
  const letters = gauge("dead_letters", "Events that the destination refuses and that wait for a person");
  const phases = gauge("phase", "1 for what delivery is doing", [...labelNames, "phase"]);
  const delivered = new Counter({
    name: "cistern_delivery_delivered_events_total",
    help: "Events that the destination has taken",
    labelNames,
    registers,
  });
  for (const { name, kind, status } of await shownDestinations(deps)) {
    const labels = { destination: name, kind };
    pending.set(labels, status.pending);
    oldest.set(labels, ageSeconds(status.oldestPendingAt, deps.now()));
    letters.set(labels, status.deadLetters);
    delivered.inc(labels, status.delivered);
    for (const phase of deliveryPhases) phases.set({ ...labels, phase }, status.phase === phase ? 1 : 0);
  }
}

const ageSeconds = (at: string | undefined, now: Date) =>
  at === undefined ? 0 : Math.max(0, (now.getTime() - Date.parse(at)) / 1_000);
