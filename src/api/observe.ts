// What store and engine say at this moment; everything that a state is worked out from.
import { type Pace, paceSinceMs } from "../model/backlog.ts";
import type { EngineActivity, EngineControl } from "../model/engine.ts";
import { PACE_MS } from "../model/headroom.ts";
import type { Rhythm } from "../model/rhythm.ts";
import type { DataSourceState, DiskUse, StoreReader } from "../model/store.ts";
import { rhythmOf } from "./rhythms.ts";

export interface Observed {
  readonly states: readonly DataSourceState[];
  readonly activity: readonly EngineActivity[];
  readonly diskPaused: boolean;
  readonly disk?: DiskUse | undefined;
  /** Since when an engine runs in this process; undefined where none does. */
  readonly engineSince?: Date | undefined;
  readonly engineSilentSince?: Date | undefined;
  /** By state. */
  readonly rhythms?: ReadonlyMap<DataSourceState, Rhythm> | undefined;
  readonly recentBytes?: ReadonlyMap<DataSourceState, number> | undefined;
  /** Of those behind which files wait. */
  readonly paces?: ReadonlyMap<DataSourceState, Pace> | undefined;
  readonly now: Date;
}

export interface Observers {
  readonly reader: StoreReader;
  readonly engine: EngineControl;
  readonly startedAt: Date;
  readonly now: () => Date;
}

export async function observe({ reader, engine, startedAt, now }: Observers): Promise<Observed> {
  const at = now();
  const [stored, activity, diskPaused, engineSilentSince] = await Promise.all([
    observeStore(reader, at, startedAt),
    engine.activity(),
    engine.diskPaused(),
    engine.silentSince?.(),
  ]);
  return { ...stored, activity, diskPaused, engineSilentSince, engineSince: startedAt, now: at };
}

/** What the store alone tells, for whoever looks at the data folder from outside the server. */
export async function observeStore(reader: StoreReader, now: Date, startedAt?: Date) {
  const [states, disk] = await Promise.all([reader.dataSources(), reader.disk()]);
  const behind = ({ counts }: DataSourceState) => counts.filesPending > 0;
  const [rhythms, recentBytes, paces] = await Promise.all([
    byState(states, (state) => rhythmOf(reader, state, now)),
    byState(states, (state) => (behind(state) ? bytesTakenIn(reader, state, now) : undefined)),
    byState(states, (state) => (behind(state) ? paceOf(reader, state, { now, startedAt }) : undefined)),
  ]);
  return { states, disk, rhythms, recentBytes, paces };
}

async function paceOf(
  reader: StoreReader,
  { key }: DataSourceState,
  { now, startedAt }: { readonly now: Date; readonly startedAt: Date | undefined },
): Promise<Pace | undefined> {
  const sinceMs = paceSinceMs(now, startedAt);
  if (sinceMs === undefined) return undefined;
  return { ...(await reader.pace(key, sinceMs)), seconds: (now.getTime() - sinceMs) / 1_000 };
}

/** Undefined unless something came in all along: a pace that has only begun tells nothing. */
async function bytesTakenIn(reader: StoreReader, { key }: DataSourceState, now: Date): Promise<number | undefined> {
  const to = now.getTime();
  const parts = 3;
  const query = { sources: [key], by: "ingest", from: to - PACE_MS, to, stepMs: PACE_MS / parts } as const;
  const buckets = await reader.volume(query);
  return buckets.length === parts ? buckets.reduce((sum, { bytes }) => sum + bytes, 0) : undefined;
}

async function byState<T>(
  states: readonly DataSourceState[],
  ask: (state: DataSourceState) => Promise<T | undefined> | undefined,
): Promise<ReadonlyMap<DataSourceState, T>> {
  const answers = await Promise.all(states.map(async (state) => [state, await ask(state)] as const));
  return new Map(answers.flatMap(([state, answer]) => (answer === undefined ? [] : [[state, answer]])));
}
