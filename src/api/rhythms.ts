import { learnRhythm, RHYTHM_REACH_MS, RHYTHM_STEP_MS, type Rhythm } from "../model/rhythm.ts";
import type { DataSourceState, StoreReader } from "../model/store.ts";
import { instantUs } from "../model/time.ts";

/** What was learned is used for so long: it is weeks that teach. Where events have come in since, a backlog say, for less long. */
const FRESH_MS = 10 * 60_000;
const FRESH_WHILE_GROWING_MS = 30_000;

interface Learned {
  readonly atMs: number;
  readonly events: number;
  readonly rhythm: Rhythm | undefined;
}

// Each page of the console asks; the weeks are read once for all of them.
const learnedFrom = new WeakMap<Pick<StoreReader, "volume">, Map<string, Learned>>();

/** What is usual for a data source, from the weeks before its newest event; undefined where it has none. */
export async function rhythmOf(
  reader: Pick<StoreReader, "volume">,
  { key, newestEvent, counts: { events } }: DataSourceState,
  now: Date,
): Promise<Rhythm | undefined> {
  const newestUs = instantUs(newestEvent ?? "");
  if (newestUs === undefined) return undefined;
  const learned = learnedFrom.get(reader) ?? new Map<string, Learned>();
  learnedFrom.set(reader, learned);
  const name = JSON.stringify([key.collectorId, key.dataSource]);
  const known = learned.get(name);
  const freshMs = known?.events === events ? FRESH_MS : FRESH_WHILE_GROWING_MS;
  if (known && Math.abs(now.getTime() - known.atMs) < freshMs) return known.rhythm;
  const whole = (ms: number) => Math.floor(ms / RHYTHM_STEP_MS) * RHYTHM_STEP_MS;
  const newestMs = Math.min(newestUs / 1_000, now.getTime());
  const from = whole(newestMs - RHYTHM_REACH_MS);
  const to = whole(now.getTime()) + RHYTHM_STEP_MS;
  const buckets = await reader.volume({ sources: [key], by: "event", from, to, stepMs: RHYTHM_STEP_MS });
  const rhythm = learnRhythm(buckets);
  learned.set(name, { atMs: now.getTime(), events, rhythm });
  return rhythm;
}
