// The checks between a form and a collector: settings, secrets, data sources, and collectors that reach the same.
import type { z } from "zod";
import type { CollectorPlan } from "../model/collector.ts";
import type { Connector } from "../model/connector.ts";
import type { ApiDeps } from "./deps.ts";
import { invalidInput, Refusal } from "./errors.ts";
import { addressChanged, connectorOf, draftSettings, secretNamesOf, splitSecrets } from "./plans.ts";

/** Where secrets may be taken from that the form does not carry. */
export interface SecretOwner {
  readonly collectorId?: string | undefined;
  readonly draftId?: string | undefined;
}

export interface GivenSettings {
  readonly connector: Connector;
  /** Without the secret ones, as they are kept. */
  readonly settings: Record<string, unknown>;
  readonly secrets: Record<string, string>;
  /** All of it, read by the connector's schema. */
  readonly parsed: unknown;
}

/** Reads a form's settings. Secrets that it does not carry come from the collector or draft, if the address is the same. */
export function readSettings(
  deps: ApiDeps,
  connectorName: string,
  given: Readonly<Record<string, unknown>>,
  owner: SecretOwner,
): GivenSettings {
  const connector = connectorOf(deps.connectors, connectorName);
  const { settings, secrets } = splitSecrets(connector, given);
  const stored = storedSettings(deps, connector, owner);
  const missing = Object.keys(stored.secrets).filter((name) => secrets[name] === undefined);
  if (missing.length > 0 && addressChanged(connector, stored.settings, settings))
    throw new Refusal("secret_needed", `The address changed, so the stored ${missing.join(", ")} is not sent there`, {
      action: "Enter it again for the new address.",
      fields: Object.fromEntries(missing.map((name) => [name, "Enter it again: the address changed"])),
    });
  for (const name of missing) secrets[name] = stored.secrets[name]!;
  return { connector, settings, secrets, parsed: parseSettings(connector, { ...settings, ...secrets }) };
}

/** The settings by the connector's schema, or `invalid` with a sentence for each field. */
export function parseSettings(connector: Connector, settings: Readonly<Record<string, unknown>>): unknown {
  const result = connector.settings.safeParse(settings);
  if (result.success) return result.data;
  throw invalidInput(result.error);
}

/** What is wrong with settings whose secrets may still be missing. */
export function checkOpenSettings(
  connector: Connector,
  settings: Readonly<Record<string, unknown>>,
  secrets: Readonly<Record<string, string>>,
) {
  const result = connector.settings.safeParse({ ...settings, ...secrets });
  if (result.success) return;
  const hidden = secretNamesOf(connector);
  const isOpen = ({ path: [name] }: z.core.$ZodIssue) =>
    typeof name === "string" && hidden.has(name) && secrets[name] === undefined;
  const issues = result.error.issues.filter((issue) => !isOpen(issue));
  if (issues.length > 0) throw invalidInput({ ...result.error, issues } as z.ZodError);
}

function storedSettings({ control }: ApiDeps, connector: Connector, { collectorId, draftId }: SecretOwner) {
  const owner = draftId !== undefined ? { draftId } : collectorId !== undefined ? { collectorId } : undefined;
  if (owner === undefined) return { settings: {}, secrets: {} };
  const own = "draftId" in owner ? control.draft(owner.draftId) : control.collector(owner.collectorId);
  if (own === undefined) throw new Refusal("not_found", "There is no such collector or draft");
  if (own.connector !== connector.name)
    throw new Refusal("invalid", `It is of the connector ${own.connector}, not ${connector.name}`);
  const whole = control.settingsWithSecrets(owner);
  return splitSecrets(connector, "draftId" in owner ? draftSettings(connector, whole) : whole);
}

/** Refused where a name cannot be a data source, or two names mean the same. */
export function checkDataSources(connector: Connector, names: readonly string[]) {
  const byType = new Map<string, string>();
  for (const name of names) {
    const source = connector.resolve(name);
    if (source === undefined)
      throw refuseSource("unknown_data_source", `${connector.title} has no data source ${name}`);
    const same = byType.get(source.upstreamType);
    if (same !== undefined)
      throw refuseSource("duplicate_data_source", `${name} and ${same} are the same data source of ${connector.title}`);
    byType.set(source.upstreamType, name);
  }
}

const refuseSource = (code: "unknown_data_source" | "duplicate_data_source", message: string) =>
  new Refusal(code, message, { fields: { dataSources: message } });

/** Collectors other than `except` that already collect one of these data sources of the same workspace, one sentence each. */
export function sameTargets(
  plans: readonly CollectorPlan[],
  wanted: {
    readonly connector: Connector;
    readonly parsed: unknown;
    readonly dataSources: readonly string[];
    readonly except?: string | undefined;
  },
): readonly { readonly name: string; readonly dataSources: readonly string[] }[] {
  const { connector, parsed, dataSources, except } = wanted;
  const reach = (settings: unknown, name: string) =>
    JSON.stringify([connector.target(settings, name), connector.resolve(name)?.upstreamType]);
  const targets = new Map(dataSources.map((name) => [reach(parsed, name), name]));
  return plans
    .filter(({ collector, settings }) => collector.connector === connector.name && collector.id !== except && settings)
    .map(({ collector, settings }) => ({
      name: collector.name,
      dataSources: collector.dataSources.filter((name) => targets.has(reach(settings, name))),
    }))
    .filter((other) => other.dataSources.length > 0);
}

/** The warnings for such collectors; refused with `same_target` unless they were accepted. */
export function warnOfSameTargets(others: ReturnType<typeof sameTargets>, accepted: boolean): string[] {
  const warnings = others.map(
    ({ name, dataSources }) => `${name} already collects ${dataSources.join(", ")} from there`,
  );
  if (warnings.length === 0 || accepted) return warnings;
  throw new Refusal("same_target", `${warnings.join("; ")}: every event would be stored twice`, {
    action: "Choose other data sources, or install it all the same.",
    extra: { collectors: others.map(({ name }) => name) },
  });
}
