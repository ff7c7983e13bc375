import type { EventsHistogram } from "../Events/events-api.ts";

export interface Bucket {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly events: number;
}

const MOST = 2_000;

/** Every bucket of the period, also the empty ones that the server leaves out. */
export function allBuckets({ stepMs, from, to, buckets }: EventsHistogram): readonly Bucket[] {
  const start = new Date(from).getTime();
  const end = new Date(to).getTime();
  if (!(stepMs > 0) || !(end > start)) return buckets.map(({ at, events }) => ({ from: at, to: at + stepMs, events }));
  const found = new Map(buckets.map(({ at, events }) => [at, events]));
  const offset = (buckets[0]?.at ?? start) % stepMs;
  const first = Math.floor((start - offset) / stepMs) * stepMs + offset;
  const length = Math.min(MOST, Math.max(1, Math.ceil((end - first) / stepMs)));
  return Array.from({ length }, (_, index) => {
    const at = first + index * stepMs;
    return { from: at, to: at + stepMs, events: found.get(at) ?? 0 };
  });
}

/** `1 min`, `12 h`, `7 d`: the width of a bucket. */
export function stepName(stepMs: number): string {
  const seconds = stepMs / 1_000;
  const units = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
  ] as const;
  const [divisor, unit] = units.find(([size]) => seconds >= size && seconds % size === 0) ?? [1, "s"];
  return `${Number((seconds / divisor).toFixed(2))} ${unit}`;
}
