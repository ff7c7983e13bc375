// How many events there are: altogether, over time, of each type, and which data sources they can be from.
import type { ApiDeps } from "./deps.ts";
import { Refusal } from "./errors.ts";
import { bucketsOf, type Wanted } from "./event-filter.ts";

/** A count beyond this is told as "more than". */
const countLimit = 1_000_000;
/** Nobody waits longer for a number. */
const COUNT_WITHIN_MS = 60;
/** Nothing that is collected is older; events whose time cannot be read stand at 1970 and belong to no histogram. */
const EARLIEST_MS = Date.UTC(2015, 0, 1);
const COARSE_STEP_MS = 30 * 86_400_000;

/** How many events are asked for, from the store where it knows and else from the index. */
export async function countEvents(deps: ApiDeps, wanted: Wanted): Promise<{ count: number; exact: boolean }> {
  if (wanted.sources.length === 0) return { count: 0, exact: true };
  if (wanted.needsIndex || isBounded(wanted)) return deps.search.count(wanted.query, countLimit, COUNT_WITHIN_MS);
  const counted = await storedTypes(deps, wanted);
  return { count: counted.reduce((total, { events }) => total + events, 0), exact: true };
}

const isBounded = ({ fromUs, toUs }: Wanted) => fromUs !== undefined || toUs !== undefined;

/** The types of the whole log that are asked for, the most frequent first. */
async function storedTypes({ reader }: ApiDeps, { sources, types }: Wanted) {
  const known = await reader.types(sources);
  return types === undefined ? known : known.filter(({ type }) => types.includes(type));
}

/** The types among the events that are asked for, the most frequent first. */
export async function countTypes(deps: ApiDeps, wanted: Wanted) {
  const { needsIndex, query, sources } = wanted;
  if (sources.length === 0) return [];
  const known = await storedTypes(deps, wanted);
  if (!needsIndex && !isBounded(wanted)) return known;
  const counts = known.map(async ({ type }) => {
    const { count } = await deps.search.count({ ...query, types: [type] }, countLimit);
    return { type, events: count };
  });
  return (await Promise.all(counts)).filter(({ events }) => events > 0).sort((a, b) => b.events - a.events);
}

/** The data sources of the collectors, and those of removed ones whose events were kept, under their connector's title. */
export async function knownSources({ control, connectors, reader }: ApiDeps) {
  const titles = new Map<string, string>();
  for (const collector of control.collectors()) {
    const connector = connectors.find(({ name }) => name === collector.connector);
    for (const name of collector.dataSources) titles.set(name, connector?.resolve(name)?.title ?? name);
  }
  for (const { key, counts } of await reader.dataSources())
    if (counts.events > 0 && !titles.has(key.dataSource))
      titles.set(key.dataSource, titleOf(connectors, key.dataSource) ?? key.dataSource);
  return [...titles].map(([name, title]) => ({ name, title })).sort((a, b) => a.title.localeCompare(b.title, "en"));
}

const titleOf = (connectors: ApiDeps["connectors"], dataSource: string) =>
  connectors.flatMap(({ dataSources }) => dataSources).find(({ name }) => name === dataSource)?.title;

/** The events that are asked for over time, in round steps. */
export async function histogram(deps: ApiDeps, wanted: Wanted, buckets: number) {
  const { sources, fromUs, toUs, types, needsIndex, query } = wanted;
  const end = toUs === undefined ? deps.now().getTime() : toUs / 1_000;
  const start = fromUs === undefined ? await oldestOf(deps, sources, end) : fromUs / 1_000;
  if (start >= end) throw new Refusal("invalid", "Not valid: from", { fields: { from: "It is not before to" } });
  const period = bucketsOf(start, end, buckets);
  if (sources.length === 0) return { ...period, buckets: [] };
  const found =
    needsIndex || types !== undefined
      ? await deps.search.histogram(query, period)
      : await deps.reader.volume({ sources, by: "event", ...period });
  return { ...period, buckets: found.map(({ at, events }) => ({ at, events })) };
}

/** When the oldest events are from, to a month; a month before the end where there are none. */
async function oldestOf({ reader }: ApiDeps, sources: Wanted["sources"], end: number): Promise<number> {
  const span = { from: EARLIEST_MS, to: end, stepMs: COARSE_STEP_MS };
  const [first] = sources.length === 0 ? [] : await reader.volume({ sources, by: "event", ...span });
  return Math.min(first?.at ?? end, end - COARSE_STEP_MS);
}
