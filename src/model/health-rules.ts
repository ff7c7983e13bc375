// The rules of health that speak of faults: refusals, the disk, the network, Cistern itself.
import { spokenDuration } from "./duration.ts";
import { PACE_MS } from "./headroom.ts";
import type { Health, HealthCause, HealthFault } from "./health.ts";
import { ageMs, counted, type HealthInput } from "./health-input.ts";
import { networkVerdict } from "./health-network.ts";
import type { RecordedError } from "./store.ts";
import { utc } from "./support-message.ts";

/** What a rule has found; `healthOf` adds what is known besides. */
export interface Finding {
  readonly health: Health;
  readonly cause: HealthCause;
  readonly reason: string;
  readonly action?: string | undefined;
  readonly fault?: HealthFault | undefined;
  readonly facts?: readonly (readonly [string, string | undefined])[];
  readonly asksSupport?: boolean;
  /** The reason quotes what a call failed with. */
  readonly quotes?: boolean;
}

export type Rule = (input: HealthInput) => Finding | undefined;

/** More than this many files waiting is a backlog rather than the last poll's harvest. */
const BACKLOG_FILES = 3;
/** A call that has not gone well for this long is worth saying, however it fails. */
const UNREACHABLE_MS = 60_000;
/** Work of ours that has not moved for so long hangs: no step of it takes more than seconds. */
const OWN_BUDGET_MS = 75_000;
/** Waiting for the world is bounded too, by the limits of a request and of a wait for the rate. */
const OUTSIDE_BUDGET_MS = 45 * 60_000;
const THROTTLED_MS = 15 * 60_000;

const refusals: Readonly<Record<string, HealthCause>> = {
  scope_missing: "scope_missing",
  access_not_enabled: "scope_missing",
};

export function stoppedByError({ state }: HealthInput): Finding | undefined {
  const { error } = state;
  if (!error) return undefined;
  const { code, message: reason, action } = error;
  if (code === "auth_failed") {
    const cause = refusals[error.reason ?? ""] ?? (error.status === 403 ? "scope_missing" : "key_refused");
    return { health: "failed", cause, reason, action, fault: "key", quotes: true };
  }
  if (code === "config_invalid" || code === "rejected")
    return { health: "failed", cause: "configuration", reason, action, fault: "configuration", quotes: true };
  if (code !== "protocol") return undefined;
  // Where a page comes instead of data, something on the way has answered, or the address is another's.
  if (error.reason === "html_answer" || error.reason === "wrong_base_url")
    return { health: "degraded", cause: "network_ours", reason, action, fault: "network", quotes: true };
  return {
    health: "degraded",
    cause: "upstream_answers_wrong",
    reason,
    action,
    fault: "upstream",
    asksSupport: true,
    quotes: true,
  };
}

