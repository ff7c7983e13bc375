// The settings of a destination from a command line, with its secrets from elsewhere.
import { text as wholeText } from "node:stream/consumers";
import { entered } from "../../api/destination-settings.ts";
import { nearest } from "../../config/nearest.ts";
import type { Destination } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import { type SettingField, settingFields } from "../../model/settings-fields.ts";
import type { Cli } from "../cli.ts";

export interface GivenSettings {
  readonly settings: Readonly<Record<string, unknown>>;
  /** Null: a stored one is taken away. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

interface Given {
  readonly set: readonly string[];
  readonly secret: readonly string[];
  readonly unset: readonly string[];
}

/** What a destination has: its settings with its secrets in place. */
interface Stored {
  readonly whole: Readonly<Record<string, unknown>>;
}

/**
 * Reads `--set key=value`, `--secret key=env:NAME` or `key=stdin`, and `--unset key`, puts them over what is stored, and finds the whole
 * right by the kind's schema. Another address does not get a stored secret: it has to be given again.
 */
export async function readGiven(
  cli: Cli,
  kind: Destination,
  given: Given,
  { whole }: Stored = { whole: {} },
): Promise<GivenSettings> {
  const fields = settingFields(kind.settings);
  const isSecret = (name: string) => fields.some((field) => field.name === name && field.kind === "secret");
  const settings = Object.fromEntries(Object.entries(whole).filter(([name]) => !isSecret(name)));
  for (const pair of given.set) {
    const [name, value] = split(pair, "--set");
    const field = fieldNamed(fields, name, kind);
    if (field.kind === "secret") throw onCommandLine(name);
    settings[name] = typed(field, value);
  }
  const secrets: Record<string, string | null> = {};
  for (const name of given.unset) {
    if (fieldNamed(fields, name, kind).kind === "secret") secrets[name] = null;
    else delete settings[name];
  }
  for (const pair of given.secret) {
    const [name, source] = split(pair, "--secret");
    if (fieldNamed(fields, name, kind).kind !== "secret") throw noSecret(name);
    secrets[name] = await secretFrom(cli, name, source);
  }
  const kept = Object.entries(whole).filter(([name]) => isSecret(name) && secrets[name] === undefined);
  const moved = kind.address.some((name) => JSON.stringify(whole[name]) !== JSON.stringify(settings[name]));
  if (moved && kept.length > 0) throw neededAgain(kept.map(([name]) => name));
  requireRight(kind, { ...settings, ...Object.fromEntries(kept), ...entered(secrets) });
  return { settings, secrets };
}

function split(pair: string, option: string): readonly [string, string] {
  const at = pair.indexOf("=");
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
  // What stands there may be a secret that was put in the wrong place.
  throw usage(`A value of ${option} has no name before a =`, `Write ${option} name=value`);
}

function fieldNamed(fields: readonly SettingField[], name: string, { name: kind }: Destination): SettingField {
  const field = fields.find((one) => one.name === name);
  if (field) return field;
  const near = nearest(
    name,
    fields.map((one) => one.name),
  );
  const all = `cistern destinations kinds ${kind} lists them`;
  throw usage(`${kind} has no setting '${name}'`, near === undefined ? all : `Did you mean '${near}'?`);
}

/** A command line knows only texts; what is not a number or a truth value is left for the schema to refuse. */
function typed({ kind }: SettingField, value: string): unknown {
  if (kind === "boolean" && (value === "true" || value === "false")) return value === "true";
  if (kind === "number" && /^-?\d+(?:\.\d+)?$/.test(value)) return Number(value);
  return value;
}

async function secretFrom(cli: Cli, name: string, source: string): Promise<string> {
  if (source === "stdin") return await fromStdin(name);
  const variable = /^env:([A-Za-z_]\w*)$/.exec(source)?.[1];
  if (variable === undefined) throw onCommandLine(name);
  const value = cli.variables[variable];
  if (value) return value;
  throw usage(`The environment variable ${variable}, for ${name}, is not set`, "Export it before the command");
}

async function fromStdin(name: string): Promise<string> {
  if (process.stdin.isTTY)
    throw usage(`${name} would be shown on the terminal`, "Pipe it in: … --secret token=stdin < token.txt");
  const value = (await wholeText(process.stdin)).replace(/\r?\n$/, "");
  if (value !== "") return value;
  throw usage(`Nothing came on standard input for ${name}`, "Pipe it in: … --secret token=stdin < token.txt");
}

function requireRight(kind: Destination, whole: Readonly<Record<string, unknown>>): void {
  const parsed = kind.settings.safeParse(whole);
  if (parsed.success) return;
  const wrong = parsed.error.issues.map(({ path, message }) => {
    const name = path.join(".");
    return whole[name] === undefined && name !== "" ? `${name} is missing: ${message}` : `${name}: ${message}`;
  });
  throw usage(wrong.join("; "), `cistern destinations kinds ${kind.name} says what each setting is`);
}

const usage = (message: string, action: string) => new CollectorError("rejected", message, { reason: "usage", action });

// Other users of the machine see command lines, and shells keep them.
const onCommandLine = (name: string) =>
  usage(
    `${name} is a secret, which must not stand on a command line`,
    `Give --secret ${name}=env:NAME, or --secret ${name}=stdin with the value on standard input`,
  );

const neededAgain = (names: readonly string[]) =>
  usage(
    `The address changes, so the stored ${names.join(", ")} is not sent there`,
    `Give it again: ${names.map((name) => `--secret ${name}=env:NAME`).join(" ")}`,
  );

const noSecret = (name: string) => usage(`${name} is no secret`, `Give --set ${name}=value`);
