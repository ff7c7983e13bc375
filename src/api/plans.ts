import type { Connector } from "../model/connector.ts";
import { CollectorError } from "../model/errors.ts";
import { secretFields, settingFields } from "../model/settings-fields.ts";
import type { ApiDeps } from "./deps.ts";
import { Refusal } from "./errors.ts";

/** The connector of that name, or a refusal. */
export function connectorOf(connectors: readonly Connector[], name: string): Connector {
  const connector = connectors.find((one) => one.name === name);
  if (connector === undefined) throw new Refusal("unknown_connector", `There is no connector ${name}`);
  return connector;
}

/** Reads stored settings by their connector's schema; for `Control.plans`. */
export const settingsParser =
  (connectors: readonly Connector[]) =>
  (name: string, settings: unknown): unknown => {
    const connector = connectors.find((one) => one.name === name);
    if (connector !== undefined) return connector.settings.parse(settings);
    throw new CollectorError("config_invalid", `This version has no connector ${name}`, {
      reason: "unknown_connector",
      action: "Start the version of Cistern that has it, or remove the collector.",
    });
  };

export const plansOf = (deps: Pick<ApiDeps, "control" | "connectors">) =>
  deps.control.plans(settingsParser(deps.connectors));

/** Tells the engine what there now is to collect. */
export const applyPlans = (deps: Pick<ApiDeps, "control" | "connectors" | "engine">): Promise<void> =>
  deps.engine.apply(plansOf(deps));

/** Settings as a form sends them, the secret ones apart. Empty texts count as not given. */
export function splitSecrets(connector: Connector, given: Readonly<Record<string, unknown>>) {
  const secretNames = new Set(secretFields(connector.settings));
  const settings: Record<string, unknown> = {};
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === "") continue;
    if (!secretNames.has(name)) settings[name] = value;
    else if (typeof value === "string") secrets[name] = value.trim();
    else throw new Refusal("invalid", `Not valid: ${name}`, { fields: { [name]: "Expected a text" } });
  }
  return { settings, secrets };
}

/**
 * Whether the settings lead to another address than before. Then no stored secret may go there: whoever can edit an address
 * could otherwise have the secret sent to it.
 */
export function addressChanged(
  connector: Connector,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): boolean {
  const addresses = settingFields(connector.settings).filter(({ kind }) => kind === "url");
  return addresses.some(({ name, default: standard }) => {
    const address = (settings: Readonly<Record<string, unknown>>) => String(settings[name] || standard || "");
    return address(before).replace(/\/+$/, "") !== address(after).replace(/\/+$/, "");
  });
}

/** The names in the settings that hold secrets, a draft's wizard fields included. */
export function secretNamesOf(connector: Connector): ReadonlySet<string> {
  const wizard = wizardFields(connector).filter(({ kind }) => kind === "secret");
  return new Set([...secretFields(connector.settings), ...wizard.map(({ name }) => name)]);
}

/**
 * The settings within a draft: those of its form, which stand under `settings`, then what the wizard's fields fill in, then
 * secrets by their own name.
 */
export function draftSettings(connector: Connector, draft: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const form = typeof draft.settings === "object" && draft.settings !== null ? draft.settings : {};
  const keep = (name: string, value: unknown) => {
    if (value !== undefined && value !== null && value !== "") found[name] ??= value;
  };
  const fields = settingFields(connector.settings);
  for (const { name } of fields) keep(name, (form as Record<string, unknown>)[name]);
  for (const { name, fills } of wizardFields(connector)) if (fills !== undefined) keep(fills, draft[name]);
  for (const { name, kind } of fields) if (kind === "secret") keep(name, draft[name]);
  return found;
}

const wizardFields = (connector: Connector) => connector.guide?.steps.flatMap(({ fields }) => fields) ?? [];
