import type { z } from "zod";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problems.ts";
import type { Substituted } from "./substitute.ts";
import type { Path, YamlSource } from "./yaml-source.ts";

/** Where the checks of a file put what they find. */
export interface Findings {
  readonly problems: Problem[];
  readonly warnings: Problem[];
  readonly source: YamlSource;
  readonly substituted: Substituted;
}

/** Something is wrong with the value at the path. Silent where a substitution there has failed: that is told already. */
export function report(findings: Findings, path: Path, message: string, remedy?: string): void {
  if (findings.substituted.hasFailed(path)) return;
  findings.problems.push(findings.source.problem(findings.source.placeOf(path), message, remedy));
}

/** A name that stands for nothing, with the nearest right one, or all of them where they are few. */
export function reportUnknown(findings: Findings, path: Path, what: string, candidates: readonly string[]): void {
  const name = quoted(findings, path);
  report(findings, path, `unknown ${what}${name === undefined ? "" : ` ${name}`}${hint(findings, path, candidates)}`);
}

function hint(findings: Findings, path: Path, candidates: readonly string[]): string {
  const value = valueAt(findings.substituted.value, path);
  const near = typeof value === "string" ? nearest(value, candidates) : undefined;
  if (near !== undefined) return `; did you mean '${near}'?`;
  if (candidates.length === 0) return "; there is none";
  return candidates.length <= 12 ? `; expected one of ${candidates.join(", ")}` : "";
}

/** The value as written, to be shown; undefined where it was substituted, is no plain value, or is long. */
function quoted({ substituted }: Findings, path: Path): string | undefined {
  const value = valueAt(substituted.value, path);
  if (substituted.isSubstituted(path) || value === null || typeof value === "object") return undefined;
  const text = JSON.stringify(value)?.replace(/^"(.*)"$/s, "'$1'");
  return text !== undefined && text.length <= 60 ? text : undefined;
}

/**
 * What a schema finds, in the file's places. `show` says that wrong values may be printed; keys that are unknown are
 * compared with `keys`.
 */
export function reportIssues(
  findings: Findings,
  base: Path,
  issues: readonly z.core.$ZodIssue[],
  { keys, show, what }: { readonly keys: readonly string[]; readonly show: boolean; readonly what: string },
): void {
  for (const issue of issues) {
    const path = [...base, ...issue.path.map((step) => (typeof step === "symbol" ? String(step) : step))];
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) reportUnknownKey(findings, [...path, key], keys, what);
      continue;
    }
    reportIssue(findings, path, messageOf(issue), show);
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: "a text; numbers and the like need quotes around them",
  number: "a number",
  boolean: "true or false",
  object: "keys, each on a line of its own",
  array: "a list",
};

/** Schemas that say nothing of their own would speak of types of the programming language. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_type" || !issue.message.startsWith("Invalid input")) return issue.message;
  return `expected ${kinds[issue.expected] ?? issue.expected}`;
}

function reportIssue(findings: Findings, path: Path, message: string, show: boolean): void {
  const key = lastKey(path);
  const subject = key === undefined ? "" : `${key}: `;
  const value = valueAt(findings.substituted.value, path);
  if (value === undefined) {
    const place = findings.source.placeOf(path.slice(0, -1));
    findings.problems.push(findings.source.problem(place, `'${key}' is missing: ${message}`));
    return;
  }
  const got = show ? quoted(findings, path) : undefined;
  report(findings, path, `${subject}${message}${got === undefined ? "" : `, got ${got}`}`);
}

/** A key that is not known there, at the place where the key stands. */
export function reportUnknownKey(findings: Findings, path: Path, keys: readonly string[], what: string): void {
  const key = String(path.at(-1));
  const near = nearest(key, keys);
  const help = near === undefined ? `; expected one of ${keys.join(", ")}` : `; did you mean '${near}'?`;
  const place = findings.source.placeOfKey(path);
  findings.problems.push(findings.source.problem(place, `unknown key '${key}' in ${what}${help}`));
}

const lastKey = (path: Path) => path.findLast((step) => typeof step === "string");

/** What stands at the path; undefined where the way there does not exist. */
export function valueAt(value: unknown, path: Path): unknown {
  let inner = value;
  for (const step of path) {
    if (inner === null || typeof inner !== "object" || !Object.hasOwn(inner, step)) return undefined;
    inner = (inner as Record<string | number, unknown>)[step];
  }
  return inner;
}