export function diskFull({ diskPaused, state, disk }: HealthInput): Finding | undefined {
  if (!diskPaused && state.error?.code !== "storage") return undefined;
  return {
    health: "degraded",
    cause: "disk_full",
    reason: "Ingestion waits: the disk is almost full",
    action: "Free disk space or shorten the retention; ingestion goes on by itself",
    fault: "disk",
    facts: [
      ["Free on the disk of the data folder", disk && `${megabytes(disk.freeBytes)} of ${megabytes(disk.totalBytes)}`],
    ],
  };
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1_000_000).toLocaleString("en-GB")} MB`;

/** Nobody is waited for, and yet nothing moves. */
export function ownFault(input: HealthInput): Finding | undefined {
  const stuck = engineSilent(input) ?? hanging(input) ?? overdue(input) ?? notRun(input);
  if (stuck === undefined) return undefined;
  return {
    health: "degraded",
    cause: "own_fault",
    reason: stuck.reason,
    action: "Restart Cistern: nothing is lost by it. Then report this, with the server's log",
    fault: "us",
    facts: [["Without progress since", utc(stuck.since)]],
  };
}

interface Stuck {
  readonly reason: string;
  readonly since: string;
}

function engineSilent({ engineSilentSince: since, now }: HealthInput): Stuck | undefined {
  if (since === undefined || now.getTime() - since.getTime() < OWN_BUDGET_MS) return undefined;
  return { reason: "The part of Cistern that collects does not answer", since: since.toISOString() };
}

function hanging({ activity, now }: HealthInput): Stuck | undefined {
  const { work } = activity ?? {};
  if (!work || ageMs(work.movedAt, now) < (work.outside ? OUTSIDE_BUDGET_MS : OWN_BUDGET_MS)) return undefined;
  const age = spokenDuration(ageMs(work.movedAt, now));
  return { reason: `Cistern has not moved on with ${work.what} for ${age}`, since: work.movedAt };
}

function overdue({ activity, now }: HealthInput): Stuck | undefined {
  const due = activity?.nextScanAt;
  if (!due || activity.work !== undefined || activity.phase === "scanning" || ageMs(due, now) < OWN_BUDGET_MS)
    return undefined;
  return { reason: `The look for files that was due ${spokenDuration(ageMs(due, now))} ago has not begun`, since: due };
}

/** The engine runs, and this data source is not among what it runs. */
function notRun({ activity, engineSince, now }: HealthInput): Stuck | undefined {
  if (activity !== undefined || engineSince === undefined) return undefined;
  if (now.getTime() - engineSince.getTime() < OWN_BUDGET_MS) return undefined;
  return { reason: "Cistern does not run this data source, although it should", since: engineSince.toISOString() };
}

export function unreachable(input: HealthInput): Finding | undefined {
  const { state, now, vendor = "upstream's" } = input;
  const { error } = state;
  if (!error) return undefined;
  const forMs = ageMs(error.since, now);
  if (error.code === "rate_limited") return forMs < THROTTLED_MS ? undefined : throttled(error, forMs);
  if (forMs < UNREACHABLE_MS) return undefined;
  const { cause, because } = networkVerdict(error, input);
  const theirs = cause === "upstream_failing";
  return {
    health: "degraded",
    cause,
    reason: `${error.message} for ${spokenDuration(forMs)}`,
    action: theirs ? `If it stays, contact ${vendor} support; a message is ready to send` : error.action,
    fault: cause === "network_ours" ? "network" : "upstream",
    facts: [["Why it lies there", because]],
    asksSupport: cause !== "network_ours",
    quotes: true,
  };
}

const throttled = ({ message, action }: RecordedError, forMs: number): Finding => ({
  health: "degraded",
  cause: "throttled",
  reason: `${message}: no look for files has ended for ${spokenDuration(forMs)}`,
  action: action ?? "See whether another program uses the same key, and give Cistern a key of its own",
  fault: "upstream",
  quotes: true,
});

export function lost({ state }: HealthInput): Finding | undefined {
  const { unacknowledgedGaps: gaps, unacknowledgedQuarantined: lines } = state.counts;
  if (gaps > 0)
    return {
      health: "degraded",
      cause: "gap",
      reason: `${counted(gaps, "gap")} that upstream can no longer fill`,
      action: "See the gaps, then acknowledge them",
      fault: "upstream",
    };
  if (lines === 0) return undefined;
  return {
    health: "degraded",
    cause: "set_aside",
    reason: `${counted(lines, "line or file", "lines or files")} set aside that could not be read`,
    action: "Look at what was set aside: retry the file, or acknowledge it",
    fault: "upstream",
  };
}

export function catchingUp({ state, now, recentBytes }: HealthInput): Finding | undefined {
  const { filesPending, filesDone } = state.counts;
  if (filesPending <= BACKLOG_FILES) return undefined;
  const percent = Math.floor((100 * filesDone) / (filesDone + filesPending));
  const behind = state.oldestPending ? `, oldest from ${spokenDuration(ageMs(state.oldestPending, now))} ago` : "";
  const reason = `${percent} % of the files listed; ${counted(filesPending, "file")} to go${behind}`;
  const pace = recentBytes === undefined ? undefined : `${megabytes(recentBytes)} in ${spokenDuration(PACE_MS)}`;
  return { health: "catching_up", cause: "catching_up", reason, facts: [["Taken in lately", pace]] };
}

/** Too early to call it degraded, but nobody may read "nothing new" while upstream cannot be asked. */
export function lastCallFailed({ state }: HealthInput): Finding | undefined {
  const { error } = state;
  if (!error) return undefined;
  const cause = error.code === "rate_limited" ? "throttled" : "call_failed";
  const fault = error.code === "rate_limited" ? "upstream" : "network";
  const reason = `The last call failed: ${error.message}. It is tried again`;
  return { health: "running", cause, reason, action: error.action, fault, quotes: true };
}
