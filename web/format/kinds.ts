import type { DestinationKind } from "../api-types.ts";
import { holds } from "./filter.ts";

/** The groups of destinations in the order in which they are offered. */
const titles: Readonly<Record<string, string>> = {
  siem: "SIEM",
  lake: "Data lake",
  queue: "Queue",
  database: "Database",
  file: "File",
  http: "HTTP",
};

export interface KindGroup {
  readonly group: string;
  readonly title: string;
  readonly kinds: readonly DestinationKind[];
}

/** The kinds that hold every word of the search, by group; a group without any is left out. */
export function kindGroups(kinds: readonly DestinationKind[], words: string): readonly KindGroup[] {
  const titleOf = (group: string) => titles[group] ?? group;
  const found = kinds.filter(({ title, name, description, group, formats }) =>
    holds([title, name, description, titleOf(group), ...formats.map((format) => format.title)], words),
  );
  // A group that this console does not know comes last, under its own name.
  const groups = [...new Set([...Object.keys(titles), ...found.map(({ group }) => group)])];
  return groups
    .map((group) => ({ group, title: titleOf(group), kinds: found.filter((kind) => kind.group === group) }))
    .filter((one) => one.kinds.length > 0);
}
