import type { DataSourceState, ScanKind } from "../model/store.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How far each kind of scan looks back before the cursor. The overlap's own length is a setting of the collector. */
export const POLL_WINDOW_MS = 2 * HOUR_MS;
export const DEEP_WINDOW_MS = 29 * DAY_MS;

/** The widest kind of scan that is due; the first one of all is deep. */
export function dueScan(state: Pick<DataSourceState, "scans">, now: Date): ScanKind {
  if (isOlder(state.scans.deep, DAY_MS, now)) return "deep";
  const newestWide = latest(state.scans.deep, state.scans.overlap);
  return isOlder(newestWide, HOUR_MS, now) ? "overlap" : "poll";
}

export function windowMs(kind: ScanKind, overlapMs: number): number {
  if (kind === "poll") return Math.min(POLL_WINDOW_MS, overlapMs);
  return kind === "overlap" ? overlapMs : Math.max(DEEP_WINDOW_MS, overlapMs);
}

// A clock that was set back must not put a scan off for ever: a scan of the future is as good as none.
function isOlder(at: string | undefined, ms: number, now: Date): boolean {
  if (at === undefined) return true;
  const age = now.getTime() - Date.parse(at);
  return age >= ms || age < 0;
}

function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Date.parse(a) > Date.parse(b) ? a : b;
}
