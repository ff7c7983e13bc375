// How long there still is before upstream deletes what is not collected, and when a backlog will have been fetched.
import type { Forecast, Headroom } from "./health.ts";
import type { DataSourceState } from "./store.ts";
import { instantUs } from "./time.ts";

const DAY_S = 86_400;
/** Upstream keeps a file this long after its end time (the specification says 30 days). */
export const UPSTREAM_KEEPS_MS = 30 * DAY_S * 1_000;
const WARN_S = 14 * DAY_S;
const CRITICAL_S = 5 * DAY_S;
/** A first collection begins with files that are days from their end, and takes those first: it is no cause for alarm while it gets on. */
const SOON_DONE_S = 3 * DAY_S;
/** What came in this long tells the pace. */
export const PACE_MS = 15 * 60_000;

/**
 * Counted from the oldest file that waits, or, where none does, from the last whole look for files: what came after it may be
 * there and is not listed yet. Undefined before the first look.
 */
export function headroomOf(state: DataSourceState, forecast: Forecast | undefined, now: Date): Headroom | undefined {
  const since = instantUs(state.oldestPending ?? state.scannedTo ?? "");
  if (since === undefined) return undefined;
  const untilMs = since / 1_000 + UPSTREAM_KEEPS_MS;
  const seconds = Math.max(0, Math.round((untilMs - now.getTime()) / 1_000));
  return { seconds, until: new Date(untilMs).toISOString(), level: levelOf(seconds, forecast) };
}

function levelOf(seconds: number, forecast: Forecast | undefined): Headroom["level"] {
  if (forecast !== undefined && forecast.seconds <= SOON_DONE_S) return "ok";
  if (seconds < CRITICAL_S) return "critical";
  return seconds < WARN_S ? "warning" : "ok";
}

export interface Backlog {
  readonly files: number;
  readonly bytes: number;
  /** Bytes that came in during the last `PACE_MS`; undefined or 0 where nothing did. */
  readonly recentBytes: number | undefined;
  /** Requests a minute that are allowed for downloads, for all data sources of the key together; undefined where unknown. */
  readonly requestsPerMinute: number | undefined;
  /** Files that wait in all data sources which share the allowance. */
  readonly sharedFiles: number;
}

/** Undefined where nothing waits, or nothing tells the pace. */
export function forecastOf(backlog: Backlog, now: Date): Forecast | undefined {
  const { files, bytes, recentBytes, requestsPerMinute, sharedFiles } = backlog;
  if (files === 0) return undefined;
  if (recentBytes && bytes > 0) return forecast((bytes / recentBytes) * (PACE_MS / 1_000), "measured", now);
  if (!requestsPerMinute) return undefined;
  return forecast((Math.max(files, sharedFiles) / requestsPerMinute) * 60, "allowance", now);
}

function forecast(amount: number, by: Forecast["by"], now: Date): Forecast {
  const seconds = Math.ceil(amount);
  return { seconds, at: new Date(now.getTime() + seconds * 1_000).toISOString(), by };
}
