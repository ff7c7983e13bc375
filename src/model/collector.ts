/** A named place or tenant; its name and id are stamped on every event of its collectors. */
export interface Site {
  /** Generated, `site_…`. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
}

/** One installed collector. Secrets are not in here; see `SecretInfo`. */
export interface Collector {
  /** Generated, `col_…`; stays when the collector is renamed. */
  readonly id: string;
  readonly name: string;
  readonly connector: string;
  /** The settings without the secret ones. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly dataSources: readonly string[];
  /** Data sources that are paused on their own. */
  readonly pausedDataSources: readonly string[];
  readonly siteId: string | undefined;
  /** IANA name. */
  readonly timezone: string | undefined;
  /** RFC 3339: nothing older is asked for; undefined: all that upstream still has. */
  readonly start: string | undefined;
  readonly pollIntervalMs: number;
  readonly overlapMs: number;
  /** A ceiling per key and route, or found out. */
  readonly requestsPerMinute: number | "auto";
  /** Events older than this are removed; undefined: kept. */
  readonly retentionDays: number | undefined;
  readonly paused: boolean;
  /** `file`: read from the configuration file and read-only in the console. */
  readonly managedBy: "console" | "file";
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What may be told of a secret. */
export interface SecretInfo {
  readonly name: string;
  readonly last4: string;
  readonly setAt: string;
}

/** A collector with everything the engine needs to run it; never leaves the process. */
export interface CollectorPlan {
  readonly collector: Collector;
  readonly site: Site | undefined;
  /** The settings with the secrets in place, parsed by the connector's schema; undefined where they cannot be had. */
  readonly settings: unknown;
  /** Why `settings` is undefined: a missing or wrong key of the data dir, a secret never entered. */
  readonly settingsError: { readonly reason: string; readonly message: string; readonly action: string } | undefined;
}

export const collectorDefaults = {
  pollIntervalMs: 60_000,
  overlapMs: 24 * 3_600_000,
  requestsPerMinute: "auto",
} as const;
