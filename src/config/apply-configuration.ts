import type { Collector } from "../model/collector.ts";
import type { Control, NewCollector } from "../model/control.ts";
import type { Configuration, ConfiguredCollector } from "./configuration.ts";

/** What came of a configuration file: names of collectors. */
export interface Applied {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  /** No longer in the file: paused, kept with all events, and from now on managed in the console. */
  readonly released: readonly string[];
}

/** The part of `Control` that a file needs; the changes it makes also touch who manages a collector. */
export type FileControl = Pick<
  Control,
  | "sites"
  | "createSite"
  | "collectors"
  | "createCollector"
  | "setSecret"
  | "clearSecret"
  | "secrets"
  | "settingsWithSecrets"
> & {
  /** Like `updateCollector`, and allowed on collectors that a file manages. */
  updateFromFile(id: string, change: Partial<Omit<NewCollector, "connector">>): Collector;
};

/**
 * Brings sites and collectors in line with the file, by name. Sites are only ever added. A collector of the console with a name
 * of the file becomes the file's, keeping its id and events, if it is of the same connector. Applying twice changes nothing.
 */
export function applyConfiguration(control: FileControl, configuration: Configuration): Applied {
  const siteIds = ensureSites(control, configuration);
  const applied = { created: [] as string[], updated: [] as string[], released: [] as string[] };
  for (const collector of configuration.collectors) {
    const wanted = recordOf(collector, siteIds);
    const existing = control.collectors().find(({ name }) => name === collector.name);
    if (existing && existing.connector === collector.connector) {
      if (update(control, existing, wanted, collector.secrets)) applied.updated.push(collector.name);
      continue;
    }
    if (existing) control.updateFromFile(existing.id, { name: freeName(control, existing), ...released });
    control.createCollector(wanted, collector.secrets);
    applied.created.push(collector.name);
  }
  const names = new Set(configuration.collectors.map(({ name }) => name));
  for (const { id, name, managedBy } of control.collectors()) {
    if (managedBy !== "file" || names.has(name)) continue;
    control.updateFromFile(id, released);
    applied.released.push(name);
  }
  return applied;
}

const released = { paused: true, managedBy: "console" } as const;

function ensureSites(control: FileControl, { sites }: Configuration): ReadonlyMap<string, string> {
  const known = new Map(control.sites().map(({ name, id }) => [name, id]));
  for (const { name } of sites) if (!known.has(name)) known.set(name, control.createSite(name).id);
  return known;
}

function recordOf(collector: ConfiguredCollector, siteIds: ReadonlyMap<string, string>): NewCollector {
  const { site, secrets: _, ...rest } = collector;
  const siteId = site === undefined ? undefined : siteIds.get(site);
  return { ...rest, siteId, pausedDataSources: [], managedBy: "file" };
}

/** Whether anything had to be changed. */
function update(
  control: FileControl,
  existing: Collector,
  wanted: NewCollector,
  secrets: Readonly<Record<string, string>>,
): boolean {
  const { connector: _, ...change } = wanted;
  const differs = Object.entries(change).some(
    ([key, value]) => canonical(value) !== canonical(existing[key as keyof Collector]),
  );
  if (differs) control.updateFromFile(existing.id, change);
  return updateSecrets(control, existing.id, secrets) || differs;
}

/** A secret is written again only where it changed, so that "when it was set" stays true. */
function updateSecrets(control: FileControl, collectorId: string, wanted: Readonly<Record<string, string>>): boolean {
  const stored = control.settingsWithSecrets({ collectorId });
  const changed = Object.entries(wanted).filter(([name, value]) => stored[name] !== value);
  for (const [name, value] of changed) control.setSecret(collectorId, name, value);
  const gone = control.secrets(collectorId).filter(({ name }) => !Object.hasOwn(wanted, name));
  for (const { name } of gone) control.clearSecret(collectorId, name);
  return changed.length + gone.length > 0;
}

/** A collector of another connector gives up its name to the file's and keeps its events under another. */
function freeName(control: FileControl, { name }: Collector): string {
  const taken = new Set(control.collectors().map((collector) => collector.name));
  for (let number = 2; ; number++) if (!taken.has(`${name} (${number})`)) return `${name} (${number})`;
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? "";
