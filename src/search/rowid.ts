// Row numbers of the index are led by event time, so that "newest first" and a range of time are plain ranges of rows.

/** Rows of one instant: 2 to this power. */
export const slotBits = 11n;
const slotMask = (1n << slotBits) - 1n;
const earliestUs = 0;
// In the year 2109: a row number has 64 bits. What claims to be later stands there.
const latestUs = 4_400_000_000_000_000;

/** The first row of an instant, µs since 1970. An instant before 1970 or after 2109 has the row of that limit. */
export function firstRow(timeKey: number): bigint {
  const within = Math.min(Math.max(timeKey, earliestUs), latestUs);
  return BigInt(Math.trunc(within)) << slotBits;
}

/** The last row of the instant that `row` belongs to. */
export const lastRow = (row: bigint): bigint => row | slotMask;

/** The instant a row stands at, µs since 1970. */
export const timeOfRow = (row: bigint): number => Number(row >> slotBits);

/** Rows of the events in [from, to), both µs; undefined is open. */
export function rowRange(fromUs: number | undefined, toUs: number | undefined): readonly [bigint, bigint] {
  const from = fromUs === undefined || fromUs <= earliestUs ? 0n : firstRow(Math.ceil(fromUs));
  const to = toUs === undefined || toUs > latestUs ? (1n << 63n) - 1n : firstRow(Math.ceil(toUs)) - 1n;
  return [from, to];
}
