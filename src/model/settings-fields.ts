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
  /** Says whose events are read, so it stays as it is once a collector has it. */
  readonly fixed: boolean;
  /** A text of several lines, such as a certificate. */
  readonly lines: boolean;
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
  readonly fixed?: boolean;
  readonly lines?: boolean;
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
    fixed: property.fixed ?? false,
    lines: property.lines ?? false,
    default: property.default,
  }));
}

/** The names of the fields that hold secrets. */
export function secretFields(schema: z.ZodType): readonly string[] {
  return settingFields(schema)
    .filter(({ kind }) => kind === "secret")
    .map(({ name }) => name);
}

type Values = Readonly<Record<string, unknown>>;

/** The fixed fields that would read something else, or nothing, after a change. One that had no value may be given one. */
export function changedFixedFields(schema: z.ZodType, before: Values, after: Values): readonly SettingField[] {
  return settingFields(schema).filter(({ name, fixed, default: standard }) => {
    const value = (values: Values) => readValue(schema, name, values[name] || standard);
    return fixed && value(before) !== undefined && value(before) !== value(after);
  });
}

// Stored settings stand as they were typed; only the schema knows which spellings are the same value.
function readValue(schema: z.ZodType, name: string, value: unknown): unknown {
  const property = schema instanceof z.ZodObject ? (schema.shape[name] as z.ZodType | undefined) : undefined;
  const read = property?.safeParse(value);
  return read?.success ? read.data : value;
}

function kindOf(property: PropertySchema): SettingField["kind"] {
  if (property.secret) return "secret";
  if (property.enum) return "choice";
  if (property.type === "boolean") return "boolean";
  if (property.type === "number" || property.type === "integer") return "number";
  return property.format === "uri" ? "url" : "text";
}
