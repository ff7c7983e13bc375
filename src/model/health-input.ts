import type { Collector } from "./collector.ts";
import type { EngineActivity } from "./engine.ts";
import type { Rhythm } from "./rhythm.ts";
import type { DataSourceState, DiskUse } from "./store.ts";
import { instantUs } from "./time.ts";

/** Everything that the state of a data source is worked out from. What is absent is not known here. */
export interface HealthInput {
  readonly state: DataSourceState;
  readonly collector: Collector;
  /** Why the settings cannot be had, if so: a secret that is missing or cannot be opened. */
  readonly settingsError?: { readonly reason: string; readonly message: string; readonly action: string } | undefined;
  /** Undefined where no engine runs in this process, or it does not run this data source. */
  readonly activity?: EngineActivity | undefined;
  /** Since when an engine of this process has run the collector; undefined where none does. */
  readonly engineSince?: Date | undefined;
  /** Since when the engine has not answered. */
  readonly engineSilentSince?: Date | undefined;
  readonly now: Date;
  readonly diskPaused: boolean;
  readonly disk?: DiskUse | undefined;
  /** The other data sources that are collected with the same settings, and those of other collectors. */
  readonly peers?: readonly DataSourceState[] | undefined;
  readonly others?: readonly DataSourceState[] | undefined;
  /** Whose API it is, and what it calls the data source. */
  readonly vendor?: string | undefined;
  readonly upstreamType?: string | undefined;
  readonly rhythm?: Rhythm | undefined;
  /** Bytes that came in lately: see `PACE_MS`. */
  readonly recentBytes?: number | undefined;
}

export const ageMs = (text: string, now: Date): number => now.getTime() - (instantUs(text) ?? 0) / 1_000;

export const counted = (amount: number, one: string, many = `${one}s`): string =>
  `${amount.toLocaleString("en-GB")} ${amount === 1 ? one : many}`;
