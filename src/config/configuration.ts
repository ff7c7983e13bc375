import type { AlertChannel, AlertRule, QuietHours, RuleSettings } from "../model/alerts.ts";
import type { InstalledDestination } from "../model/destinations.ts";
import type { Problem } from "./problems.ts";

/** A configuration file, read whole and found right. */
export interface Configuration {
  /** As the user named it. */
  readonly file: string;
  readonly sites: readonly ConfiguredSite[];
  readonly collectors: readonly ConfiguredCollector[];
  readonly destinations: readonly ConfiguredDestination[];
  /** Undefined where the file says nothing of alerts. */
  readonly alerts: ConfiguredAlerts | undefined;
  /** What is allowed and yet worth saying, such as two collectors on one workspace. */
  readonly warnings: readonly Problem[];
}

export interface ConfiguredSite {
  readonly name: string;
}

/** A collector as the file describes it, every default filled in. */
export interface ConfiguredCollector {
  readonly name: string;
  readonly connector: string;
  /** As written, substitutions made, without the secret ones. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The secret settings by name. Never to be printed. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly dataSources: readonly string[];
  /** Name of a site of the same file. */
  readonly site: string | undefined;
  readonly timezone: string | undefined;
  readonly start: string | undefined;
  readonly pollIntervalMs: number;
  readonly overlapMs: number;
  readonly requestsPerMinute: number | "auto";
  readonly retentionDays: number | undefined;
  /** Undefined where the file leaves it to the console. */
  readonly paused: boolean | undefined;
}

/** A destination as the file describes it. */
export interface ConfiguredDestination
  extends Pick<
    InstalledDestination,
    | "name"
    | "kind"
    | "settings"
    | "format"
    | "filter"
    | "masking"
    | "from"
    | "maxBatchEvents"
    | "maxBatchBytes"
    | "maxAgeMs"
  > {
  /** By name. Never to be printed. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Names of collectors of the same file; undefined: all. */
  readonly collectors: readonly string[] | undefined;
  /** Undefined where the file leaves it to the console. */
  readonly paused: boolean | undefined;
}

/** What the file says of alerts; what is undefined it leaves as it is. */
export interface ConfiguredAlerts {
  readonly channels: readonly ConfiguredChannel[];
  readonly rules: Partial<Readonly<Record<AlertRule, RuleSettings>>> | undefined;
  readonly reminderMs: number | undefined;
  readonly quietHours: QuietHours | undefined;
  readonly heartbeat: { readonly url: string; readonly intervalMs: number | undefined } | undefined;
  readonly allowNetworks: readonly string[] | undefined;
}

export interface ConfiguredChannel
  extends Pick<AlertChannel, "name" | "kind" | "settings" | "leastSeverity" | "enabled"> {
  /** By name. Never to be printed. */
  readonly secrets: Readonly<Record<string, string>>;
}
