import { type Findings, report, reportIssues, reportUnknown, valueAt } from "./findings.ts";
import { DestinationSection } from "./sections.ts";
import type { Path } from "./yaml-source.ts";

/** Checks every destination of the file against the types that this version has. */
export function readDestinations(findings: Findings, paths: readonly Path[], types: readonly string[]): void {
  for (const path of paths) {
    const parsed = DestinationSection.safeParse(valueAt(findings.substituted.value, path));
    const keys = Object.keys(DestinationSection.shape);
    if (!parsed.success) reportIssues(findings, path, parsed.error.issues, { keys, show: true, what: "a destination" });
    checkType(findings, [...path, "destination"], types);
    checkCollectors(findings, [...path, "collectors"]);
  }
}

function checkType(findings: Findings, path: Path, types: readonly string[]): void {
  const type = valueAt(findings.substituted.value, path);
  if (typeof type !== "string" || type === "" || types.includes(type)) return;
  if (types.length > 0) reportUnknown(findings, path, "destination type", types);
  else
    report(
      findings,
      path,
      "this version of Cistern delivers to no destination yet",
      "Take the destination out of the file",
    );
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
