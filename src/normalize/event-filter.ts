// Which events a destination gets.

import type { EventView } from "../model/outgoing.ts";
import type { EventFilter, FieldRule } from "../model/shaping.ts";

export type Keeps = (view: EventView) => boolean;

/** Judges the event before it is masked. */
export function filterOf(filter: EventFilter | undefined): Keeps {
  if (filter === undefined) return () => true;
  const { data_sources: sources, types, users, without_users: without, fields = [] } = filter;
  const conditions: Keeps[] = [
    ...(sources ? [({ stored }: EventView) => sources.includes(stored.dataSource)] : []),
    ...(types ? [({ stored }: EventView) => types.includes(stored.type)] : []),
    ...(users ? [(view: EventView) => isOf(view, lowered(users))] : []),
    ...(without ? [(view: EventView) => !isOf(view, lowered(without))] : []),
    ...fields.map((rule) => (view: EventView) => meets(view, rule)),
  ];
  return (view) => conditions.every((keeps) => keeps(view));
}

const lowered = (names: readonly string[]) => new Set(names.map((name) => name.toLowerCase()));

/** Where the upstreams that we know say who did it. */
const ACTOR_PATHS = [
  "actor.user_email",
  "actor.email",
  "actor.user_id",
  "actor.id",
  "user_email",
  "user_id",
  "user.email",
  "user.id",
];

function isOf({ data }: EventView, people: ReadonlySet<string>): boolean {
  return ACTOR_PATHS.some((path) =>
    valuesAt(data, path.split(".")).some((value) => typeof value === "string" && people.has(value.toLowerCase())),
  );
}

function meets({ data }: EventView, { field, equals, contains, exists }: FieldRule): boolean {
  const values = valuesAt(data, field.split("."));
  if (exists !== undefined) return values.length > 0 === exists;
  const texts = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  if (contains !== undefined) return texts.some((text) => text.toLowerCase().includes(contains.toLowerCase()));
  return texts.some((text) => equals!.includes(text));
}

/** Every value at a path; `*` stands for any name or place. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const [name, ...rest] = path;
  if (name === undefined) return value === undefined ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  const inner = name === "*" ? Object.values(value) : Object.hasOwn(value, name) ? [Reflect.get(value, name)] : [];
  return inner.flatMap((one) => valuesAt(one, rest));
}
