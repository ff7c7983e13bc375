import { spokenDuration } from "./duration.ts";
import { forecastOf, headroomOf } from "./headroom.ts";
import { causeSentences, type Health, type HealthReport } from "./health.ts";
import { evidenceOf } from "./health-evidence.ts";
import { ageMs, counted, type HealthInput } from "./health-input.ts";
import type { Finding, Rule } from "./health-rules.ts";
import { catchingUp, diskFull, lastCallFailed, lost, ownFault, stoppedByError, unreachable } from "./health-rules.ts";
import { noticedQuiet, steadyUntilNow } from "./rhythm.ts";
import { supportMessage, utc } from "./support-message.ts";
import { instantUs } from "./time.ts";

export type { HealthInput } from "./health-input.ts";

/** Upstream's own promise: an event stands in a file within 30 minutes (p99). Later than twice that is a stall. */
const STALL_MS = 60 * 60_000;
/** A data source with no event for this long is quiet. */
const QUIET_MS = 2 * 3_600_000;

/** The first rule that applies speaks; the gravest come first. */
const rules: readonly Rule[] = [
  paused,
  withoutSettings,
  stoppedByError,
  diskFull,
  ownFault,
  unreachable,
  lost,
  starting,
  catchingUp,
  lastCallFailed,
  stalledUpstream,
  unusuallyQuiet,
  quiet,
];

/** The state of one data source with its reason, its evidence, who is at fault and what to do. */
export function healthOf(input: HealthInput): HealthReport {
  const forecast = forecastFor(input);
  const headroom = headroomOf(input.state, forecast, input.now);
  const found = firstOf(input) ?? collecting(input);
  const { health, cause, reason, action, fault = "none", facts = [], asksSupport = false } = found;
  const summary = found.quotes ? causeSentences[cause] : reason;
  return {
    health,
    cause,
    reason,
    summary,
    action,
    fault,
    evidence: evidenceOf(input, cause, facts, { forecast, headroom }),
    support: asksSupport ? supportFor(input, summary) : undefined,
    forecast,
    headroom,
  };
}

function firstOf(input: HealthInput): Finding | undefined {
  for (const rule of rules) {
    const found = rule(input);
    if (found) return found;
  }
  return undefined;
}

function forecastFor({ state, activity, recentBytes, peers = [], now }: HealthInput) {
  const { filesPending, filesPendingBytes } = state.counts;
  const rates = Object.values(activity?.requestsPerMinute ?? {});
  const backlog = {
    files: filesPending,
    bytes: filesPendingBytes,
    recentBytes,
    requestsPerMinute: rates.length === 0 ? undefined : Math.min(...rates),
    sharedFiles: peers.reduce((sum, { counts }) => sum + counts.filesPending, filesPending),
  };
  return forecastOf(backlog, now);
}

function supportFor({ collector, state, upstreamType = state.key.dataSource, now }: HealthInput, observed: string) {
  return supportMessage({ collector, state, upstreamType, observed, now });
}

function collecting({ state, now }: HealthInput): Finding {
  const age = state.newestEvent && spokenDuration(ageMs(state.newestEvent, now));
  const reason = age === undefined ? "Collecting" : `The newest event is ${age} old`;
  return { health: "running", cause: "collecting", reason };
}

function paused({ collector, state }: HealthInput): Finding | undefined {
  const cause = "paused";
  const kept = "Upstream keeps its files for 30 days only";
  if (collector.paused)
    return {
      health: "paused",
      cause,
      reason: "Paused by a person",
      action: `Start the collector to go on where it stopped. ${kept}`,
    };
  if (!collector.pausedDataSources.includes(state.key.dataSource)) return undefined;
  return {
    health: "paused",
    cause,
    reason: "This data source is paused",
    action: `Start it to go on where it stopped. ${kept}`,
  };
}

function withoutSettings({ settingsError }: HealthInput): Finding | undefined {
  if (!settingsError) return undefined;
  const { message: reason, action } = settingsError;
  return { health: "failed", cause: "settings_missing", reason, action, fault: "configuration" };
}

function starting(input: HealthInput): Finding | undefined {
  const { scans } = input.state;
  if (scans.poll ?? scans.overlap ?? scans.deep) return undefined;
  const failed = lastCallFailed(input);
  if (failed) return { ...failed, health: "starting" };
  return { health: "starting", cause: "starting", reason: "Looking for the first time at what upstream has" };
}

const askSupport = (vendor = "upstream's") =>
  `Contact ${vendor} support to confirm that the API is running correctly, and to investigate and remedy the delay; a message is ready to send`;

interface Stall {
  readonly since: string;
  readonly reason: string;
}

