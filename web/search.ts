// What the address bar keeps for each page. A value that makes no sense is dropped, never an error.
import type { Health } from "./api-types.ts";
import { states } from "./components/StateBadge/states.ts";

type Raw = Record<string, unknown>;

function text(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Leaves out what is undefined, so that addresses stay short. */
function given<T extends Raw>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** Filters of the overview: vendor, state and words. */
export function overviewSearch(raw: Raw) {
  const status = text(raw.status);
  return given({
    q: text(raw.q),
    vendor: text(raw.vendor),
    status: status !== undefined && status in states ? (status as Health | "draft") : undefined,
  });
}

/** The draft that the New Collector panel goes on with. */
export function draftSearch(raw: Raw) {
  return given({ draft: text(raw.draft) });
}

/** The draft and the step of the prerequisites. */
export function prepareSearch(raw: Raw) {
  return given({ draft: text(raw.draft), step: text(raw.step) });
}

export const ranges = ["6h", "24h", "7d", "30d"] as const;
export type Range = (typeof ranges)[number];

/** Period and time base of the volume chart; `from` and `to` (RFC 3339) win over `range`. */
export function collectorSearch(raw: Raw) {
  const from = instant(raw.from);
  const to = instant(raw.to);
  return given({
    range: ranges.find((range) => range === raw.range),
    by: raw.by === "event" ? ("event" as const) : undefined,
    source: text(raw.source),
    ...(from !== undefined && to !== undefined && { from, to }),
  });
}

export const destinationTabs = ["overview", "receipts", "dead-letters", "replays"] as const;
export type DestinationTab = (typeof destinationTabs)[number];
export const receiptPeriods = [24, 72, 168, 720] as const;
export const letterStates = ["dead", "again", "delivered", "discarded", "all"] as const;

/** What a destination's page shows: its tab, the hours of its receipts, the state of its dead letters. */
export function destinationSearch(raw: Raw) {
  return given({
    tab: destinationTabs.find((tab) => tab === raw.tab),
    hours: receiptPeriods.find((hours) => hours === Number(raw.hours)),
    state: letterStates.find((state) => state === raw.state),
  });
}

function instant(value: unknown): string | undefined {
  const found = text(value);
  return found !== undefined && !Number.isNaN(Date.parse(found)) ? found : undefined;
}
