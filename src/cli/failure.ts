import { CommanderError } from "commander";
import { problemsOf, renderProblem } from "../config/problems.ts";
import { CollectorError } from "../model/errors.ts";
import { type Cli, say } from "./cli.ts";
import { plainText } from "./plain-text.ts";

/** Says on standard error what went wrong and what to do, and sets the exit code. The stack only where `debug` asks for it. */
export function fail(cli: Cli, error: unknown, debug: boolean): void {
  // Commander has said what is wrong already; help and version are no errors.
  if (error instanceof CommanderError) {
    cli.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  cli.exitCode = 1;
  for (const problem of problemsOf(error)) say(cli, renderProblem(problem));
  say(cli, `cistern: ${plainText(messageOf(error))}`);
  const remedy = remedyOf(error);
  if (remedy !== undefined) say(cli, `  ${plainText(remedy)}`);
  if (debug && error instanceof Error) say(cli, stackOf(error));
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return "an unexpected error";
  if (error instanceof CollectorError || isSystemError(error)) return error.message;
  return `an unexpected error: ${error.message}`;
}

function remedyOf(error: unknown): string | undefined {
  if (error instanceof CollectorError) return error.action;
  if (isSystemError(error)) return undefined;
  return "This is a fault of Cistern; --debug shows where";
}

const isSystemError = (error: unknown) =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).code === "string";

const stackOf = (error: Error): string => {
  const cause = error.cause instanceof Error ? `\nCaused by ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
};
