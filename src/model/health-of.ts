import type { Collector } from "./collector.ts";
import { spokenDuration } from "./duration.ts";
import type { EngineActivity } from "./engine.ts";
import type { Health, HealthReport } from "./health.ts";
import type { DataSourceState } from "./store.ts";
import { instantUs } from "./time.ts";

export interface HealthInput {
  readonly state: DataSourceState;
  readonly collector: Collector;
  /** Why the settings cannot be had, if so: a secret that is missing or cannot be opened. */
  readonly settingsError?: { readonly reason: string; readonly message: string; readonly action: string } | undefined;
  /** Undefined where no engine runs in this process. */
  readonly activity?: EngineActivity | undefined;
  readonly now: Date;
  readonly diskPaused: boolean;
}

/** Upstream's own promise: an event stands in a file within 30 minutes (p99). Later than twice that is a stall. */
const STALL_MS = 60 * 60_000;
/** A data source with no event for this long is quiet. */
const QUIET_MS = 2 * 3_600_000;
/** More than this many files waiting is a backlog rather than the last poll's harvest. */
const BACKLOG_FILES = 3;
/** A call that has not gone well for this long is worth saying, however it fails. */
const UNREACHABLE_MS = 5 * 60_000;

type Rule = (input: HealthInput) => HealthReport | undefined;

/** The state of one data source with its reason. The first rule that applies speaks; the gravest come first. */
export function healthOf(input: HealthInput): HealthReport {
  for (const rule of rules) {
    const report = rule(input);
    if (report) return report;
  }
  return report("running", freshness(input));
}

function freshness({ state, now }: HealthInput): string {
  if (state.newestEvent === undefined) return "Collecting";
  return `The newest event is ${spokenDuration(ageMs(state.newestEvent, now))} old`;
}

const rules: readonly Rule[] = [
  paused,
  withoutSettings,
  stoppedByError,
  diskFull,
  unreachable,
  lost,
  starting,
  catchingUp,
  lastCallFailed,
  stalledUpstream,
  quiet,
];

function paused({ collector, state }: HealthInput) {
  if (collector.paused) return report("paused", "Paused by a person", "Start the collector to go on where it stopped");
  if (!collector.pausedDataSources.includes(state.key.dataSource)) return undefined;
  return report("paused", "This data source is paused", "Start it to go on where it stopped");
}

function withoutSettings({ settingsError }: HealthInput) {
  if (!settingsError) return undefined;
  return report("failed", settingsError.message, settingsError.action, "configuration");
}

function stoppedByError({ state }: HealthInput) {
  const { error } = state;
  if (!error) return undefined;
  if (error.code === "auth_failed") return report("failed", error.message, error.action, "key");
  if (error.code === "config_invalid" || error.code === "rejected") {
    return report("failed", error.message, error.action, "configuration");
  }
  if (error.code === "protocol") return report("degraded", error.message, error.action, "upstream");
  return undefined;
}

function diskFull({ diskPaused, state }: HealthInput) {
  if (!diskPaused && state.error?.code !== "storage") return undefined;
  const action = "Free disk space or shorten the retention; ingestion goes on by itself";
  return report("degraded", "Ingestion waits: the disk is almost full", action, "disk");
}

function unreachable({ state, now }: HealthInput) {
  const { error } = state;
  if (error?.code === "rate_limited") return undefined;
  if (!error || ageMs(error.since, now) < UNREACHABLE_MS) return undefined;
  const since = `for ${spokenDuration(ageMs(error.since, now))}`;
  return report(
    "degraded",
    `${error.message} ${since}`,
    error.action,
    error.reason === "server_error" ? "upstream" : "network",
  );
}

function lost({ state }: HealthInput) {
  const { unacknowledgedGaps: gaps, unacknowledgedQuarantined: lines } = state.counts;
  if (gaps > 0)
    return report(
      "degraded",
      `${count(gaps, "gap")} that upstream can no longer fill`,
      "See the gaps, then acknowledge them",
      "upstream",
    );
  if (lines === 0) return undefined;
  const action = "Look at what was set aside: retry the file, or acknowledge it";
  return report(
    "degraded",
    `${count(lines, "line or file", "lines or files")} set aside that could not be read`,
    action,
    "upstream",
  );
}

function starting({ state }: HealthInput) {
  if (state.scans.poll ?? state.scans.overlap ?? state.scans.deep) return undefined;
  return report("starting", "Looking for the first time at what upstream has");
}

function catchingUp({ state, now }: HealthInput) {
  const { filesPending, filesDone } = state.counts;
  if (filesPending <= BACKLOG_FILES) return undefined;
  const percent = Math.floor((100 * filesDone) / (filesDone + filesPending));
  const behind = state.oldestPending ? `, oldest from ${spokenDuration(ageMs(state.oldestPending, now))} ago` : "";
  return report("catching_up", `${percent} % of the files listed; ${count(filesPending, "file")} to go${behind}`);
}

/** Too early to call it degraded, but nobody may read "nothing new" while upstream cannot be asked. */
function lastCallFailed({ state }: HealthInput) {
  const { error } = state;
  if (!error) return undefined;
  return report("running", `The last call failed: ${error.message}. It is tried again`, error.action, "network");
}

function stalledUpstream({ state, now }: HealthInput) {
  const newest = state.upstreamNewest?.time;
  if (!newest || state.counts.filesPending > 0 || ageMs(newest, now) < STALL_MS) return undefined;
  const ours = state.newestEvent;
  if (ours && (instantUs(newest) ?? 0) <= (instantUs(ours) ?? 0)) return undefined;
  const action = "Ask OpenAI support whether their Compliance API is running as it should";
  const reason = `Upstream says its newest event is from ${newest}, but has published no file that holds it`;
  return report("stalled_upstream", reason, action, "upstream");
}

function quiet({ state, now }: HealthInput) {
  if (state.counts.filesPending > 0) return undefined;
  if (state.newestEvent === undefined) return report("idle", "Upstream has nothing of this kind yet");
  const age = ageMs(state.newestEvent, now);
  if (age < QUIET_MS) return undefined;
  return report("idle", `Nothing new; the newest event is ${spokenDuration(age)} old`);
}

const gravity: readonly Health[] = [
  "failed",
  "stalled_upstream",
  "degraded",
  "catching_up",
  "starting",
  "running",
  "idle",
  "paused",
];

/** The report of the collector as a whole: the gravest of its data sources. `starting` where there is none. */
export function worstOf(reports: readonly HealthReport[]): HealthReport {
  const byGravity = [...reports].sort((a, b) => gravity.indexOf(a.health) - gravity.indexOf(b.health));
  return byGravity[0] ?? report("starting", "Nothing has run yet");
}

function report(health: Health, reason: string, action?: string, fault: HealthReport["fault"] = "none"): HealthReport {
  return { health, reason, action, fault };
}

const ageMs = (text: string, now: Date) => now.getTime() - (instantUs(text) ?? 0) / 1_000;

const count = (amount: number, one: string, many = `${one}s`) =>
  `${amount.toLocaleString("en-GB")} ${amount === 1 ? one : many}`;
