import type { Command as CommandType } from "commander";
import { Command } from "commander";
import { nearest } from "../config/nearest.ts";
import { version } from "../version.ts";
import { type Cli, say } from "./cli.ts";
import { commands } from "./commands.ts";
import { wrongUsage } from "./define-command.ts";
import { fail } from "./failure.ts";

/** The program `cistern` with all its commands. */
export function buildProgram(cli: Cli): CommandType {
  const program = new Command("cistern")
    .description("Collects audit and conversation data out of SaaS products, keeps it safe and searchable.")
    .version(version, "--version", "print the version")
    .option("--debug", "show where an error comes from")
    .helpCommand("help [command]", "show help for a command")
    .addHelpText("after", "\nDocumentation: docs/cli.md, or the console's Docs page.");
  inheritOutput(program, cli);
  for (const command of commands(cli)) program.addCommand(command);
  for (const command of everyCommand(program)) command.copyInheritedSettings(program);
  return program;
}

/** Runs one command line. Resolves when the command has ended; `cli.exitCode` tells how. */
export async function runProgram(cli: Cli, args: readonly string[]): Promise<void> {
  const program = buildProgram(cli);
  try {
    await program.parseAsync(asked(program, args), { from: "user" });
  } catch (error) {
    fail(cli, error, args.includes("--debug"));
  }
}

/** The command line with `help events export` as `events export --help`. Refuses a command that there is not, `--help` or not. */
function asked(program: CommandType, args: readonly string[]): readonly string[] {
  const rest = [...args];
  const flags: string[] = [];
  let command = program;
  while (command.commands.length > 0 && rest.length > 0) {
    const word = rest.shift()!;
    if (word.startsWith("-")) flags.push(word);
    else if (word === "help") flags.push("--help");
    else command = commandNamed(command, word);
  }
  return flags.includes("--help") ? [...pathOf(command), "--help"] : args;
}

function commandNamed(group: CommandType, word: string): CommandType {
  const found = group.commands.find((command) => command.name() === word);
  if (found) return found;
  const near = nearest(
    word,
    group.commands.map((command) => command.name()),
  );
  const all = `${["cistern", ...pathOf(group)].join(" ")} --help lists the commands`;
  return wrongUsage(group, `unknown command '${word}'`, near === undefined ? all : `Did you mean ${near}?`);
}

const pathOf = (command: CommandType): readonly string[] =>
  command.parent ? [...pathOf(command.parent), command.name()] : [];

function inheritOutput(program: CommandType, cli: Cli): void {
  program.exitOverride();
  program.configureOutput({
    writeOut: (text) => void cli.stdout.write(text),
    writeErr: (text) => void cli.stderr.write(text),
    getOutHelpWidth: () => cli.stdout.columns ?? 100,
    getErrHelpWidth: () => cli.stderr.columns ?? 100,
    outputError: (text) => usageLines(text).map((line) => say(cli, line)),
  });
}

/** Commander's sentence in our form: what is wrong, then what to do. */
function usageLines(text: string): readonly string[] {
  const [message = "", ...hints] = text.trim().split("\n");
  const remedies = hints.map((hint) => hint.replace(/^\((.*)\)$/, "$1")).filter((hint) => hint !== "");
  const remedy = remedies.length > 0 ? remedies : ["cistern --help, or --help after a command, tells what there is"];
  return [`cistern: ${message.replace(/^error: /, "")}`, ...remedy.map((line) => `  ${line}`)];
}

function everyCommand(command: CommandType): readonly CommandType[] {
  return command.commands.flatMap((inner) => [inner, ...everyCommand(inner)]);
}
