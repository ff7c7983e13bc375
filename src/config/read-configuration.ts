import { closeSync, openSync, readSync } from "node:fs";
import type { Connector } from "../model/connector.ts";
import type { Destination } from "../model/destination.ts";
import { readAlerts } from "./alerts-section.ts";
import { readCollector } from "./collector-section.ts";
import type { Configuration, ConfiguredCollector, ConfiguredSite } from "./configuration.ts";
import { readDestination } from "./destination-section.ts";
import { type Findings, report, reportIssues, reportUnknownKey, valueAt } from "./findings.ts";
import { nameKey } from "./names.ts";
import { configurationError, type Problem } from "./problems.ts";
import { fileSections, SiteSection } from "./sections.ts";
import { substitute } from "./substitute.ts";
import { type Path, readYaml, type YamlSource } from "./yaml-source.ts";

export interface ConfigurationContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly connectors: readonly Connector[];
  /** The kinds of destinations that this version has; default none. */
  readonly destinations?: readonly Destination[];
}

const LARGEST_FILE = 1_000_000;

/**
 * Reads a configuration file whole. Starts nothing and changes nothing. Throws one CollectorError `config_invalid` for all that
 * is wrong with it; `problemsOf` lists file, line, what was expected and the nearest right name.
 */
export function readConfiguration(file: string, context: ConfigurationContext): Configuration {
  const problems: Problem[] = [];
  const source = readYaml(file, readText(file), (problem) => problems.push(problem));
  if (!source) throw configurationError(problems);
  const configuration = check(source, context, problems);
  if (problems.length > 0) throw configurationError(problems);
  return configuration;
}

function check(source: YamlSource, context: ConfigurationContext, problems: Problem[]): Configuration {
  const substituted = substitute(source, context.env, (path, message, remedy) =>
    problems.push(source.problem(source.placeOf(path), message, remedy)),
  );
  const findings: Findings = { problems, warnings: [], source, substituted };
  if (!isRecord(substituted.value)) {
    report(findings, [], "expected the sections sites, collectors, destinations and alerts; this file has none");
    return { file: source.file, sites: [], collectors: [], destinations: [], alerts: undefined, warnings: [] };
  }
  checkSections(findings, substituted.value);
  const sites = readSites(findings);
  const siteNames = sites.map(({ name }) => name);
  const paths = itemPaths(findings, "collectors");
  const read = paths.map((path) => readCollector(findings, path, { ...context, sites: siteNames }));
  const collectors = read.filter((collector) => collector !== undefined);
  for (const section of Object.keys(fileSections)) reportDuplicateNames(findings, section);
  const destinations = itemPaths(findings, "destinations").flatMap(
    (path) => readDestination(findings, path, context.destinations ?? []) ?? [],
  );
  warnOfSameTarget(findings, paths, read, context.connectors);
  const alerts = readAlerts(findings);
  return { file: source.file, sites, collectors, destinations, alerts, warnings: findings.warnings };
}

function checkSections(findings: Findings, file: Readonly<Record<string, unknown>>): void {
  const known = Object.keys(fileSections);
  for (const [key, section] of Object.entries(file)) {
    if (!known.includes(key)) reportUnknownKey(findings, [key], known, "the file");
    else if (key === "alerts" && !isRecord(section))
      report(findings, [key], "alerts: expected keys, each on a line of its own");
    else if (key !== "alerts" && !Array.isArray(section))
      report(findings, [key], `${key}: expected a list, each item beginning with a dash`);
  }
}

function itemPaths({ substituted }: Findings, section: string): readonly Path[] {
  const items = valueAt(substituted.value, [section]);
  return Array.isArray(items) ? items.map((_, index) => [section, index]) : [];
}

/** All names, those of broken items too: a collector must not be told that its site is unknown because of another fault. */
function readSites(findings: Findings): readonly ConfiguredSite[] {
  return itemPaths(findings, "sites").flatMap((path) => {
    const raw = valueAt(findings.substituted.value, path);
    const parsed = SiteSection.safeParse(raw);
    const keys = Object.keys(SiteSection.shape);
    if (!parsed.success) reportIssues(findings, path, parsed.error.issues, { keys, show: true, what: "a site" });
    const name = isRecord(raw) ? raw.name : undefined;
    return typeof name === "string" ? [{ name }] : [];
  });
}

function reportDuplicateNames(findings: Findings, section: string): void {
  const lines = new Map<string, number>();
  for (const path of itemPaths(findings, section)) {
    const at = [...path, "name"];
    const name = valueAt(findings.substituted.value, at);
    if (typeof name !== "string") continue;
    const key = nameKey(name);
    const earlier = lines.get(key);
    const what = section.replace(/s$/, "");
    if (earlier !== undefined)
      report(findings, at, `another ${what} has this name, at line ${earlier}`, "Names are unique");
    lines.set(key, earlier ?? findings.source.placeOf(at).line);
  }
}

/** Two collectors that reach the same thing collect everything twice; allowed, but hardly ever meant. */
function warnOfSameTarget(
  findings: Findings,
  paths: readonly Path[],
  collectors: readonly (ConfiguredCollector | undefined)[],
  connectors: readonly Connector[],
): void {
  const owners = new Map<string, string>();
  for (const [index, collector] of collectors.entries()) {
    const connector = connectors.find(({ name }) => name === collector?.connector);
    if (!collector || !connector) continue;
    const settings = connector.settings.parse({ ...collector.settings, ...collector.secrets });
    for (const [place, dataSource] of collector.dataSources.entries()) {
      const type = connector.resolve(dataSource)?.upstreamType ?? dataSource;
      const target = JSON.stringify([connector.name, connector.target(settings, dataSource), type]);
      const owner = owners.get(target);
      owners.set(target, owner ?? collector.name);
      if (owner === undefined) continue;
      const at = findings.source.placeOf([...paths[index]!, "data_sources", place]);
      const message = `'${owner}' already collects '${dataSource}' of the same place: every event will be there twice`;
      findings.warnings.push(findings.source.problem(at, message));
    }
  }
}

function readText(file: string): string {
  try {
    const bytes = readStart(file, LARGEST_FILE + 1);
    if (bytes.length <= LARGEST_FILE) return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const notText = code === undefined || code === "ERR_ENCODING_INVALID_ENCODED_DATA";
    const message = notText ? "the file is not UTF-8 text" : `the file cannot be read (${code})`;
    const remedy = notText ? "Save it as UTF-8" : "Name an existing file that the user who runs Cistern may read";
    throw configurationError([{ file, line: 1, column: 1, message, remedy }]);
  }
  const remedy = "Name a configuration file; docs/configuration.md shows one";
  throw configurationError([{ file, line: 1, column: 1, message: "the file is larger than 1 MB", remedy }]);
}

/** The first bytes of a file, at most `limit` of them: a device or a pipe named by mistake may never end. */
function readStart(file: string, limit: number): Uint8Array {
  const descriptor = openSync(file, "r");
  try {
    const bytes = new Uint8Array(limit);
    let length = 0;
    for (let read = -1; read !== 0 && length < limit; length += read) {
      read = readSync(descriptor, bytes, length, limit - length, null);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);
