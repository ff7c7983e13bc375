import type { DataSourceKey } from "../model/event.ts";
import type { Lease, Store } from "../model/store.ts";

const DAY_MS = 24 * 3_600_000;
/** Rows per transaction: short enough that a commit beside it does not wait. */
const ROWS = 2_000;

/** Removes what is older than the collector keeps, oldest first, in short transactions. Returns how many events went. */
export async function applyRetention(
  store: Store,
  lease: Lease,
  key: DataSourceKey,
  { retentionDays, now, signal }: { retentionDays: number; now: Date; signal: AbortSignal },
): Promise<number> {
  const beforeUs = (now.getTime() - retentionDays * DAY_MS) * 1_000;
  let removed = 0;
  for (let last = ROWS; last > 0 && !signal.aborted; removed += last) {
    last = await store.removeExpired(lease, key, beforeUs, ROWS);
  }
  return removed;
}
