import type { Writable } from "node:stream";
import { type Environment, readEnvironment } from "../config/environment.ts";

/** Standard output or standard error. */
export type Output = Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };

/** What a command may know of the process around it. */
export interface Cli {
  /** Results, and nothing else. */
  readonly stdout: Output;
  /** Everything that is not a result. */
  readonly stderr: Output;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Aborts at the first SIGTERM or SIGINT; a second one ends the process. Without a call, signals end it at once. */
  readonly stopSignal: () => AbortSignal;
  /** What the process ends with: 0 success, 1 failure, 2 wrong usage. */
  exitCode: number;
}

export const environmentOf = (cli: Cli): Environment => readEnvironment(cli.variables);

/** One line on standard output. */
export const print = (cli: Cli, line: string): void => void cli.stdout.write(`${line}\n`);

/** One line on standard error. */
export const say = (cli: Cli, line: string): void => void cli.stderr.write(`${line}\n`);

/** The result as one JSON document, indented on a terminal. */
export const printJson = (cli: Cli, value: unknown): void =>
  print(cli, JSON.stringify(value, undefined, cli.stdout.isTTY ? 2 : undefined));
