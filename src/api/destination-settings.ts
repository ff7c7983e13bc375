// The checks between a form and a destination.
import type { Destination } from "../model/destination.ts";
import { secretFields } from "../model/settings-fields.ts";
import type { ApiDeps } from "./deps.ts";
import { invalidInput, Refusal } from "./errors.ts";

export function kindOf({ destinationKinds }: ApiDeps, name: string): Destination {
  const kind = destinationKinds.find((one) => one.name === name);
  if (kind === undefined) throw new Refusal("unknown_destination", `There is no destination ${name}`);
  return kind;
}

export interface GivenSettings {
  readonly kind: Destination;
  /** Without the secret ones, as they are kept. */
  readonly settings: Record<string, unknown>;
  /** Null: what is stored is taken away. */
  readonly secrets: Record<string, string | null>;
}

/**
 * A form's settings, the secret ones apart, found right by the kind's schema together with the stored secrets of `destinationId` that are
 * not given: null takes one away. Where the address has changed a stored secret is not sent there: refused with `secret_needed`.
 */
export function readDestination(
  deps: ApiDeps,
  kindName: string,
  given: Readonly<Record<string, unknown>>,
  destinationId: string | undefined,
): GivenSettings & { readonly whole: Record<string, unknown> } {
  const kind = kindOf(deps, kindName);
  const { settings, secrets } = split(kind, given);
  const stored = destinationId === undefined ? {} : deps.destinations.destinationSettings(destinationId);
  const names = secretFields(kind.settings).filter((name) => secrets[name] === undefined && stored[name] !== undefined);
  const moved = kind.address.some((name) => JSON.stringify(stored[name]) !== JSON.stringify(settings[name]));
  if (names.length > 0 && moved)
    throw new Refusal("secret_needed", `The address changed, so the stored ${names.join(", ")} is not sent there`, {
      action: "Enter it again for the new address.",
      fields: Object.fromEntries(names.map((name) => [name, "Enter it again: the address changed"])),
    });
  const kept = Object.fromEntries(names.map((name) => [name, stored[name]]));
  const whole = { ...settings, ...kept, ...entered(secrets) };
  const parsed = kind.settings.safeParse(whole);
  if (!parsed.success) throw invalidInput(parsed.error);
  return { kind, settings, secrets, whole };
}

/** Without those that are taken away. */
export const entered = (secrets: GivenSettings["secrets"]): Record<string, string> =>
  Object.fromEntries(Object.entries(secrets).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));

/** Empty texts count as not given. */
function split(kind: Destination, given: Readonly<Record<string, unknown>>) {
  const hidden = new Set(secretFields(kind.settings));
  const filled = Object.entries(given).filter(([, value]) => value !== undefined && value !== "");
  const own = filled.filter(([name]) => hidden.has(name));
  const wrong = own.find(([, value]) => value !== null && typeof value !== "string")?.[0];
  if (wrong !== undefined)
    throw new Refusal("invalid", `Not valid: ${wrong}`, {
      fields: { [wrong]: "Expected a text, or null to remove it" },
    });
  return {
    settings: Object.fromEntries(filled.filter(([name, value]) => !hidden.has(name) && value !== null)),
    secrets: Object.fromEntries(own) as Record<string, string | null>,
  };
}
