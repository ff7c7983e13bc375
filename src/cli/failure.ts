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
  cli.exitCode = isWrongUse(error) ? 2 : 1;
  for (const problem of problemsOf(error)) say(cli, renderProblem(problem));
  say(cli, `cistern: ${plainText(messageOf(error))}`);
  const remedy = remedyOf(error);
  if (remedy !== undefined) say(cli, `  ${plainText(remedy)}`);
  if (debug && error instanceof Error) say(cli, stackOf(error));
}

/** Reasons for which the command line, the environment or the configuration file has to be changed. */
const wrongUse = ["usage", "configuration_file", "environment", "tls_needed", "tls_file", "trusted_proxy_malformed"];

const isWrongUse = (error: unknown) => error instanceof CollectorError && wrongUse.includes(error.reason ?? "");

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return "an unexpected error";
  if (error instanceof CollectorError) return error.message;
  if (isSystemError(error)) return systemMessage(error);
  return `an unexpected error: ${error.message}`;
}

function remedyOf(error: unknown): string | undefined {
  if (error instanceof CollectorError) return error.action;
  if (isSystemError(error)) return systemRemedies[(error as NodeJS.ErrnoException).code ?? ""];
  return "This is a fault of Cistern; --debug shows where";
}

// Node's own sentence names the call; people look for the file.
function systemMessage(error: NodeJS.ErrnoException): string {
  const known = error.path !== undefined && (error.code ?? "") in systemRemedies;
  return known ? `${error.path} cannot be used (${error.code})` : error.message;
}

const systemRemedies: Readonly<Record<string, string>> = {
  ENOENT: "Check the path: the file, or the folder that it is to stand in, does not exist",
  EACCES: "Let the user who runs Cistern read and write there, or name another place",
  EPERM: "Let the user who runs Cistern read and write there, or name another place",
  EROFS: "Name a place on a disk that can be written",
  ENOSPC: "Free space on that disk, or name a place on another one",
  EEXIST: "Name another place: something of that name is there already",
  EISDIR: "Name a file, not a folder",
  ENOTDIR: "Name a folder, not a file",
};

const isSystemError = (error: unknown) =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).code === "string";

const stackOf = (error: Error): string => {
  const cause = error.cause instanceof Error ? `\nCaused by ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
};
