import type { Collector } from "../model/collector.ts";
import type { DestinationChange, DestinationControl, InstalledDestination } from "../model/destinations.ts";
import type { ConfiguredDestination } from "./configuration.ts";
import { nameKey } from "./names.ts";

/** The part of the destinations that a file needs. */
export type FileDestinationStore = Pick<DestinationControl, "destinations" | "createDestination"> & {
  updateDestinationFromFile(
    id: string,
    change: DestinationChange & Partial<Pick<InstalledDestination, "managedBy" | "kind">>,
    secrets: Readonly<Record<string, string>>,
  ): InstalledDestination;
};

/**
 * Brings the destinations in line with the file, by name. One of the console with a name of the file becomes the file's, keeping its positions;
 * one that has left the file is paused and managed in the console. Applying twice changes nothing.
 */
export function applyDestinations(
  store: FileDestinationStore,
  wanted: readonly ConfiguredDestination[],
  collectors: readonly Collector[],
): void {
  const ids = new Map(collectors.map(({ id, name }) => [nameKey(name), id]));
  for (const one of wanted) {
    const { collectors: names, secrets, paused, ...facts } = one;
    const existing = store.destinations().find(({ name }) => nameKey(name) === nameKey(one.name));
    const kept = existing?.managedBy === "file" ? existing.paused : false;
    const collectorIds = names?.flatMap((name) => ids.get(nameKey(name)) ?? []);
    const whole = { ...facts, collectorIds, paused: paused ?? kept, managedBy: "file" } as const;
    if (existing) store.updateDestinationFromFile(existing.id, whole, secrets);
    else store.createDestination(whole, secrets);
  }
  const names = new Set(wanted.map(({ name }) => nameKey(name)));
  for (const { id, name, managedBy } of store.destinations())
    if (managedBy === "file" && !names.has(nameKey(name)))
      store.updateDestinationFromFile(id, { managedBy: "console", paused: true }, {});
}
