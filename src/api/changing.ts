import type { Context } from "hono";
import type { z } from "zod";
import type { Collector } from "../model/collector.ts";
import type { Connector } from "../model/connector.ts";
import type { CollectorChange } from "../model/control.ts";
import { parseDuration } from "../model/duration.ts";
import { CollectorError } from "../model/errors.ts";
import { changedFixedFields } from "../model/settings-fields.ts";
import type { CollectorChangeBody } from "./collector-schemas.ts";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { Refusal } from "./errors.ts";
import { checkDataSources, checkOpenSettings, sameTargets, warnOfSameTargets } from "./installing.ts";
import { addressChanged, connectorOf, plansOf, splitSecrets } from "./plans.ts";
import { recordChange } from "./record.ts";

type Body = z.infer<typeof CollectorChangeBody>;

/** Makes a change of a collector, all of it or nothing. Returns what the person should know. */
export function changeCollector(deps: ApiDeps, c: Context<ApiEnv>, id: string, body: Body): string[] {
  const { control } = deps;
  const current = requireCollector(deps, id);
  const connector = connectorOf(deps.connectors, current.connector);
  if (body.dataSources) checkDataSources(connector, body.dataSources);
  const { change, secrets } = changeOf(connector, body);
  const cleared =
    change.settings && addressChanged(connector, current.settings, change.settings)
      ? control.secrets(id).filter(({ name }) => secrets[name] === undefined)
      : [];
  if (change.settings) {
    checkOpenSettings(connector, change.settings, { ...usableSecrets(deps, current, cleared), ...secrets });
    refuseOtherTarget(connector, current, change.settings);
  }
  return control.together(() => {
    for (const { name } of cleared) control.clearSecret(id, name);
    control.updateCollector(id, change);
    for (const [name, value] of Object.entries(secrets)) control.setSecret(id, name, value);
    const changed = [...Object.keys(change), ...Object.keys(secrets)];
    recordChange(deps, c, "collector.changed", id, { changed, secretsCleared: cleared.map(({ name }) => name) });
    const names = cleared.map(({ name }) => name).join(", ");
    const warning = `The address changed, so the stored ${names} was removed: enter it again`;
    return [...(names === "" ? [] : [warning]), ...sameTargetWarnings(deps, connector, id, body)];
  });
}

export function requireCollector({ control }: ApiDeps, id: string): Collector {
  const collector = control.collector(id);
  if (collector === undefined) throw new Refusal("not_found", `There is no collector ${id}`);
  return collector;
}

// The ledger and the position of its data sources belong to what was read before; files of another workspace would be taken
// for known ones or never be asked for.
function refuseOtherTarget(connector: Connector, { name, settings }: Collector, after: Collector["settings"]) {
  const changed = changedFixedFields(connector.settings, settings, after);
  if (changed.length === 0) return;
  const labels = changed.map(({ label }) => label).join(" and ");
  throw new Refusal("target_changed", `The ${labels} of ${name} cannot be changed once it is installed`, {
    action: "Duplicate the collector, or create a new one, and enter it there; this one keeps what it has collected.",
    fields: Object.fromEntries(changed.map((field) => [field.name, "Fixed since this collector was installed"])),
  });
}

// Thrown inside the transaction, so that a refusal undoes the change.
function sameTargetWarnings(deps: ApiDeps, connector: Connector, id: string, body: Body): string[] {
  if (!body.dataSources && !body.settings) return [];
  const plans = plansOf(deps);
  const own = plans.find(({ collector }) => collector.id === id);
  if (own?.settings === undefined) return [];
  const { dataSources } = own.collector;
  const others = sameTargets(plans, { connector, parsed: own.settings, dataSources, except: id });
  return warnOfSameTargets(others, body.acceptWarnings === true);
}

/** Settings that are given stand in place of all before, the secrets excepted. */
function changeOf(connector: Connector, body: Body) {
  const { settings: given, pollInterval, overlap, acceptWarnings: _, ...rest } = body;
  const nullsGone = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value ?? undefined]));
  const split = splitSecrets(connector, given ?? {});
  const change: CollectorChange = {
    ...nullsGone,
    ...(given && { settings: split.settings }),
    ...(pollInterval && { pollIntervalMs: parseDuration(pollInterval)! }),
    ...(overlap && { overlapMs: parseDuration(overlap)! }),
  };
  return { change, secrets: split.secrets };
}

function usableSecrets(deps: ApiDeps, { id, settings }: Collector, cleared: readonly { readonly name: string }[]) {
  try {
    const whole = deps.control.settingsWithSecrets({ collectorId: id });
    const names = Object.keys(whole).filter((name) => !(name in settings) && !cleared.some((one) => one.name === name));
    return Object.fromEntries(names.map((name) => [name, String(whole[name])]));
  } catch (error) {
    if (error instanceof CollectorError && error.code === "rejected") return {}; // the key is missing: nothing can be said of them
    throw error;
  }
}
