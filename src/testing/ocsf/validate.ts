// Judges an event by the definitions beside this file.
import { isIP } from "node:net";
import type { Attribute, Definition } from "./definition.ts";
import { classes18, classes19, deprecated, type EventClass, profiles18, profiles19 } from "./event-classes.ts";
import { objects18, objects19 } from "./objects.ts";

type Json = Readonly<Record<string, unknown>>;

interface Schema {
  readonly classes: ReadonlyMap<number, EventClass>;
  readonly objects: Readonly<Record<string, Definition>>;
  readonly profiles: Readonly<Record<string, Definition>>;
}

const schemas: Readonly<Record<string, Schema>> = {
  "1.8.0": { classes: classes18, objects: objects18, profiles: profiles18 },
  "1.9.0": { classes: classes19, objects: objects19, profiles: profiles19 },
};

export interface Verdict {
  readonly errors: readonly string[];
  /** What the schema recommends and the event does not have. */
  readonly missing: readonly string[];
}

/** Whether an event keeps to the version of the schema that it names. */
export function validateOcsf(event: Json): Verdict {
  const errors: string[] = [];
  const missing: string[] = [];
  const metadata = (event.metadata ?? {}) as { version?: string; profiles?: readonly string[] };
  const schema = schemas[metadata.version ?? ""];
  const found = schema?.classes.get(event.class_uid as number);
  if (!schema || !found) return { errors: [`no class ${String(event.class_uid)} in ${metadata.version}`], missing };
  const judge = new Judge(schema, errors, missing);
  judge.classification(event, found);
  if (deprecated[metadata.version ?? ""]?.includes(event.class_uid as number)) errors.push("class_uid: deprecated");
  const attributes = new Map(found.definition.attributes);
  for (const name of metadata.profiles ?? []) {
    if (!found.profiles.includes(name)) errors.push(`metadata.profiles: ${name} is none of the class`);
    for (const [attribute, one] of schema.profiles[name]?.attributes ?? [])
      if (!attributes.has(attribute)) attributes.set(attribute, one);
  }
  judge.object(event, { ...found.definition, attributes }, "");
  return { errors, missing };
}

class Judge {
  readonly #schema: Schema;
  readonly #errors: string[];
  readonly #missing: string[];

  constructor(schema: Schema, errors: string[], missing: string[]) {
    this.#schema = schema;
    this.#errors = errors;
    this.#missing = missing;
  }

  classification(event: Json, { category, name, activities }: EventClass): void {
    const activity = event.activity_id as number;
    this.#expect([0, 99, ...activities].includes(activity), "activity_id", `${activity} is none of the class`);
    this.#expect(event.category_uid === category, "category_uid", "of another class");
    this.#expect(event.type_uid === (event.class_uid as number) * 100 + activity, "type_uid", "does not fit");
    this.#expect((event.class_name ?? name) === name, "class_name", "of another class");
    this.#expect(activity !== 99 || typeof event.activity_name === "string", "activity_name", "required by 99");
  }

  object(value: Json, { attributes, atLeastOne }: Definition, path: string): void {
    for (const name of Object.keys(value)) this.#expect(attributes.has(name), `${path}${name}`, "unknown attribute");
    for (const [name, attribute] of attributes) {
      const at = `${path}${name}`;
      const is = value[name];
      if (is !== undefined) this.#value(is, attribute, at);
      else if (attribute.requirement === "recommended") this.#missing.push(at);
      else this.#expect(attribute.requirement === "optional", at, "required");
    }
    const some = atLeastOne.length === 0 || atLeastOne.some((name) => value[name] !== undefined);
    this.#expect(some, path === "" ? "event" : path.slice(0, -1), `at least one of ${atLeastOne.join(", ")}`);
  }

  #value(value: unknown, { type, isArray, values }: Attribute, at: string): void {
    const all = isArray && Array.isArray(value) ? value : [value];
    this.#expect(Array.isArray(value) === isArray || type === "json", at, isArray ? "expected a list" : "expected one");
    for (const one of all) {
      this.#typed(one, type, at);
      if (values !== undefined) this.#expect(values.includes(one as number), at, `${String(one)} is not allowed`);
    }
  }

  #typed(value: unknown, type: string, at: string): void {
    const isRight = scalars[type];
    const definition = this.#schema.objects[type];
    if (isRight) this.#expect(isRight(value), at, `expected ${type}`);
    else if (!definition) this.#expect(false, at, `object ${type} is not defined here`);
    else if (typeof value === "object" && value !== null) this.object(value as Json, definition, `${at}.`);
    else this.#expect(false, at, `expected ${type}`);
  }

  #expect(isRight: boolean, at: string, otherwise: string): void {
    if (!isRight) this.#errors.push(`${at}: ${otherwise}`);
  }
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value);

const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  float: (value) => typeof value === "number" && Number.isFinite(value),
  integer: (value) => isWhole(value) && Math.abs(value as number) < 2 ** 31,
  long: isWhole,
  timestamp: isWhole,
  json: () => true,
  ip: (value) => typeof value === "string" && isIP(value) !== 0,
  email: (value) => typeof value === "string" && /^[^@\s]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+$/.test(value),
};
