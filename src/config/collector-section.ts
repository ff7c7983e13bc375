import { collectorDefaults } from "../model/collector.ts";
import type { Connector } from "../model/connector.ts";
import { secretFields, settingFields } from "../model/settings-fields.ts";
import type { ConfiguredCollector } from "./configuration.ts";
import { type Findings, report, reportIssues, reportUnknown, reportUnknownKey, valueAt } from "./findings.ts";
import { isLoopback } from "./listen.ts";
import { nearest } from "./nearest.ts";
import { CollectorSection } from "./sections.ts";
import type { Path } from "./yaml-source.ts";

interface Known {
  readonly connectors: readonly Connector[];
  readonly sites: readonly string[];
}

/** Checks one collector in every respect; undefined where anything is wrong with it. */
export function readCollector(findings: Findings, path: Path, known: Known): ConfiguredCollector | undefined {
  const before = findings.problems.length;
  const raw = valueAt(findings.substituted.value, path);
  const parsed = CollectorSection.safeParse(raw);
  const keys = Object.keys(CollectorSection.shape);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => zoneIssue(findings, path, issue));
    reportIssues(findings, path, issues, { keys, show: true, what: "a collector" });
  }
  checkSite(findings, [...path, "site"], known.sites);
  const connector = findConnector(findings, [...path, "connector"], known.connectors);
  const settings = connector && readSettings(findings, [...path, "settings"], connector);
  if (connector) checkDataSources(findings, [...path, "data_sources"], connector);
  if (!parsed.success || !settings || findings.problems.length > before) return undefined;
  // By whatever name it was asked for, a data source is kept under its own.
  const dataSources = parsed.data.data_sources.map((name) => connector!.resolve(name)!.name);
  return { ...settings, ...withDefaults(parsed.data), dataSources };
}

function withDefaults(
  section: ReturnType<typeof CollectorSection.parse>,
): Omit<ConfiguredCollector, "settings" | "secrets"> {
  return {
    name: section.name,
    connector: section.connector,
    dataSources: section.data_sources,
    site: section.site,
    timezone: section.timezone,
    start: section.start,
    pollIntervalMs: section.poll_interval ?? collectorDefaults.pollIntervalMs,
    overlapMs: section.overlap ?? collectorDefaults.overlapMs,
    requestsPerMinute: section.requests_per_minute ?? collectorDefaults.requestsPerMinute,
    retentionDays: section.retention,
    paused: section.paused,
  };
}

/** A wrong time zone gets the nearest right one. */
function zoneIssue<Issue extends { readonly path: readonly PropertyKey[]; readonly message: string }>(
  { substituted }: Findings,
  base: Path,
  issue: Issue,
): Issue {
  const value = valueAt(substituted.value, [...base, "timezone"]);
  if (issue.path[0] !== "timezone" || typeof value !== "string") return issue;
  const near = nearest(value, ["UTC", ...Intl.supportedValuesOf("timeZone")]);
  return near === undefined ? issue : { ...issue, message: `${issue.message} (did you mean '${near}'?)` };
}

function checkSite(findings: Findings, path: Path, sites: readonly string[]): void {
  const site = valueAt(findings.substituted.value, path);
  if (typeof site === "string" && site !== "" && !sites.includes(site)) reportUnknown(findings, path, "site", sites);
}

function findConnector(findings: Findings, path: Path, connectors: readonly Connector[]): Connector | undefined {
  const name = valueAt(findings.substituted.value, path);
  if (typeof name !== "string" || name === "") return undefined;
  const connector = connectors.find((candidate) => candidate.name === name);
  if (!connector)
    reportUnknown(
      findings,
      path,
      "connector",
      connectors.map((candidate) => candidate.name),
    );
  return connector;
}

/** The settings of a connector or a destination, the secret ones apart; undefined where anything is wrong with them. */
export function readSettings(
  findings: Findings,
  path: Path,
  { settings, title }: Pick<Connector, "settings" | "title">,
) {
  const raw = valueAt(findings.substituted.value, path);
  if (raw === null || typeof raw !== "object" || Array.isArray(raw)) return undefined;
  const fields = settingFields(settings);
  const keys = fields.map(({ name }) => name);
  for (const key of Object.keys(raw)) {
    if (!keys.includes(key)) reportUnknownKey(findings, [...path, key], keys, `the settings of ${title}`);
  }
  const known = Object.fromEntries(Object.entries(raw).filter(([key]) => keys.includes(key)));
  const parsed = settings.safeParse(known);
  const issues = parsed.success ? [] : parsed.error.issues.filter(({ code }) => code !== "unrecognized_keys");
  reportIssues(findings, path, issues, { keys, show: false, what: `the settings of ${title}` });
  const urls = fields.filter(({ name, kind }) => kind === "url" && !issues.some((issue) => issue.path[0] === name));
  for (const { name } of urls) checkAddress(findings, [...path, name]);
  const secretNames = secretFields(settings);
  for (const name of secretNames) warnOfPlainSecret(findings, [...path, name]);
  return parsed.success ? splitSecrets(known, secretNames) : undefined;
}

function checkAddress(findings: Findings, path: Path): void {
  const value = valueAt(findings.substituted.value, path);
  if (typeof value !== "string" || !URL.canParse(value)) return;
  const { protocol, hostname } = new URL(value);
  if (protocol === "https:" || (protocol === "http:" && isLoopback(hostname))) return;
  report(
    findings,
    path,
    `${String(path.at(-1))}: expected an https address; http is for this machine's own addresses only`,
  );
}

function warnOfPlainSecret(findings: Findings, path: Path): void {
  const value = valueAt(findings.substituted.value, path);
  if (typeof value !== "string" || value === "" || findings.substituted.isSubstituted(path)) return;
  const message = `${String(path.at(-1))}: the secret itself stands in this file`;
  const remedy = `Better keep it outside, with \${env:NAME} or \${file:/path}`;
  findings.warnings.push(findings.source.problem(findings.source.placeOf(path), message, remedy));
}

function splitSecrets(settings: Readonly<Record<string, unknown>>, names: readonly string[]) {
  const entries = Object.entries(settings);
  return {
    settings: Object.fromEntries(entries.filter(([name]) => !names.includes(name))),
    secrets: Object.fromEntries(
      entries.filter(([name]) => names.includes(name)).map(([name, value]) => [name, String(value)]),
    ),
  };
}

function checkDataSources(findings: Findings, path: Path, connector: Connector): void {
  const names = valueAt(findings.substituted.value, path);
  if (!Array.isArray(names)) return;
  const byType = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    if (typeof name !== "string" || name === "") continue;
    const source = connector.resolve(name);
    if (!source) {
      const known = connector.dataSources.map((candidate) => candidate.name);
      reportUnknown(findings, [...path, index], "data source", known);
      continue;
    }
    const earlier = byType.get(source.upstreamType);
    if (earlier === name) report(findings, [...path, index], `the data source '${name}' stands here twice`);
    else if (earlier !== undefined) {
      const message = `'${earlier}' and '${name}' are two names for the one upstream type ${source.upstreamType}`;
      report(findings, [...path, index], message, "Keep one of the two");
    }
    byType.set(source.upstreamType, earlier ?? name);
  }
}
