export const healthStates = [
  "starting",
  "running",
  "catching_up",
  "idle",
  "degraded",
  "stalled_upstream",
  "failed",
  "paused",
] as const;

export type Health = (typeof healthStates)[number];

/** Why a data source is in its state: finer than the state, stable, and what alerts are told apart by. */
export const healthCauses = [
  "paused",
  "settings_missing", // a setting or secret that is not there, or cannot be opened
  "key_refused",
  "scope_missing", // the key is good and may not read this
  "configuration",
  "disk_full",
  "own_fault", // Cistern itself makes no progress
  "network_ours", // this machine, its proxy or its network
  "network_theirs", // upstream's machines do not answer, or break off
  "upstream_failing", // upstream answers that something is broken there
  "upstream_answers_wrong", // an answer without the documented shape
  "throttled",
  "gap",
  "set_aside", // lines or files that could not be read
  "starting",
  "catching_up",
  "call_failed", // too early to call it a fault
  "stalled_upstream",
  "unusually_quiet", // silent at a time of the week that was never silent
  "quiet",
  "nothing_yet",
  "collecting",
] as const;

export type HealthCause = (typeof healthCauses)[number];

/** Each cause as a sentence of ours: for messages that leave this machine, where nothing of upstream's own words may stand. */
export const causeSentences: Readonly<Record<HealthCause, string>> = {
  paused: "Paused by a person",
  settings_missing: "A setting or secret is missing or cannot be opened",
  key_refused: "Upstream refuses the key",
  scope_missing: "The key may not read this data source",
  configuration: "The configuration is refused",
  disk_full: "Ingestion waits: the disk is almost full",
  own_fault: "Cistern makes no progress",
  network_ours: "Upstream cannot be reached from this machine",
  network_theirs: "Upstream's machines do not answer, or break off",
  upstream_failing: "Upstream answers that something is broken there",
  upstream_answers_wrong: "Upstream's answers do not have the documented shape",
  throttled: "Upstream asks to wait",
  gap: "Events are lost that upstream can no longer give",
  set_aside: "Lines or files were set aside that could not be read",
  starting: "Looking for the first time at what upstream has",
  catching_up: "A backlog is being fetched",
  call_failed: "The last call failed; it is tried again",
  stalled_upstream: "Upstream publishes no new files",
  unusually_quiet: "Quieter than these hours of the week have been",
  quiet: "Nothing new",
  nothing_yet: "Upstream has nothing of this kind yet",
  collecting: "Collecting",
};

/** Who is at fault, or has to act. `us` is Cistern itself, `disk` this machine. */
export const healthFaults = ["none", "us", "network", "upstream", "key", "configuration", "disk"] as const;

export type HealthFault = (typeof healthFaults)[number];

/** The words for people. */
export const faultWords: Readonly<Record<HealthFault, string>> = {
  none: "nobody",
  us: "Cistern itself",
  network: "your network",
  upstream: "upstream",
  key: "your key",
  configuration: "the configuration",
  disk: "this machine",
};

/** One fact that a state rests on. Times in it are UTC; never content, never a secret. */
export interface Evidence {
  readonly fact: string;
  readonly value: string;
}

/** When a backlog will have been fetched, if it goes on as it does. */
export interface Forecast {
  readonly seconds: number;
  readonly at: string;
  /** `measured`: by what came in lately. `allowance`: by the requests that are allowed. */
  readonly by: "measured" | "allowance";
}

/** How long upstream still keeps the oldest of what is not collected. */
export interface Headroom {
  readonly seconds: number;
  /** When upstream deletes it. */
  readonly until: string;
  readonly level: "ok" | "warning" | "critical";
}

/** A state with the one sentence that says why, what that rests on, who is at fault, and the one action. */
export interface HealthReport {
  readonly health: Health;
  readonly cause: HealthCause;
  /** May quote what upstream answered. */
  readonly reason: string;
  /** The same in our own words alone, fit to leave this machine. */
  readonly summary: string;
  readonly action: string | undefined;
  readonly fault: HealthFault;
  readonly evidence: readonly Evidence[];
  /** A message to upstream's support, ready to send; only where upstream is late or failing. */
  readonly support: string | undefined;
  readonly forecast: Forecast | undefined;
  readonly headroom: Headroom | undefined;
}
