import type { z } from "zod";
import { channelSettings, splitChannel } from "../model/alert-channels.ts";
import { type AlertRule, alertRuleNames, alertRules, type ChannelKind, type RuleSettings } from "../model/alerts.ts";
import { AlertsSection, ChannelSection, HeartbeatSection, QuietHoursSection, RulesSection } from "./alerts-schema.ts";
import type { ConfiguredAlerts, ConfiguredChannel } from "./configuration.ts";
import { type Findings, report, reportIssues, valueAt } from "./findings.ts";
import { nameKey } from "./names.ts";
import type { Path } from "./yaml-source.ts";

const base = ["alerts"] as const;

/** Checks the section in every respect; undefined where the file has none. What is wrong stands in the findings. */
export function readAlerts(findings: Findings): ConfiguredAlerts | undefined {
  if (valueAt(findings.substituted.value, base) === undefined) return undefined;
  const section = parsed(findings, base, AlertsSection, "the section alerts");
  const given = valueAt(findings.substituted.value, [...base, "channels"]);
  const paths = Array.isArray(given) ? given.map((_, index): Path => [...base, "channels", index]) : [];
  reportSameNames(findings, paths);
  const heartbeat = partOf(findings, "heartbeat", HeartbeatSection);
  const rules = partOf(findings, "rules", RulesSection);
  return {
    channels: paths.flatMap((path) => readChannel(findings, path) ?? []),
    rules: rules && rulesOf(rules),
    reminderMs: section?.reminder && (section.reminder.ms ?? 0),
    quietHours: partOf(findings, "quiet_hours", QuietHoursSection),
    heartbeat: heartbeat && { url: heartbeat.url, intervalMs: heartbeat.interval?.ms },
    allowNetworks: section?.allow_networks,
  };
}

/** A part with keys of its own; undefined where it is absent or wrong. */
function partOf<Schema extends z.ZodObject>(findings: Findings, name: string, schema: Schema) {
  const path = [...base, name];
  const value = valueAt(findings.substituted.value, path);
  // That it is no such part at all is told with the section.
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  return parsed(findings, path, schema, `alerts.${name}`);
}

function parsed<Schema extends z.ZodObject>(
  findings: Findings,
  path: Path,
  schema: Schema,
  what: string,
): z.infer<Schema> | undefined {
  const result = schema.safeParse(valueAt(findings.substituted.value, path));
  if (result.success) return result.data;
  reportIssues(findings, path, result.error.issues, { keys: Object.keys(schema.shape), show: true, what });
  return undefined;
}

function readChannel(findings: Findings, path: Path): ConfiguredChannel | undefined {
  const before = findings.problems.length;
  const channel = parsed(findings, path, ChannelSection, "a channel");
  if (channel === undefined) return undefined;
  const at = [...path, "settings"];
  const schema = channelSettings[channel.channel];
  const result = schema.safeParse(channel.settings);
  const what = `the settings of a channel ${channel.channel}`;
  // A setting may be a secret, so no value is shown.
  if (!result.success)
    reportIssues(findings, at, result.error.issues, { keys: Object.keys(schema.shape), show: false, what });
  else reportMissing(findings, at, channel.channel, channel.settings);
  if (!result.success || findings.problems.length > before) return undefined;
  const { name, channel: kind, severity = "warning", enabled = true } = channel;
  return { name, kind, leastSeverity: severity, enabled, ...splitChannel(kind, result.data) };
}

/** The console makes or asks for these; a file has to bring them. */
const needed: Readonly<Record<ChannelKind, string | undefined>> = { webhook: "secret", slack: "url", email: undefined };

function reportMissing(findings: Findings, path: Path, kind: ChannelKind, settings: Readonly<Record<string, unknown>>) {
  const name = needed[kind];
  if (name !== undefined && settings[name] === undefined) report(findings, path, `'${name}' is missing in settings`);
}

function reportSameNames(findings: Findings, paths: readonly Path[]) {
  const seen = new Set<string>();
  for (const path of paths) {
    const name = valueAt(findings.substituted.value, [...path, "name"]);
    if (typeof name !== "string") continue;
    if (seen.has(nameKey(name)))
      report(findings, [...path, "name"], "another channel has this name", "Names are unique");
    seen.add(nameKey(name));
  }
}

function rulesOf(given: z.infer<typeof RulesSection>): Partial<Record<AlertRule, RuleSettings>> {
  const told = given as Partial<Record<AlertRule, { readonly ms: number | undefined }>>;
  return Object.fromEntries(
    alertRuleNames.flatMap((name) => {
      const rule = told[name];
      if (rule === undefined) return [];
      return [[name, { enabled: rule.ms !== undefined, afterMs: rule.ms ?? alertRules[name].afterMs }]];
    }),
  );
}
