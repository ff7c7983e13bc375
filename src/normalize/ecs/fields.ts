/** Fields by their full names, `event.kind`; those without a value, and empty lists, are left out of the record. */
export type Fields = Readonly<Record<string, unknown>>;

interface Tree {
  [name: string]: unknown;
}

/** The fields as an object of objects, in their order. */
export function nested(fields: Fields): object {
  const root: Tree = {};
  for (const [path, value] of Object.entries(fields)) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    const names = namesOf(path);
    let level = root;
    for (let depth = 0; depth < names.length - 1; depth++) {
      const name = names[depth]!;
      level[name] ??= {};
      level = level[name] as Tree;
    }
    level[names.at(-1)!] = value;
  }
  return root;
}

// A closed set, taken apart once.
const apart = new Map<string, readonly string[]>();

function namesOf(path: string): readonly string[] {
  const known = apart.get(path);
  if (known) return known;
  const names = path.split(".");
  apart.set(path, names);
  return names;
}

/** Each value once; undefined ones are left out. */
export const distinct = (values: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(values.filter((value) => value !== undefined)),
];

/** The only one as a text, several as a list. */
export const oneOrMany = (values: readonly string[]): string | readonly string[] | undefined =>
  values.length === 1 ? values[0] : values.length === 0 ? undefined : values;
