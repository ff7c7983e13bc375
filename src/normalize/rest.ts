// What of an upstream event a schema has no field for. Cut out of upstream's text, so that what is kept is kept to the letter.
import type { EventView } from "../model/outgoing.ts";
import { compactJson } from "./compact-json.ts";
import { editJson } from "./json-edit.ts";
import type { Json } from "./lookup.ts";

/** Where the members stand that a mapping reads, as `actor.user_id`; a list or an object at such a place is meant whole. */
export type MappedTree = ReadonlyMap<string, MappedTree | "whole">;

export function mappedTree(paths: readonly string[]): MappedTree {
  const root = new Map<string, MappedTree | "whole">();
  for (const path of paths) {
    const names = path.split(".");
    let level = root;
    for (const name of names.slice(0, -1)) {
      const next = (level.get(name) ?? new Map()) as Map<string, MappedTree | "whole">;
      level.set(name, next);
      level = next;
    }
    level.set(names.at(-1)!, "whole");
  }
  return root;
}

// A longer text would be more than the editor can take apart.
const LONGEST = 4_000_000;
// Readers of the schemas refuse objects that are much deeper than those that upstream writes.
const DEEPEST = 50;

/** Whether `restOf` can tell what is left; otherwise the event has to be kept as a whole. */
export function canBeTakenApart(text: string | undefined, data: Json | undefined): boolean {
  return text !== undefined && data !== undefined && text.length <= LONGEST && !isTooDeep(data);
}

function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === DEEPEST || Object.values(value).some((inner) => isTooDeep(inner, depth + 1));
}

/**
 * The text of upstream's object without the members that stand in `output`: those of `mapped` whose every value does. What says
 * nothing, null or an empty list, is left out at those places too. Undefined where nothing is left or where it cannot be taken apart.
 */
export function restOf({ text, data }: EventView, mapped: MappedTree, output: unknown): string | undefined {
  if (!canBeTakenApart(text, data)) return undefined;
  const known = new Set<unknown>();
  for (const value of scalarsIn(output)) known.add(value).add(String(value));
  const root = planOf(data, mapped, known);
  const rest = editJson(text!, (path, value) => {
    const plan = path.length === 0 ? undefined : planAt(root, path);
    return plan?.goes && (!plan.hasNumbers || isSpelledAs(value(), plan.value)) ? "drop" : "keep";
  });
  const compact = rest === undefined ? undefined : compactJson(rest);
  return compact === "{}" ? undefined : compact;
}

/** What becomes of the value at a mapped place, and of those inside it. */
interface Plan {
  readonly value: unknown;
  /** Every value in it stands in the output, or says nothing. */
  readonly goes: boolean;
  readonly hasNumbers: boolean;
  readonly inside: ReadonlyMap<string, Plan>;
}

const nothing: ReadonlyMap<string, Plan> = new Map();

function planOf(value: unknown, place: MappedTree | "whole", known: ReadonlySet<unknown>): Plan {
  if (place === "whole") {
    const scalars = scalarsIn(value);
    const hasNumbers = scalars.some((one) => typeof one === "number");
    return { value, goes: scalars.every((one) => known.has(one)), hasNumbers, inside: nothing };
  }
  const members = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const plans = members.flatMap(([name, one]): readonly (readonly [string, Plan])[] => {
    const next = place.get(name);
    return next === undefined ? [] : [[name, planOf(one, next, known)]];
  });
  return {
    value,
    goes: plans.length > 0 && plans.length === members.length && plans.every(([, plan]) => plan.goes),
    hasNumbers: plans.some(([, plan]) => plan.hasNumbers),
    inside: new Map(plans),
  };
}

function planAt(root: Plan, path: readonly string[]): Plan | undefined {
  let plan: Plan | undefined = root;
  for (const name of path) plan = plan?.inside.get(name);
  return plan;
}

// A number that has lost digits in reading, or is spelled in a way of its own, is none that the output has.
const isSpelledAs = (text: string, value: unknown) => compactJson(text) === JSON.stringify(value);

function scalarsIn(value: unknown, found: unknown[] = []): readonly unknown[] {
  if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) scalarsIn(inner, found);
  else if (value !== null && value !== undefined && value !== "") found.push(value);
  return found;
}
