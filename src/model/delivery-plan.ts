// A destination as the delivery engine needs it, and what the engine says of its work.
import type { CheckStep } from "./check.ts";
import type { FormatName } from "./outgoing.ts";
import type { EventFilter, Masking } from "./shaping.ts";

/** A destination with its secrets in place; never leaves the process. */
export interface DestinationPlan {
  /** Generated, `dest_…`. */
  readonly id: string;
  readonly name: string;
  /** The name of its kind, such as `splunk-hec`. */
  readonly kind: string;
  /** Parsed by the kind's schema; undefined where they cannot be had. */
  readonly settings: unknown;
  /** Why `settings` is undefined. */
  readonly settingsError: { readonly reason: string; readonly message: string; readonly action: string } | undefined;
  readonly format: FormatName;
  readonly filter: EventFilter | undefined;
  readonly masking: Masking | undefined;
  /** 64 hex digits: makes its pseudonyms. */
  readonly pseudonymKey: string;
  /** Whose events it gets. */
  readonly collectors: readonly { readonly id: string; readonly name: string; readonly connector: string }[];
  /** Where a collector's events begin that it has not had yet: with all that are held, or with the next. */
  readonly from: "start" | "now";
  readonly paused: boolean;
  /** Less than the kind's own limits; undefined: those. */
  readonly maxBatchEvents: number | undefined;
  readonly maxBatchBytes: number | undefined;
  readonly maxAgeMs: number | undefined;
}

export type DeliveryPhase =
  | "idle" // everything is delivered
  | "delivering"
  | "waiting" // for a batch to fill up, at most as long as its age allows
  | "retrying" // the other side does not take it; it is tried again
  | "halted" // the other side refuses us: a person has to act
  | "paused"
  | "unusable"; // its settings cannot be had

/** One answer of the other side, for people. */
export interface RecentAnswer {
  readonly at: string;
  readonly durationMs: number;
  readonly events: number;
  readonly bytes: number;
  readonly outcome: "taken" | "partly" | "refused" | "retry" | "halt";
  /** What was said; no secret, no content. */
  readonly detail: string | undefined;
}

export interface DeliveryActivity {
  readonly destinationId: string;
  readonly phase: DeliveryPhase;
  /** Why it does not get on; undefined while it does. */
  readonly problem:
    | {
        readonly code: string;
        readonly reason: string | undefined;
        readonly message: string;
        readonly action: string | undefined;
        readonly since: string;
      }
    | undefined;
  /** The breaker: `open` while nothing is tried, `trying` while one batch is, `closed` while all goes well. */
  readonly circuit: "closed" | "open" | "trying";
  /** When the next attempt is due, while it is open. */
  readonly nextAttemptAt: string | undefined;
  /** Over the last minute. */
  readonly eventsPerSecond: number;
  readonly bytesPerSecond: number;
  /** 95 of 100 batches of late were answered within so many milliseconds; undefined: none yet. */
  readonly latencyP95Ms: number | undefined;
  /** The last 20, the newest first. */
  readonly answers: readonly RecentAnswer[];
}

/** What steers the delivery engine. */
export interface DeliveryControl {
  /** Makes what is running match the plans. */
  apply(plans: readonly DestinationPlan[]): Promise<void>;
  /** Does what waits at once: a halted or retrying destination is tried, dead letters to be sent again are. */
  wake(destinationId: string): Promise<void>;
  activity(): Promise<readonly DeliveryActivity[]>;
  stop(graceMs: number): Promise<void>;
}

/** Tests a destination with settings that may not be saved yet, and delivers a marked test event. */
export interface DestinationTester {
  test(
    wanted: {
      readonly kind: string;
      readonly settings: unknown;
      readonly format: FormatName;
      /** Undefined: it is not installed yet. */
      readonly destinationId?: string | undefined;
    },
    signal: AbortSignal,
  ): AsyncIterable<CheckStep>;
}
