import { spokenDuration } from "../model/duration.ts";
import { faultWords, type HealthCause } from "../model/health.ts";
import type { Output } from "./cli.ts";
import { healthMark, paint } from "./marks.ts";
import { plainText } from "./plain-text.ts";
import type { CollectorStatus, DataSourceStatus, StatusReport } from "./status-report.ts";
import { type Column, orDash, spokenBytes, spokenNumber, tableLines } from "./table.ts";

const columns: readonly Column[] = [
  { heading: "DATA SOURCE" },
  { heading: "HEALTH" },
  { heading: "EVENTS", align: "right" },
  { heading: "LAG", align: "right" },
  { heading: "COMPLETE THROUGH" },
  { heading: "PENDING", align: "right" },
  { heading: "GAPS", align: "right" },
  { heading: "SET ASIDE", align: "right" },
];

/** `status` for people: a table for each collector, and below it what is not as it should be. */
export function statusLines({ collectors }: StatusReport, output: Output): readonly string[] {
  if (collectors.length === 0) return ["No collector is installed yet."];
  return collectors.flatMap((collector, index) => [...(index > 0 ? [""] : []), ...collectorLines(collector, output)]);
}

function collectorLines(collector: CollectorStatus, output: Output): readonly string[] {
  const title = `${paint("bold", plainText(collector.name), output)} (${collector.connector})`;
  const rows = collector.data_sources.map((source) => rowOf(source, output));
  return [
    `${title}  ${healthMark(collector.health, output)}`,
    ...tableLines(columns, rows).map((line) => `  ${line}`),
    ...collector.data_sources.flatMap((source) => [...backlogLine(source), ...rewindLine(source)]),
    ...collector.data_sources.filter(worthSaying).flatMap((source) => explanation(source)),
    ...supportLines(collector),
  ];
}

function rowOf(source: DataSourceStatus, output: Output): readonly string[] {
  return [
    plainText(source.name),
    healthMark(source.health, output),
    spokenNumber(source.events),
    orDash(source.lag_seconds === undefined ? undefined : spokenDuration(source.lag_seconds * 1_000)),
    orDash(source.complete_through),
    spokenNumber(source.files_pending),
    spokenNumber(source.gaps.length),
    spokenNumber(source.quarantined),
  ];
}

function backlogLine({ name, backlog }: DataSourceStatus): readonly string[] {
  if (backlog === undefined) return [];
  const { files_done, files_listed, bytes_left, files_per_minute, events_per_second, seconds_left } = backlog;
  const share = Math.floor((100 * files_done) / files_listed);
  const words = [
    `${spokenNumber(files_done)} of ${spokenNumber(files_listed)} files (${share} %)`,
    `${spokenBytes(bytes_left)} to go`,
    files_per_minute === undefined ? "" : `${spokenNumber(files_per_minute)} files a minute`,
    events_per_second === undefined ? "" : `${spokenNumber(events_per_second)} events a second`,
    seconds_left === undefined ? "end not known yet" : `about ${spokenDuration(seconds_left * 1_000)} left`,
  ];
  return [`  ${plainText(name)}: ${words.filter((word) => word !== "").join(", ")}`];
}

function rewindLine({ name, rewind }: DataSourceStatus): readonly string[] {
  if (rewind === undefined || rewind.phase === "done" || rewind.phase === "cancelled") return [];
  const done = spokenNumber(rewind.done + rewind.failed);
  const progress =
    rewind.phase === "requested" ? "at the next look upstream" : `${done} of ${rewind.files} files again`;
  return [`  ${plainText(name)}: rewind to ${plainText(rewind.to)}, ${progress}`];
}

const calm: ReadonlySet<HealthCause> = new Set(["collecting", "quiet", "nothing_yet"]);

const worthSaying = ({ cause, headroom }: DataSourceStatus) =>
  !calm.has(cause) || (headroom !== undefined && headroom.level !== "ok");

function explanation({ name, reason, action, fault, evidence }: DataSourceStatus): readonly string[] {
  const lies = fault === "none" ? "" : ` The cause lies with ${faultWords[fault]}.`;
  return [
    `  ${plainText(name)}: ${plainText(reason)}.${lies}`,
    ...(action === undefined ? [] : [`    ${plainText(action)}`]),
    ...evidence.map(({ fact, value }) => `    - ${fact}: ${plainText(value)}`),
  ];
}

/** One message is enough for all data sources of a collector: support looks at the workspace. */
function supportLines({ data_sources }: CollectorStatus): readonly string[] {
  const support = data_sources.find((source) => source.support !== undefined)?.support;
  if (support === undefined) return [];
  return ["  A message to support, ready to send:", ...support.split("\n").map((line) => `    | ${plainText(line)}`)];
}