/** Two grounds: upstream itself tells of what no file has brought, or a feed that is never silent is. */
function stalledUpstream(input: HealthInput): Finding | undefined {
  const { state, vendor, now, peers = [] } = input;
  if (state.counts.filesPending > 0) return undefined;
  const stall = toldAndMissing(input) ?? neverSilentBefore(input);
  if (stall === undefined) return undefined;
  const { since, reason } = stall;
  const alike = peers.filter((peer) => isBehindUpstream(peer, now)).length;
  return {
    health: "stalled_upstream",
    cause: "stalled_upstream",
    reason,
    action: askSupport(vendor),
    fault: "upstream",
    facts: [
      ["Without a new file since", `${utc(since)} (${spokenDuration(ageMs(since, now))})`],
      ["Other data sources that wait alike", peers.length === 0 ? undefined : `${alike} of ${peers.length}`],
    ],
    asksSupport: true,
  };
}

/** While upstream goes on telling newer events, the first of them that is missing counts. */
function toldAndMissing({ state, activity, now }: HealthInput): Stall | undefined {
  const since = activity?.missingSince ?? state.upstreamNewest?.time;
  if (!since || ageMs(since, now) < STALL_MS) return undefined;
  if ((instantUs(since) ?? 0) <= (instantUs(state.newestEvent ?? "") ?? 0)) return undefined;
  return { since, reason: `Upstream has had an event since ${utc(since)} and has published no file that holds it` };
}

function neverSilentBefore({ state, rhythm, now }: HealthInput): Stall | undefined {
  const since = state.newestEvent;
  if (since === undefined || rhythm === undefined) return undefined;
  if (!steadyUntilNow(rhythm, (instantUs(since) ?? 0) / 1_000, now.getTime())) return undefined;
  const reason = `Upstream has published nothing since ${utc(since)}, though every hour of the two days before had events`;
  return { since, reason };
}

function isBehindUpstream({ upstreamNewest, newestEvent }: HealthInput["state"], now: Date): boolean {
  const told = upstreamNewest?.time;
  return (
    told !== undefined && ageMs(told, now) >= STALL_MS && (instantUs(told) ?? 0) > (instantUs(newestEvent ?? "") ?? 0)
  );
}

/** Nothing new, although every earlier week had something at these hours. */
function unusuallyQuiet({ state, rhythm, vendor, now }: HealthInput): Finding | undefined {
  if (state.counts.filesPending > 0 || state.newestEvent === undefined || rhythm === undefined) return undefined;
  const noticed = noticedQuiet(rhythm, (instantUs(state.newestEvent) ?? 0) / 1_000, now.getTime());
  if (noticed === undefined) return undefined;
  const { fromMs, toMs, events, usual } = noticed;
  const hours = `${utc(new Date(fromMs).toISOString())} to ${utc(new Date(toMs).toISOString())}`;
  return {
    health: "idle",
    cause: "unusually_quiet",
    reason: `Unusually quiet: ${counted(events, "event")} where these hours of the week had ${counted(usual.least, "event")} or more`,
    action: `If people do use it at this time, ${askSupport(vendor)}`,
    fault: "upstream",
    facts: [
      ["Quiet", hours],
      ["Usual at these hours of the week", `${counted(usual.middle, "event")}, in ${usual.weeks} weeks`],
    ],
    asksSupport: true,
  };
}

function quiet({ state, now }: HealthInput): Finding | undefined {
  if (state.counts.filesPending > 0) return undefined;
  if (state.newestEvent === undefined) {
    return { health: "idle", cause: "nothing_yet", reason: "Upstream has nothing of this kind yet" };
  }
  const age = ageMs(state.newestEvent, now);
  if (age < QUIET_MS) return undefined;
  return { health: "idle", cause: "quiet", reason: `Nothing new; the newest event is ${spokenDuration(age)} old` };
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

/** A silence that was noticed is graver than a run without a fault. */
const weight = ({ health, cause }: HealthReport) =>
  cause === "unusually_quiet" ? gravity.indexOf("starting") - 0.5 : gravity.indexOf(health);

const levels = ["critical", "warning", "ok"] as const;

/** The report of the collector as a whole: the gravest of its data sources, with the shortest headroom of all. */
export function worstOf(reports: readonly HealthReport[]): HealthReport {
  const [gravest] = reports.toSorted((a, b) => weight(a) - weight(b));
  if (gravest === undefined) return nothingRun;
  const rooms = reports.flatMap(({ headroom }) => headroom ?? []);
  const [shortest] = rooms.toSorted(
    (a, b) => levels.indexOf(a.level) - levels.indexOf(b.level) || a.seconds - b.seconds,
  );
  return { ...gravest, headroom: shortest };
}

const nothingRun: HealthReport = {
  health: "starting",
  cause: "starting",
  reason: "Nothing has run yet",
  summary: "Nothing has run yet",
  action: undefined,
  fault: "none",
  evidence: [],
  support: undefined,
  forecast: undefined,
  headroom: undefined,
};
