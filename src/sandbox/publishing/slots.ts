import { MINUTE_MS } from "../instants.ts";
import { randomOf } from "../random.ts";

const HISTORY_STEP_MS = 10 * MINUTE_MS;

/**
 * The intervals that become files. Slot `k` of a stream ends at `endUs(stream, k)` and begins where slot `k - 1` ends. Slots up to 0
 * have ten minutes, later ones the interval of the settings; each stream ends its slots a little later than the grid, by its own amount.
 */
export interface SlotGrid {
  /** End of a slot in µs since 1970. */
  endUs(stream: number, slot: number): number;
  /** The slot whose interval holds this instant: the first that ends at or after it. */
  slotAt(stream: number, us: number): number;
}

/** The grid of a sandbox that starts at `startAtMs`. */
export function slotGrid(seed: number, startAtMs: number, fileIntervalMs: number): SlotGrid {
  const originMs = Math.floor(startAtMs / HISTORY_STEP_MS) * HISTORY_STEP_MS;
  const stepOf = (slot: number) => (slot <= 0 ? HISTORY_STEP_MS : fileIntervalMs);
  const gridMs = (slot: number) => originMs + slot * stepOf(slot);

  function endUs(stream: number, slot: number): number {
    const random = randomOf(seed, "slot end", stream, gridMs(slot));
    const latestUs = Math.floor(Math.min(20_000, stepOf(slot) * 0.2, fileIntervalMs * 0.2) * 1000);
    const exactUs = gridMs(slot) * 1000 + random.between(0, latestUs);
    return random.chance(0.1) ? Math.ceil(exactUs / 1_000_000) * 1_000_000 : exactUs;
  }

  function slotAt(stream: number, us: number): number {
    const sinceMs = us / 1000 - originMs;
    let slot = Math.floor(sinceMs / stepOf(sinceMs <= 0 ? 0 : 1)) - 1;
    while (endUs(stream, slot) < us) slot += 1;
    return slot;
  }

  return { endUs, slotAt };
}
