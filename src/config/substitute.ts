import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { nearest } from "./nearest.ts";
import type { Path, YamlSource } from "./yaml-source.ts";

/** Larger files are no secrets. */
const MAX_FILE_BYTES = 64 * 1024;

export interface Substituted {
  readonly value: unknown;
  /** Whether anything in the value at this path came from the environment or a file: it must not be printed. */
  readonly isSubstituted: (path: Path) => boolean;
  /** Whether a substitution at this path could not be made: what is missing is told already. */
  readonly hasFailed: (path: Path) => boolean;
}

type Report = (path: Path, message: string, remedy: string) => void;

/**
 * Puts the environment's and files' texts in place of `${env:NAME}` and `${file:/path}`, wherever a value is a text. Relative
 * paths start at the folder of the configuration file; one line end at the end of a file is cut off; `$${` stands for `${`.
 */
export function substitute(
  source: YamlSource,
  env: Readonly<Record<string, string | undefined>>,
  report: Report,
): Substituted {
  const touched = new Set<string>();
  const failed = new Set<string>();
  const fail = (path: Path) => (message: string, remedy: string) => {
    failed.add(keyOf(path));
    report(path, message, remedy);
  };
  const resolve = { env: fromEnvironment(env), file: fromFile(dirname(source.file)) };
  const walk = (value: unknown, path: Path): unknown => {
    if (typeof value === "string") return text(value, path);
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, [...path, key])]));
  };
  const text = (value: string, path: Path) =>
    value.replace(/\$\$\{|\$\{([^}]*)(\}?)/g, (whole, inside: string | undefined, end: string) => {
      if (inside === undefined) return "${";
      touched.add(keyOf(path));
      const [, kind, name] = /^(env|file):(.+)$/s.exec(inside) ?? [];
      if (!end || !kind || !name) {
        fail(path)(unreadable(inside), `Write \${env:NAME} or \${file:/path}; for a plain \${ write $\${`);
        return whole;
      }
      return resolve[kind as "env" | "file"](name, fail(path));
    });
  const value = walk(source.value, []);
  return {
    value,
    isSubstituted: (path) => touched.has(keyOf(path)),
    hasFailed: (path) => failed.has(keyOf(path)),
  };
}

const keyOf = (path: Path) => JSON.stringify(path);

type Fail = (message: string, remedy: string) => void;

const fromEnvironment = (env: Readonly<Record<string, string | undefined>>) => (name: string, fail: Fail) => {
  const value = env[name];
  if (value) return value;
  const near = nearest(name, Object.keys(env));
  const hint = near && value === undefined ? `; did you mean '${near}'?` : "";
  const state = value === undefined ? "not set" : "empty";
  fail(
    `the environment variable '${name}' is ${state}${hint}`,
    `Set ${name} in the environment in which Cistern starts`,
  );
  return "";
};

const fromFile = (folder: string) => (name: string, fail: Fail) => {
  const path = isAbsolute(name) ? name : join(folder, name);
  try {
    if (statSync(path).size > MAX_FILE_BYTES) {
      fail(`the file '${name}' is larger than 64 KB`, "Name the file that holds the value and nothing else");
      return "";
    }
    const value = readFileSync(path, "utf8").replace(/\r?\n$/, "");
    if (value === "") fail(`the file '${name}' is empty`, "Write the value into it");
    return value;
  } catch (error) {
    fail(`the file '${name}' cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`, remedyOf(error));
    return "";
  }
};

const remedyOf = (error: unknown) =>
  (error as NodeJS.ErrnoException).code === "EACCES"
    ? "Give the user that runs Cistern the right to read it"
    : "Write the path from the root, or from the folder of this file";

// What stands inside may be a secret that was pasted in the wrong place: only a clear beginning is quoted.
const unreadable = (inside: string) => {
  const kind = /^[a-z]{1,12}(?=:)/.exec(inside)?.[0];
  if (kind && kind !== "env" && kind !== "file") return `\${${kind}:…} is not known`;
  return "a substitution that begins with ${ is not complete";
};
