import { Command, Option } from "commander";
import { type Cli, environmentOf } from "./cli.ts";

/** What help says of a command. */
export interface CommandText {
  /** One line, in lists. */
  readonly summary: string;
  /** Further sentences, on the command's own page of help. */
  readonly description?: string;
  /** What each argument is, by its name. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** A command line, and what it does. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
}

/** A command with help, examples and `--json`, which every command takes. `name` may hold arguments: `restore <file>`. */
export const defineCommand = (name: string, text: CommandText): Command =>
  described(name, text).option("--json", "print machine-readable output");

/** A command that only holds others: what it took as options, they would not see. */
export const defineGroup = (name: string, text: CommandText, commands: readonly Command[]): Command =>
  commands.reduce((group, command) => group.addCommand(command), described(name, text));

function described(name: string, text: CommandText): Command {
  const command = new Command(name.split(" ")[0]);
  for (const argument of name.split(" ").slice(1)) {
    command.argument(argument, text.arguments?.[argument.replaceAll(/[^a-z-]/g, "")]);
  }
  // Broken into lines where the terminal ends, not where the source does.
  const sentences = text.description?.replaceAll("\n", " ");
  command.summary(text.summary).description([`${capital(text.summary)}.`, sentences].filter(Boolean).join("\n"));
  return command.addHelpText("after", examplesText(text.examples));
}

const capital = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}`;

function examplesText(examples: CommandText["examples"]): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`);
  return `\nExamples:\n${lines.join("\n")}`;
}

/** `--data-dir`, for commands that work on a data folder. */
export const dataDirOption = (): Option =>
  new Option("--data-dir <folder>", "the data folder (CISTERN_DATA_DIR, otherwise ./data)");

/** `--config`, for commands that read a configuration file. */
export const configOption = (): Option => new Option("--config <file>", "the configuration file (CISTERN_CONFIG)");

/** The data folder that the options and the environment name. */
export const dataDirOf = (cli: Cli, options: { readonly dataDir?: string }): string =>
  options.dataDir ?? environmentOf(cli).dataDir;

/** Ends the command as wrongly used, with exit code 2. Without a remedy, help is named. */
export function wrongUsage(command: Command, message: string, remedy = ""): never {
  return command.error(`error: ${message}\n${remedy}`, { exitCode: 2, code: "cistern.usage" });
}
