import type { Collector, CollectorPlan, Site } from "../model/collector.ts";
import { CollectorError } from "../model/errors.ts";
import { allCollectors } from "./collectors.ts";
import type { Database } from "./database.ts";
import type { HeldSecretKey } from "./secret-key.ts";
import { openSecrets } from "./secret-rows.ts";
import { allSites } from "./sites.ts";

type Parse = (connector: string, settings: unknown) => unknown;

/** Every collector with its secrets in place; where they cannot be had the plan says why and the rest goes on. */
export function plansOf(db: Database, key: HeldSecretKey, parse: Parse): readonly CollectorPlan[] {
  const sites = new Map(allSites(db).map((site) => [site.id, site]));
  return allCollectors(db).map((collector) => ({
    collector,
    site: siteOf(sites, collector),
    ...settingsOf(db, key, collector, parse),
  }));
}

const siteOf = (sites: ReadonlyMap<string, Site>, { siteId }: Collector) =>
  siteId === undefined ? undefined : sites.get(siteId);

const settingsOf = (db: Database, key: HeldSecretKey, { id, connector, settings }: Collector, parse: Parse) =>
  openedSettings(
    () => ({ ...settings, ...openSecrets(db, key.require, id) }),
    (whole) => parse(connector, whole),
  );

/** Settings with their secrets, parsed; or why they cannot be had. */
export function openedSettings(
  open: () => Record<string, unknown>,
  parse: (settings: Record<string, unknown>) => unknown,
): Pick<CollectorPlan, "settings" | "settingsError"> {
  let whole: Record<string, unknown>;
  try {
    whole = open();
  } catch (error) {
    return { settings: undefined, settingsError: unopened(error) };
  }
  try {
    return { settings: parse(whole), settingsError: undefined };
  } catch (error) {
    return { settings: undefined, settingsError: unparsed(error, whole) };
  }
}

type SettingsError = NonNullable<CollectorPlan["settingsError"]>;

function unopened(error: unknown): SettingsError {
  if (error instanceof CollectorError && error.code === "rejected")
    return { reason: error.reason!, message: error.message, action: error.action ?? "" };
  return {
    reason: "secret_unreadable",
    message: "A stored secret cannot be opened: its row in control.db was changed",
    action: "Enter the secret again.",
  };
}

// Only names of settings go into the sentence, never what a schema says of a value.
function unparsed(error: unknown, settings: Readonly<Record<string, unknown>>): SettingsError {
  if (error instanceof CollectorError)
    return { reason: error.reason ?? error.code, message: error.message, action: error.action ?? "" };
  const names = issuesOf(error).map(({ path }) => String(path[0] ?? ""));
  if (names.length === 0) throw error;
  const missing = names.filter((name) => settings[name] === undefined);
  if (missing.length > 0)
    return {
      reason: "setting_missing",
      message: `Not set: ${[...new Set(missing)].join(", ")}`,
      action: "Edit the settings and enter it.",
    };
  return {
    reason: "setting_invalid",
    message: `Not valid: ${[...new Set(names)].join(", ")}`,
    action: "Edit the settings and correct it.",
  };
}

const issuesOf = (error: unknown): readonly { readonly path: readonly unknown[] }[] =>
  error instanceof Error && "issues" in error && Array.isArray(error.issues) ? error.issues : [];
