// Looking things up in an upstream object of which nothing is certain: what is absent or of another type is undefined.

export type Json = Readonly<Record<string, unknown>>;

/** What stands at the end of the path; undefined where any step of it is missing or is no object. Only own members count. */
export function valueAt(data: Json | undefined, ...path: readonly string[]): unknown {
  let value: unknown = data;
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/** A text that is not empty. */
export function textAt(data: Json | undefined, ...path: readonly string[]): string | undefined {
  const value = valueAt(data, ...path);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A finite number. */
export function numberAt(data: Json | undefined, ...path: readonly string[]): number | undefined {
  const value = valueAt(data, ...path);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function booleanAt(data: Json | undefined, ...path: readonly string[]): boolean | undefined {
  const value = valueAt(data, ...path);
  return typeof value === "boolean" ? value : undefined;
}

export function objectAt(data: Json | undefined, ...path: readonly string[]): Json | undefined {
  const value = valueAt(data, ...path);
  return isObject(value) ? value : undefined;
}

/** The objects of a list; whatever else is in it is left out. */
export function objectsAt(data: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const value = valueAt(data, ...path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The texts of a list, or a single text as a list of one. */
export function textsAt(data: Json | undefined, ...path: readonly string[]): readonly string[] {
  const value = valueAt(data, ...path);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === "string" && one !== "");
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
