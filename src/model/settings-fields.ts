import { z } from "zod";

/** One field of a settings form, drawn from the schema. */
export interface SettingField {
  readonly name: string;
  readonly label: string;
  readonly help: string | undefined;
  readonly placeholder: string | undefined;
  readonly kind: "text" | "secret" | "url" | "number" | "boolean" | "choice";
  readonly choices: readonly string[] | undefined;
  readonly required: boolean;
  readonly advanced: boolean;
  readonly default: unknown;
}

interface PropertySchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly secret?: boolean;
  readonly advanced?: boolean;
}

/** The fields of a settings schema in its order. Labels, help and secrecy come from each property's `.meta()`. */
export function settingFields(schema: z.ZodType): readonly SettingField[] {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as {
    properties?: Record<string, PropertySchema>;
    required?: readonly string[];
  };
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    label: property.title ?? name,
    help: property.description,
    placeholder: property.placeholder,
    kind: kindOf(property),
    choices: property.enum,
    required: json.required?.includes(name) ?? false,
    advanced: property.advanced ?? false,
    default: property.default,
  }));
}

/** The names of the fields that hold secrets. */
export function secretFields(schema: z.ZodType): readonly string[] {
  return settingFields(schema)
    .filter(({ kind }) => kind === "secret")
    .map(({ name }) => name);
}

function kindOf(property: PropertySchema): SettingField["kind"] {
  if (property.secret) return "secret";
  if (property.enum) return "choice";
  if (property.type === "boolean") return "boolean";
  if (property.type === "number" || property.type === "integer") return "number";
  return property.format === "uri" ? "url" : "text";
}
