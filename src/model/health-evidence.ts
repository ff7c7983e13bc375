// The facts beside a state: what was seen, and when, in UTC.
import { spokenDuration } from "./duration.ts";
import type { Evidence, Forecast, Headroom, HealthCause } from "./health.ts";
import { ageMs, counted, type HealthInput } from "./health-input.ts";
import { utc } from "./support-message.ts";
import { latestOf } from "./time.ts";

type Facts = readonly (readonly [string, string | undefined])[];

const withoutCalls: ReadonlySet<HealthCause> = new Set(["settings_missing", "paused"]);

/** What is known of the data source, the facts that are special to the state first. */
export function evidenceOf(
  input: HealthInput,
  cause: HealthCause,
  special: Facts,
  { forecast, headroom }: { readonly forecast: Forecast | undefined; readonly headroom: Headroom | undefined },
): readonly Evidence[] {
  const facts: Facts = [
    ...special,
    ...(withoutCalls.has(cause) ? [] : callFacts(input)),
    ...eventFacts(input),
    ...backlogFacts(input, forecast),
    ["Upstream deletes the oldest of what is not collected", headroom && headroomText(headroom)],
  ];
  return facts.flatMap(([fact, value]) => (value === undefined ? [] : [{ fact, value }]));
}

function callFacts({ state, peers = [] }: HealthInput): Facts {
  const { error, lastSuccessAt, scans } = state;
  const failing = peers.filter((peer) => peer.error !== undefined).length;
  return [
    ["First failing call", error && `${utc(error.since)} (${codeText(error)})`],
    ["Latest failing call", error && `${utc(error.at)}, ${error.count.toLocaleString("en-GB")} in all`],
    ["Last call that went well", lastSuccessAt && utc(lastSuccessAt)],
    ["Last look for files that ended whole", latestOf(scans) && utc(latestOf(scans))],
    [
      "Other data sources of this collector",
      peers.length === 0 ? undefined : `${peers.length - failing} of ${peers.length} without a fault`,
    ],
  ];
}

const codeText = ({ code, reason, status }: NonNullable<HealthInput["state"]["error"]>) =>
  [status, reason ?? code].filter((part) => part !== undefined).join(", ");

function eventFacts({ state }: HealthInput): Facts {
  const { newestEvent, upstreamNewest, lastIngestedAt } = state;
  return [
    ["Newest event held", newestEvent && utc(newestEvent)],
    [
      "Newest event that upstream reports",
      upstreamNewest && `${utc(upstreamNewest.time)}, asked ${utc(upstreamNewest.askedAt)}`,
    ],
    ["Last event taken in", lastIngestedAt && utc(lastIngestedAt)],
  ];
}

function backlogFacts({ state, now }: HealthInput, forecast: Forecast | undefined): Facts {
  const { filesPending } = state.counts;
  if (filesPending === 0) return [];
  const oldest = state.oldestPending;
  const age =
    oldest === undefined ? "" : `, the oldest from ${utc(oldest)} (${spokenDuration(ageMs(oldest, now))} ago)`;
  return [
    ["Files listed and not stored", `${counted(filesPending, "file")}${age}`],
    ["Caught up, at this pace", forecast && `${utc(forecast.at)} (in ${spokenDuration(forecast.seconds * 1_000)})`],
  ];
}

const headroomText = ({ until, seconds }: Headroom) => `${utc(until)} (in ${spokenDuration(seconds * 1_000)})`;
