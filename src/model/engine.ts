import type { CheckStep } from "./check.ts";
import type { CollectorPlan } from "./collector.ts";
import type { DataSourceKey } from "./event.ts";
import type { RewindForecast } from "./rewind.ts";

/** A look for files, or a file, that is being worked on. */
export interface WorkInHand {
  readonly what: string;
  readonly movedAt: string;
  /** Waits for upstream, or for the rate that upstream allows. */
  readonly outside: boolean;
}

/** Answers of upstream since the start, by route and status; 0 stands for no answer. */
export interface RequestCount {
  readonly route: string;
  readonly status: number;
  readonly count: number;
}

/** What the engine is doing this moment; not durable. */
export interface EngineActivity {
  readonly key: DataSourceKey;
  /** `waiting`: for the next poll. */
  readonly phase: "waiting" | "scanning" | "fetching" | "backing_off" | "stopped";
  readonly nextScanAt: string | undefined;
  readonly filesInWork: number;
  /** Requests a minute that the budgets now allow, by route. */
  readonly requestsPerMinute: Readonly<Record<string, number>>;
  /** What has not moved for longest; undefined between two looks. */
  readonly work?: WorkInHand | undefined;
  /** Time of the first event that upstream is known to have and that no file has brought yet. */
  readonly missingSince?: string | undefined;
  readonly requests?: readonly RequestCount[];
  /** Upstream's clock less ours, ms, at its latest answer; undefined before one told. */
  readonly clockSkewMs?: number | undefined;
}

/** What the API and the CLI may ask of the engine. */
export interface EngineControl {
  /** The collectors as they now are: starts what is new, restarts what changed, stops what is gone or paused. */
  apply(plans: readonly CollectorPlan[]): Promise<void>;
  activity(): Promise<readonly EngineActivity[]>;
  /** Looks for new files now instead of at the next poll. */
  scanNow(collectorId: string): Promise<void>;
  /**
   * What a rewind of a data source to an instant would fetch, by listing alone: minutes, where there is much to list. Throws
   * `rejected` where it cannot be rewound there, and what upstream throws.
   */
  forecastRewind(plan: CollectorPlan, dataSource: string, to: string): Promise<RewindForecast>;
  /** True while ingestion waits for free disk. */
  diskPaused(): Promise<boolean>;
  /** Since when it has not answered; undefined while it does. */
  silentSince?(): Promise<Date | undefined>;
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
