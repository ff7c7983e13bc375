import { CollectorError } from "../model/errors.ts";

/** One thing that is wrong in a configuration file, and where. */
export interface Problem {
  /** As the user named it. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** What is wrong and what was expected; never the value of a secret or of anything that was substituted. */
  readonly message: string;
  /** What to do about it, where the message does not say it. */
  readonly remedy?: string | undefined;
}

/** What `readConfiguration` throws as the `cause` of its error: every problem of the file, in its order. */
export interface ProblemList {
  readonly problems: readonly Problem[];
}

/** `cistern.yaml:12:5 unknown key 'sit'; did you mean 'site'?`, with the remedy on a line of its own. */
export function renderProblem({ file, line, column, message, remedy }: Problem): string {
  const head = `${file}:${line}:${column} ${message}`;
  return remedy === undefined ? head : `${head}\n  ${remedy}`;
}

/** The error that carries all problems of a file. There must be at least one. */
export function configurationError(problems: readonly Problem[]): CollectorError {
  const inOrder = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const { file } = inOrder[0]!;
  const amount = inOrder.length === 1 ? "one problem" : `${inOrder.length} problems`;
  const cause: ProblemList = { problems: inOrder };
  return new CollectorError("config_invalid", `The configuration file ${file} has ${amount}; nothing was started`, {
    reason: "configuration_file",
    action: "docs/configuration.md describes every key",
    cause,
  });
}

/** The problems that an error carries; none where it is another error. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (!(error instanceof CollectorError) || error.reason !== "configuration_file") return [];
  return (error.cause as ProblemList | undefined)?.problems ?? [];
}
