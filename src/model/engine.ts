import type { CheckStep } from "./check.ts";
import type { CollectorPlan } from "./collector.ts";
import type { DataSourceKey } from "./event.ts";

/** What the engine is doing this moment; not durable. */
export interface EngineActivity {
  readonly key: DataSourceKey;
  /** `waiting`: for the next poll. */
  readonly phase: "waiting" | "scanning" | "fetching" | "backing_off" | "stopped";
  readonly nextScanAt: string | undefined;
  readonly filesInWork: number;
  /** Requests a minute that the budgets now allow, by route. */
  readonly requestsPerMinute: Readonly<Record<string, number>>;
}

/** What the API and the CLI may ask of the engine. */
export interface EngineControl {
  /** The collectors as they now are: starts what is new, restarts what changed, stops what is gone or paused. */
  apply(plans: readonly CollectorPlan[]): Promise<void>;
  activity(): Promise<readonly EngineActivity[]>;
  /** Looks for new files now instead of at the next poll. */
  scanNow(collectorId: string): Promise<void>;
  /** True while ingestion waits for free disk. */
  diskPaused(): Promise<boolean>;
  /** Finishes what is in work, up to `graceMs`, then lets go. Nothing is lost either way. */
  stop(graceMs: number): Promise<void>;
}

/** Tests a connection with settings that may not be saved yet. */
export interface ConnectionTester {
  test(
    connector: string,
    settings: unknown,
    dataSources: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<CheckStep>;
}
