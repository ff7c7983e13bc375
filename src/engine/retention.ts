import type { DataSourceKey } from "../model/event.ts";
import type { Lease, Store } from "../model/store.ts";

const DAY_MS = 24 * 3_600_000;
/** Rows per transaction: short enough that a commit beside it does not wait. */
const ROWS = 2_000;

/** Hears that a data source's events of before an instant are gone, µs since 1970; what it does about it ends with the signal. */
export type OnRemoved = (key: DataSourceKey, beforeUs: number, signal: AbortSignal) => Promise<void>;

/**
 * Removes what is older than the collector keeps, oldest first, in short transactions. `onRemoved` is told each time, also when
 * nothing was left to remove: it may have missed an earlier word. Returns how many events went.
 */
export async function applyRetention(
  store: Store,
  lease: Lease,
  key: DataSourceKey,
  {
    retentionDays,
    now,
    signal,
    onRemoved,
  }: { retentionDays: number; now: Date; signal: AbortSignal; onRemoved?: OnRemoved | undefined },
): Promise<number> {
  const beforeUs = (now.getTime() - retentionDays * DAY_MS) * 1_000;
  let removed = 0;
  for (let last = ROWS; last > 0 && !signal.aborted; removed += last) {
    last = await store.removeExpired(lease, key, beforeUs, ROWS);
  }
  if (!signal.aborted) await onRemoved?.(key, beforeUs, signal);
  return removed;
}
