// What a notice says, in each of its forms: state, collector, data source, reason, action, link. Nothing else.
import { alertRules, type Notice, type NoticeKind } from "../model/alerts.ts";
import { utc } from "../model/support-message.ts";

/** The address of the console, where links lead; undefined: none is known. */
export type ConsoleAddress = string | undefined;

const openings: Readonly<Record<NoticeKind, string>> = {
  problem: "",
  changed: "Changed: ",
  reminder: "Still: ",
  resolved: "Resolved: ",
  test: "Test: ",
};

/** One line, fit for a subject. */
export function headlineOf({ kind, problem }: Notice): string {
  const { collector, dataSources, destination, rule } = problem;
  const place = [collector, dataSources.join(", "), destination].filter(Boolean).join(" / ");
  return `${openings[kind]}${alertRules[rule].title}${place === "" ? "" : `: ${place}`}`;
}

/** The link to the page of the collector or the destination, or to the collectors. */
export function linkOf({ problem }: Notice, console: ConsoleAddress): string | undefined {
  const { collectorId, destinationId } = problem;
  if (console === undefined) return undefined;
  if (destinationId !== undefined) return new URL(`/destinations/${destinationId}`, console).href;
  return new URL(collectorId === undefined ? "/collectors" : `/collectors/${collectorId}`, console).href;
}

/** The body of a webhook, as Standard Webhooks shapes it: a type, a time and the data. */
export function jsonOf(notice: Notice, console: ConsoleAddress): string {
  const { kind, severity, problem, since, at } = notice;
  return JSON.stringify({
    type: `alert.${kind}`,
    timestamp: at,
    data: {
      severity,
      rule: problem.rule,
      state: problem.state,
      cause: problem.cause,
      key: problem.key,
      collector: problem.collector,
      collector_id: problem.collectorId,
      data_sources: problem.dataSources,
      destination: problem.destination,
      destination_id: problem.destinationId,
      title: headlineOf(notice),
      reason: problem.reason,
      action: kind === "resolved" ? undefined : problem.action,
      since,
      link: linkOf(notice, console),
    },
  });
}

/** Plain text, for mail. */
export function textOf(notice: Notice, console: ConsoleAddress): string {
  const { kind, severity, problem, since, at } = notice;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["State", problem.state],
    ["Severity", severity],
    ["Collector", problem.collector],
    ["Data source", problem.dataSources.join(", ") || undefined],
    ["Destination", problem.destination],
    ["Since", utc(since)],
    [kind === "resolved" ? "Resolved" : "Told", utc(at)],
    ["Link", linkOf(notice, console)],
  ];
  return [
    `${headlineOf(notice)}.`,
    "",
    `${problem.reason}.`,
    ...(problem.action === undefined || kind === "resolved" ? [] : [`What to do: ${problem.action}.`]),
    "",
    ...rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])),
    "",
    "Sent by Cistern. Which alerts go where is set under Settings, Alerts.",
  ].join("\n");
}

const marks: Readonly<Record<Notice["severity"], string>> = { warning: ":warning:", critical: ":rotating_light:" };

/** The body of a Slack-compatible hook: one text that every such service shows. */
export function slackOf(notice: Notice, console: ConsoleAddress): string {
  const { kind, severity, problem } = notice;
  const link = linkOf(notice, console);
  const lines = [
    `${kind === "resolved" ? ":white_check_mark:" : marks[severity]} *${escaped(headlineOf(notice))}*`,
    escaped(problem.reason),
    ...(problem.action === undefined || kind === "resolved" ? [] : [`_${escaped(problem.action)}_`]),
    ...(link === undefined ? [] : [`<${link}|Open in Cistern>`]),
  ];
  return JSON.stringify({ text: lines.join("\n") });
}

// The three that Slack itself asks for; with < gone, no name can become a link or call everybody.
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
