import type { Collector } from "../model/collector.ts";
import type { Connector } from "../model/connector.ts";
import type { Control, NewCollector } from "../model/control.ts";
import { CollectorError } from "../model/errors.ts";
import { changedFixedFields } from "../model/settings-fields.ts";
import type { Configuration, ConfiguredCollector } from "./configuration.ts";
import { nameKey } from "./names.ts";

/** What came of a configuration file: names of collectors. */
export interface Applied {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  /** No longer in the file: paused, kept with all events, and from now on managed in the console. */
  readonly released: readonly string[];
}

/** The part of `Control` that a file needs; its changes also touch who manages a collector. */
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
  updateFromFile(id: string, change: Change): Collector;
};

type Change = Partial<Omit<NewCollector, "connector">>;

/**
 * Brings sites and collectors in line with the file, by name. Sites are only ever added. A collector of the console with a name
 * of the file becomes the file's, keeping its id and events, if it is of the same connector; otherwise it gives up its name.
 * Whoever paused a collector in the console finds it paused, unless the file says otherwise. Applying twice changes nothing.
 * A collector that would read another workspace than before is refused with `config_invalid`, reason `target_changed`, before
 * anything is changed.
 */
export function applyConfiguration(
  control: FileControl,
  configuration: Configuration,
  connectors: readonly Connector[],
): Applied {
  for (const collector of configuration.collectors)
    refuseOtherTarget(control, configuration.file, collector, connectors);
  const siteIds = ensureSites(control, configuration);
  const applied = { created: [] as string[], updated: [] as string[], released: [] as string[] };
  for (const collector of configuration.collectors) {
    const existing = findByName(control, collector.name);
    if (existing && existing.connector === collector.connector) {
      if (update(control, existing, collector, siteIds)) applied.updated.push(collector.name);
      continue;
    }
    if (existing) control.updateFromFile(existing.id, { name: freeName(control, existing.name), ...released });
    control.createCollector(recordOf(collector, siteIds, undefined), collector.secrets);
    applied.created.push(collector.name);
  }
  const names = new Set(configuration.collectors.map(({ name }) => nameKey(name)));
  for (const { id, name, managedBy } of control.collectors()) {
    if (managedBy !== "file" || names.has(nameKey(name))) continue;
    control.updateFromFile(id, released);
    applied.released.push(name);
  }
  return applied;
}

const released = { paused: true, managedBy: "console" } as const;

const findByName = (control: FileControl, name: string) =>
  control.collectors().find((collector) => nameKey(collector.name) === nameKey(name));

function refuseOtherTarget(
  control: FileControl,
  file: string,
  wanted: ConfiguredCollector,
  connectors: readonly Connector[],
) {
  const existing = findByName(control, wanted.name);
  const connector = connectors.find(({ name }) => name === wanted.connector);
  if (existing?.connector !== wanted.connector || connector === undefined) return;
  const changed = changedFixedFields(connector.settings, existing.settings, wanted.settings);
  if (changed.length === 0) return;
  const names = changed.map(({ name }) => name).join(" and ");
  throw new CollectorError("config_invalid", `${file}: ${names} of the collector ${existing.name} cannot be changed`, {
    reason: "target_changed",
    action: `Put back the earlier ${names}, or give the collector another name in the file: then it is a new one.`,
  });
}

function ensureSites(control: FileControl, { sites }: Configuration): ReadonlyMap<string, string> {
  const known = new Map(control.sites().map(({ name, id }) => [nameKey(name), id]));
  for (const { name } of sites) if (!known.has(nameKey(name))) known.set(nameKey(name), control.createSite(name).id);
  return known;
}

function recordOf(
  collector: ConfiguredCollector,
  siteIds: ReadonlyMap<string, string>,
  existing: Collector | undefined,
): NewCollector {
  const { site, secrets: _, ...rest } = collector;
  const kept = existing?.managedBy === "file" ? existing.paused : false;
  return {
    ...rest,
    siteId: site === undefined ? undefined : siteIds.get(nameKey(site)),
    paused: collector.paused ?? kept,
    pausedDataSources: existing?.pausedDataSources.filter((name) => collector.dataSources.includes(name)) ?? [],
    managedBy: "file",
  };
}

/** Whether anything had to be changed. */
function update(
  control: FileControl,
  existing: Collector,
  wanted: ConfiguredCollector,
  siteIds: ReadonlyMap<string, string>,
): boolean {
  const { connector: _, ...change } = recordOf(wanted, siteIds, existing);
  const differs = Object.entries(change).some(
    ([key, value]) => canonical(value) !== canonical(existing[key as keyof Collector]),
  );
  if (differs) control.updateFromFile(existing.id, change);
  return updateSecrets(control, existing.id, wanted.secrets) || differs;
}

/** A secret is written again only where it changed, so that "when it was set" stays true. */
function updateSecrets(control: FileControl, collectorId: string, wanted: Readonly<Record<string, string>>): boolean {
  const stored = storedSettings(control, collectorId);
  if (stored === undefined) return false;
  const changed = Object.entries(wanted).filter(([name, value]) => stored[name] !== value);
  for (const [name, value] of changed) control.setSecret(collectorId, name, value);
  const gone = control.secrets(collectorId).filter(({ name }) => !Object.hasOwn(wanted, name));
  for (const { name } of gone) control.clearSecret(collectorId, name);
  return changed.length + gone.length > 0;
}

// Without the data folder's key the server starts all the same, and the collector's health says what is missing.
function storedSettings(control: FileControl, collectorId: string): Record<string, unknown> | undefined {
  try {
    return control.settingsWithSecrets({ collectorId });
  } catch (error) {
    if (error instanceof CollectorError && error.code === "rejected") return undefined;
    throw error;
  }
}

/** A collector of another connector keeps its events under another name. */
function freeName(control: FileControl, name: string): string {
  const taken = new Set(control.collectors().map((collector) => nameKey(collector.name)));
  for (let number = 2; ; number++) if (!taken.has(nameKey(`${name} (${number})`))) return `${name} (${number})`;
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? "";
