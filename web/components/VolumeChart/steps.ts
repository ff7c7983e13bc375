import type { Volume } from "../../api-types.ts";

type Bucket = Volume["buckets"][number];

interface Columns {
  /** Seconds since 1970, one for each step of the period. */
  readonly times: number[];
  /** `null` where nothing was counted: a gap, never zero. */
  readonly events: (number | null)[];
  readonly buckets: (Bucket | undefined)[];
}

/** The buckets as columns on an even grid, so that a bucket that is missing shows as a gap. */
export function columnsOf({
  stepMs,
  buckets,
  from,
  to,
}: Volume & { readonly from: number; readonly to: number }): Columns {
  const byTime = new Map(buckets.map((bucket) => [bucket.at, bucket]));
  const first = buckets[0]?.at ?? Math.floor(from / stepMs) * stepMs;
  const start = first - Math.ceil((first - from) / stepMs) * stepMs;
  const columns: Columns = { times: [], events: [], buckets: [] };
  for (let at = start; at < to; at += stepMs) {
    const bucket = byTime.get(at);
    columns.times.push(at / 1_000);
    columns.events.push(bucket?.events ?? null);
    columns.buckets.push(bucket);
  }
  return columns;
}
