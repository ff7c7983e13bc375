import type { Destination } from "../model/destination.ts";
import { EventFilter, FieldRule, Masking } from "../model/shaping.ts";
import { readSettings } from "./collector-section.ts";
import type { ConfiguredDestination } from "./configuration.ts";
import { type Findings, report, reportIssues, reportUnknown, valueAt } from "./findings.ts";
import { DestinationSection } from "./sections.ts";
import type { Path } from "./yaml-source.ts";

/** Checks one destination in every respect; undefined where anything is wrong with it. */
export function readDestination(
  findings: Findings,
  path: Path,
  kinds: readonly Destination[],
): ConfiguredDestination | undefined {
  const before = findings.problems.length;
  const parsed = DestinationSection.safeParse(valueAt(findings.substituted.value, path));
  const issues = parsed.success ? [] : parsed.error.issues;
  for (const issue of issues) reportIssues(findings, path, [issue], { ...placeOf(issue.path), show: true });
  const kind = findKind(findings, [...path, "destination"], kinds);
  checkCollectors(findings, [...path, "collectors"]);
  const settings = kind && readSettings(findings, [...path, "settings"], kind);
  if (kind && !issues.some((issue) => issue.path[0] === "format")) checkFormat(findings, [...path, "format"], kind);
  if (!parsed.success || !kind || !settings || findings.problems.length > before) return undefined;
  const section = parsed.data;
  return {
    ...settings,
    name: section.name,
    kind: kind.name,
    format: section.format ?? kind.formats[0]!,
    filter: section.filter,
    masking: section.masking,
    from: section.from ?? "start",
    maxBatchEvents: section.max_batch_events,
    maxBatchBytes: section.max_batch_bytes,
    maxAgeMs: section.max_age,
    collectors: section.collectors,
    paused: section.paused,
  };
}

const keysOf = ({ shape }: { readonly shape: object }) => Object.keys(shape);

/** The keys that there are where an issue stands. */
function placeOf([key, inner]: readonly PropertyKey[]): { readonly keys: readonly string[]; readonly what: string } {
  if (key === "filter" && inner === "fields") return { keys: keysOf(FieldRule), what: "a condition on a field" };
  if (key === "filter") return { keys: keysOf(EventFilter), what: "a filter" };
  if (key === "masking") return { keys: keysOf(Masking), what: "the masks" };
  return { keys: keysOf(DestinationSection), what: "a destination" };
}

function findKind(findings: Findings, path: Path, kinds: readonly Destination[]): Destination | undefined {
  const name = valueAt(findings.substituted.value, path);
  if (typeof name !== "string" || name === "") return undefined;
  const kind = kinds.find((candidate) => candidate.name === name);
  const names = kinds.map((candidate) => candidate.name);
  if (!kind) reportUnknown(findings, path, "destination type", names);
  return kind;
}

function checkFormat(findings: Findings, path: Path, { title, formats }: Destination): void {
  const format = valueAt(findings.substituted.value, path);
  if (typeof format !== "string" || formats.some((known) => known === format)) return;
  report(findings, path, `${title} does not take the format '${format}'; expected one of ${formats.join(", ")}`);
}

function checkCollectors(findings: Findings, path: Path): void {
  const wanted = valueAt(findings.substituted.value, path);
  const collectors = valueAt(findings.substituted.value, ["collectors"]);
  if (!Array.isArray(wanted)) return;
  const names = Array.isArray(collectors) ? collectors.map((item) => valueAt(item, ["name"])) : [];
  const known = names.filter((name) => typeof name === "string");
  for (const [index, name] of wanted.entries()) {
    if (typeof name === "string" && !known.includes(name))
      reportUnknown(findings, [...path, index], "collector", known);
  }
}
