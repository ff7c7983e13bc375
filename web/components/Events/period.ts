import { absolute, shortTime, type Zone } from "../../format/times.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The periods that end now, shortest first. */
export const ranges = [
  { value: "15m", ms: 15 * MINUTE, label: "Last 15 minutes" },
  { value: "1h", ms: HOUR, label: "Last hour" },
  { value: "6h", ms: 6 * HOUR, label: "Last 6 hours" },
  { value: "24h", ms: DAY, label: "Last 24 hours" },
  { value: "7d", ms: 7 * DAY, label: "Last 7 days" },
  { value: "30d", ms: 30 * DAY, label: "Last 30 days" },
  { value: "all", ms: undefined, label: "All time" },
] as const;

/** A named period that ends now, or two instants (RFC 3339). Neither: the last 24 hours. */
export interface Period {
  readonly range?: string;
  readonly from?: string;
  readonly to?: string;
}

const DEFAULT = ranges[3];

/** Whether this is the name of a period. */
export function isRange(value: unknown): value is string {
  return ranges.some((range) => range.value === value);
}

function rangeOf({ range }: Period) {
  return ranges.find(({ value }) => value === range) ?? DEFAULT;
}

/** The bounds to ask the server for. A period that ends now has no end, so that the newest events belong to it. */
export function boundsOf(period: Period, now: number): { readonly from?: string; readonly to?: string } {
  if (period.from !== undefined && period.to !== undefined) return { from: period.from, to: period.to };
  const { ms } = rangeOf(period);
  return ms === undefined ? {} : { from: new Date(now - ms).toISOString() };
}

/** Whether new events can come into the period. */
export function isOpen(period: Period): boolean {
  return period.from === undefined;
}

/** `Last 24 hours`, or `12 Oct 14:00 UTC to 15 Oct 14:00 UTC`. */
export function periodName(period: Period, now: number, zone: Zone): string {
  if (period.from === undefined || period.to === undefined) return rangeOf(period).label;
  return `${shortTime(period.from, now, zone)} to ${shortTime(period.to, now, zone)}`;
}

/** The period between two points of a chart, widened to whole steps; at least one step long. */
export function zoomed(from: number, to: number, stepMs: number): Period {
  const [low, high] = from < to ? [from, to] : [to, from];
  const start = Math.floor(low / stepMs) * stepMs;
  const end = Math.max(Math.ceil(high / stepMs) * stepMs, start + stepMs);
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}

/** A period three times as long around the same middle, not beyond now; all time where that would be more than a year. */
export function widened(from: number, to: number, now: number): Period {
  const length = Math.max(to - from, MINUTE);
  if (length * 3 > 366 * DAY) return { range: "all" };
  const end = Math.min(to + length, Math.max(now, to));
  return { from: new Date(end - length * 3).toISOString(), to: new Date(end).toISOString() };
}

/** The value of a `datetime-local` field for an instant, in the zone shown. */
export function fieldValue(instant: number, zone: Zone): string {
  return absolute(instant, zone).slice(0, 16).replace(" ", "T");
}

/** The instant of a `datetime-local` field; undefined while it is not whole. */
export function fieldInstant(value: string, zone: Zone): number | undefined {
  if (!/^\d{4,6}-\d\d-\d\dT\d\d:\d\d/.test(value)) return undefined;
  const ms = Date.parse(zone === "UTC" ? `${value}Z` : value);
  return Number.isNaN(ms) ? undefined : ms;
}
