// What is usual at this hour of the week, learned from what came before: a quiet weekend is usual, a quiet Tuesday noon is not.
import type { VolumeBucket } from "./store.ts";

const HOUR_MS = 3_600_000;
const HOURS_A_WEEK = 168;
/** Weeks that are compared with. */
const WEEKS = 6;
/** Fewer weeks than this teach nothing. */
const LEAST_WEEKS = 2;
/** With so many weeks the quietest one, a holiday say, does not count. */
const WEEKS_WITH_ONE_LEFT_OUT = 4;
/** Upstream's own promise is 30 minutes (p99); files come every ten. */
const PUBLISHED_AFTER_MS = 60 * 60_000;
/** Not longer than a week, or the silence itself would be what it is compared with. */
const LONGEST_SILENCE_MS = (HOURS_A_WEEK - 2) * HOUR_MS;
const DROP_HOURS = 6;
/** So many hours in a row, each with so many events, make a data source that is never silent. */
const STEADY_HOURS = 48;
const STEADY_EVENTS = 3;
const STEADY_SILENCE_MS = 90 * 60_000;

/** How far back the events must be read, before the newest of them. */
export const RHYTHM_REACH_MS = (WEEKS * HOURS_A_WEEK + 2) * HOUR_MS;
/** The buckets that `learnRhythm` takes. */
export const RHYTHM_STEP_MS = HOUR_MS;

/** Events by hour. */
export interface Rhythm {
  /** By the number of the hour since 1970. */
  readonly hours: ReadonlyMap<number, number>;
  /** The hour of the oldest event read; the one that is begun counts as not seen. */
  readonly firstHour: number;
}

/** What earlier weeks brought in the same hours. */
export interface Usual {
  readonly weeks: number;
  /** Of the quietest week that counts. */
  readonly least: number;
  readonly middle: number;
}

/** Silence, or next to it, where every earlier week had events. */
export interface NoticedQuiet {
  readonly fromMs: number;
  readonly toMs: number;
  readonly events: number;
  readonly usual: Usual;
}

/** From hourly buckets; undefined where there is nothing to learn from. */
export function learnRhythm(buckets: readonly VolumeBucket[]): Rhythm | undefined {
  const hours = new Map<number, number>();
  for (const { at, events } of buckets) {
    const hour = Math.floor(at / HOUR_MS);
    hours.set(hour, (hours.get(hour) ?? 0) + events);
  }
  return hours.size === 0 ? undefined : { hours, firstHour: Math.min(...hours.keys()) };
}

/** What the hours of [from, to) brought in the weeks before; undefined where fewer than two weeks are known. */
export function usualIn(rhythm: Rhythm, fromMs: number, toMs: number): Usual | undefined {
  const from = Math.ceil(fromMs / HOUR_MS);
  const to = Math.floor(toMs / HOUR_MS);
  if (to <= from) return undefined;
  const sums: number[] = [];
  for (let week = 1; week <= WEEKS; week++) {
    const shifted = from - week * HOURS_A_WEEK;
    if (shifted <= rhythm.firstHour) break;
    sums.push(sumOf(rhythm, shifted, to - from));
  }
  if (sums.length < LEAST_WEEKS) return undefined;
  sums.sort((a, b) => a - b);
  const least = sums[sums.length >= WEEKS_WITH_ONE_LEFT_OUT ? 1 : 0]!;
  return { weeks: sums.length, least, middle: sums[Math.floor(sums.length / 2)]! };
}

/** The volume that an hour of the week usually has: 168 numbers from Monday 00:00 UTC, or undefined before two weeks are known. */
export function usualWeek(rhythm: Rhythm, nowMs: number): readonly number[] | undefined {
  const thisHour = Math.floor(nowMs / HOUR_MS);
  // 1970-01-05 was a Monday, 96 hours after the first hour of all.
  const monday = thisHour - ((thisHour - 96) % HOURS_A_WEEK);
  const week = Array.from({ length: HOURS_A_WEEK }, (_, hour) => {
    const next = monday + hour < thisHour ? monday + hour + HOURS_A_WEEK : monday + hour;
    return usualIn(rhythm, next * HOUR_MS, (next + 1) * HOUR_MS)?.middle;
  });
  return week.every((value) => value !== undefined) ? week : undefined;
}

/** Whether it is quieter than it ever was at these hours of the week; undefined where it is not, or nothing can be said. */
export function noticedQuiet(rhythm: Rhythm, newestMs: number, nowMs: number): NoticedQuiet | undefined {
  const until = Math.floor((nowMs - PUBLISHED_AFTER_MS) / HOUR_MS) * HOUR_MS;
  return silence(rhythm, newestMs, until) ?? drop(rhythm, until);
}

/**
 * Whether a data source that is never silent is so now: every hour of two days had several events, and for an hour and a half there
 * is none. The audit log is such a one, because upstream writes each of our own calls into it.
 */
export function steadyUntilNow(rhythm: Rhythm, newestMs: number, nowMs: number): boolean {
  if (nowMs - newestMs < STEADY_SILENCE_MS) return false;
  // The hour of the newest event is cut short.
  const last = Math.floor(newestMs / HOUR_MS);
  for (let hour = last - STEADY_HOURS; hour < last; hour++)
    if ((rhythm.hours.get(hour) ?? 0) < STEADY_EVENTS) return false;
  return true;
}

function silence(rhythm: Rhythm, newestMs: number, until: number): NoticedQuiet | undefined {
  const fromMs = Math.ceil((newestMs + 1) / HOUR_MS) * HOUR_MS;
  const toMs = Math.min(until, fromMs + LONGEST_SILENCE_MS);
  // Clocks are changed by an hour, and with them when people begin and end.
  const usual = usualIn(rhythm, fromMs + HOUR_MS, toMs - HOUR_MS);
  if (usual === undefined || usual.least < 5 || usual.middle < 10) return undefined;
  return { fromMs, toMs, events: 0, usual };
}

/** A trickle: less than a tenth of what even the quietest week had. */
function drop(rhythm: Rhythm, toMs: number): NoticedQuiet | undefined {
  const fromMs = toMs - DROP_HOURS * HOUR_MS;
  const usual = usualIn(rhythm, fromMs + HOUR_MS, toMs - HOUR_MS);
  if (usual === undefined || usual.least < 20) return undefined;
  const events = sumOf(rhythm, Math.floor(fromMs / HOUR_MS), DROP_HOURS);
  return events * 10 < usual.least ? { fromMs, toMs, events, usual } : undefined;
}

function sumOf({ hours }: Rhythm, from: number, length: number): number {
  let sum = 0;
  for (let hour = from; hour < from + length; hour++) sum += hours.get(hour) ?? 0;
  return sum;
}
