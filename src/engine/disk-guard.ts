// Ingestion pauses before the disk is full, and goes on by itself. Reading, removing and alarms are not held up.
import type { Logger } from "../model/log.ts";
import type { DiskUse, Store } from "../model/store.ts";
import { createBell, rungWithin } from "./bell.ts";
import type { Sleep } from "./source-context.ts";

/** While paused, or with little more than the reserve free. */
const LOOK_EVERY_MS = 10_000;
const LONGEST_WAIT_MS = 3_600_000;
/** Nothing fills a disk faster: with much free the next look can wait. */
const FASTEST_FILL_BYTES_PER_MS = 1_000_000;
const MAX_RESERVE_BYTES = 512 * 1024 * 1024;
const RESERVE_SHARE = 0.05;
/** Ingestion goes on only when clearly more than the reserve is free, so that it does not flutter. */
const RESUME_FACTOR = 1.2;

export interface DiskGuard {
  readonly paused: boolean;
  /** Resolves when ingestion may go on, or the signal aborts. */
  room(signal: AbortSignal): Promise<void>;
  /** Looks until the signal aborts. */
  watch(signal: AbortSignal): Promise<void>;
  /** A write failed for want of space: pause at once. */
  full(): void;
}

export function createDiskGuard(store: Pick<Store, "disk">, options: { sleep: Sleep; log: Logger }): DiskGuard {
  const bell = createBell();
  const alarm = createBell();
  let paused = false;
  const pause = (facts: Record<string, unknown>) => {
    if (!paused) options.log.error(facts, "ingestion paused: the disk is almost full");
    paused = true;
  };
  const look = async () => {
    const use = await store.disk();
    const reserve = reserveBytes(use);
    if (use.freeBytes < reserve) pause({ freeBytes: use.freeBytes, reserve });
    else if (paused && use.freeBytes >= reserve * RESUME_FACTOR) {
      paused = false;
      options.log.info({ freeBytes: use.freeBytes }, "ingestion goes on: the disk has room again");
      bell.ring();
    }
    return paused ? LOOK_EVERY_MS : (use.freeBytes - reserve) / FASTEST_FILL_BYTES_PER_MS;
  };
  return {
    get paused() {
      return paused;
    },
    full() {
      pause({});
      alarm.ring();
    },
    async room(signal) {
      while (paused && !signal.aborted) await rungWithin(bell.next(), LOOK_EVERY_MS, options.sleep, signal);
    },
    async watch(signal) {
      while (!signal.aborted) {
        const alarmed = alarm.next();
        const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(LOOK_EVERY_MS, await look()));
        const cutShort = await rungWithin(alarmed, waitMs, options.sleep, signal);
        // Not at once: what has just failed for want of space would fail again.
        if (cutShort) await options.sleep(LOOK_EVERY_MS, signal);
      }
    },
  };
}

/** What must stay free: 5 % of the disk, but no more than 512 MB. */
export function reserveBytes({ totalBytes }: Pick<DiskUse, "totalBytes">): number {
  return Math.min(MAX_RESERVE_BYTES, totalBytes * RESERVE_SHARE);
}
