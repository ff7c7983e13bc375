// What the address bar keeps of the events page: search, filters, period, and how the open event is shown.
import type { Period } from "./period.ts";
import { isRange } from "./period.ts";

type Raw = Record<string, unknown>;

export const eventViews = ["message", "json", "exact", "metadata"] as const;
export type EventView = (typeof eventViews)[number];

/** Lists are joined by commas: no id, data source or type holds one. Without a period it is the last 24 hours. */
export interface EventsSearch {
  readonly q?: string;
  readonly collector?: string;
  readonly source?: string;
  readonly type?: string;
  readonly site?: string;
  readonly range?: string;
  readonly from?: string;
  readonly to?: string;
  readonly view?: EventView;
}

export const filterNames = ["collector", "source", "type", "site"] as const;
export type FilterName = (typeof filterNames)[number];

/** Reads the address; a value that makes no sense is dropped. */
export function eventsSearch(raw: Raw): EventsSearch {
  const [from, to] = [instant(raw.from), instant(raw.to)];
  const absolute = from !== undefined && to !== undefined && Date.parse(from) < Date.parse(to);
  const search = {
    q: text(raw.q),
    collector: text(raw.collector),
    source: text(raw.source),
    type: text(raw.type),
    site: text(raw.site),
    range: !absolute && isRange(raw.range) ? raw.range : undefined,
    from: absolute ? from : undefined,
    to: absolute ? to : undefined,
    view: eventViews.find((view) => view === raw.view),
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

/** The chosen values of one filter. */
export function chosen(search: EventsSearch, name: FilterName): readonly string[] {
  return search[name]?.split(",").filter(Boolean) ?? [];
}

/** The address with other values of one filter; none clears it. */
export function withChosen(search: EventsSearch, name: FilterName, values: readonly string[]): EventsSearch {
  const { [name]: _, ...rest } = search;
  return values.length === 0 ? rest : { ...rest, [name]: values.join(",") };
}

/** The address with another period. */
export function withPeriod(search: EventsSearch, period: Period): EventsSearch {
  const { range: _range, from: _from, to: _to, ...rest } = search;
  return { ...rest, ...period };
}

/** The parameters that the API understands, without those left out. A name that stands several times means any of its values. */
export function apiFilters(
  search: EventsSearch,
  bounds: { readonly from?: string; readonly to?: string },
  without?: FilterName,
): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of filterNames) {
    if (name === without) continue;
    for (const value of chosen(search, name)) query.append(name, value);
  }
  if (search.q !== undefined) query.set("q", search.q);
  if (bounds.from !== undefined) query.set("from", bounds.from);
  if (bounds.to !== undefined) query.set("to", bounds.to);
  return query;
}

function text(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function instant(value: unknown): string | undefined {
  return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : undefined;
}
