// The filters of the events' addresses, and what they mean for store and index.
import { z } from "@hono/zod-openapi";
import type { DataSourceKey } from "../model/event.ts";
import type { SearchQuery } from "../model/search.ts";
import { instantUs } from "../model/time.ts";
import type { ApiDeps } from "./deps.ts";
import { GivenInstant } from "./schemas.ts";

const value = z.string().min(1).max(200);
const several = z
  .union([value, z.array(value).max(100)])
  .transform((given) => (typeof given === "string" ? [given] : given))
  .optional();

/** In the query string of every address below /events. A name that is given several times means any of its values. */
export const eventFilter = {
  collector: several,
  source: several,
  type: several,
  site: several,
  q: z.string().max(2_000).optional(),
  from: GivenInstant.optional(),
  to: GivenInstant.optional(),
};

export type EventFilter = z.infer<z.ZodObject<typeof eventFilter>>;

export interface Wanted {
  /** The data sources to look in; none where no event can be found. */
  readonly sources: readonly DataSourceKey[];
  readonly fromUs: number | undefined;
  readonly toUs: number | undefined;
  readonly types: readonly string[] | undefined;
  /** True where only the index can answer: words, several types, or the site that an event was stamped with. */
  readonly needsIndex: boolean;
  /** The same as a query of the index. */
  readonly query: SearchQuery;
}

/** What is asked for. Data sources of removed collectors whose events were kept are among them. */
export async function wantedOf({ reader }: Pick<ApiDeps, "reader">, filter: EventFilter): Promise<Wanted> {
  const { collector, source, type, site, q = "" } = filter;
  const states = await reader.dataSources();
  const sources = states
    .map(({ key }) => key)
    .filter(({ collectorId }) => collector === undefined || collector.includes(collectorId))
    .filter(({ dataSource }) => source === undefined || source.includes(dataSource));
  const fromUs = filter.from === undefined ? undefined : instantUs(filter.from);
  const toUs = filter.to === undefined ? undefined : instantUs(filter.to);
  const needsIndex = q.trim() !== "" || site !== undefined || (type !== undefined && type.length > 1);
  const query = { text: q.trim() || "*", types: type, sites: site, sources, fromUs, toUs };
  return { sources, fromUs, toUs, types: type, needsIndex, query };
}

/** What stands in the access record: which filters were used, none that were not. */
export const filterRecord = (filter: EventFilter): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (["collector", "source", "type", "site", "q", "from", "to"] as const)
      .map((name) => [name, filter[name]] as const)
      .filter(([, value]) => value !== undefined && value !== ""),
  );

const MINUTE_MS = 60_000;
const steps = [1, 5, 10, 15, 30, 60, 180, 360, 720, 1_440, 4_320, 10_080, 43_200].map((minutes) => minutes * MINUTE_MS);

/** The smallest round step that cuts the period into at most `buckets`. */
export function stepFor(from: number, to: number, buckets: number): number {
  const wanted = (to - from) / buckets;
  const longest = steps.at(-1)!;
  return steps.find((stepMs) => stepMs >= wanted) ?? Math.ceil(wanted / longest) * longest;
}

/** The period cut into round steps, its ends moved outwards to whole ones. */
export function bucketsOf(from: number, to: number, buckets: number) {
  const stepMs = stepFor(from, to, buckets - 1);
  return { stepMs, from: Math.floor(from / stepMs) * stepMs, to: Math.ceil(to / stepMs) * stepMs };
}
