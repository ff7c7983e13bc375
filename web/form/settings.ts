// The fields of a settings schema as people fill them in: what connectors and destinations have in common. Pure.
import type { SettingField } from "../api-types.ts";

type Setting = string | boolean;

/** The part of a form that a settings schema draws. Texts as typed; `secrets` never leaves memory but in a request. */
export interface SettingsForm {
  readonly settings: Readonly<Record<string, Setting>>;
  /** Null: the stored one is taken away. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

export type FormErrors = Readonly<Record<string, string>>;

/** What the fields begin with: what is given, else the schema's defaults. */
export function initialSettings(
  fields: readonly SettingField[],
  given: Readonly<Record<string, unknown>> = {},
): SettingsForm["settings"] {
  const plain = fields.filter(({ kind }) => kind !== "secret");
  return Object.fromEntries(
    plain.map((field) => [field.name, typed(field, field.name in given ? given[field.name] : field.default)]),
  );
}

/** The settings as the schema wants them: numbers as numbers, what is empty left out, secrets as typed. */
export function settingsOf(fields: readonly SettingField[], form: SettingsForm): Record<string, unknown> {
  const entries = fields.map((field) => {
    const raw = field.kind === "secret" ? form.secrets[field.name] : form.settings[field.name];
    if (typeof raw === "boolean" || raw === null) return [field.name, raw];
    const text = (raw ?? "").trim();
    return [field.name, text === "" ? undefined : field.kind === "number" ? Number(text) : text];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** What is wrong with the fields. `stored`: names of the secrets that the server has already. */
export function settingErrors(
  fields: readonly SettingField[],
  form: SettingsForm,
  stored: readonly string[],
): Record<string, string> {
  const errors: Record<string, string> = {};
  const settings = settingsOf(fields, form);
  for (const field of fields) {
    const value = settings[field.name];
    if (field.required && value === undefined && !stored.includes(field.name))
      errors[field.name] = `${field.label} is needed`;
    if (field.kind === "number" && Number.isNaN(value)) errors[field.name] = `${field.label} is a number`;
    if (field.kind === "url" && typeof value === "string" && !URL.canParse(value))
      errors[field.name] = "This is not a web address";
  }
  return errors;
}

/** The server's messages under the form's names: `settings.token` and `token` are the same field. */
export function serverErrors(fields: Readonly<Record<string, string>> | undefined): FormErrors {
  return Object.fromEntries(
    Object.entries(fields ?? {}).map(([name, message]) => [name.replace(/^settings\./, ""), message]),
  );
}

/** Whether the form differs from the one it began as. */
export function isChanged<Form>(form: Form, before: Form): boolean {
  return JSON.stringify(form) !== JSON.stringify(before);
}

function typed(field: SettingField, value: unknown): Setting {
  if (field.kind === "boolean") return value === true;
  return value === undefined || value === null ? "" : String(value);
}
