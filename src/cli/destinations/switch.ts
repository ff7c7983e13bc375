import type { Command } from "commander";
import { type Cli, print, printJson } from "../cli.ts";
import { dataDirOf, dataDirOption, defineCommand } from "../define-command.ts";
import { plainText } from "../plain-text.ts";
import { COMMAND_LINE, changing, destinationNamed, HEARD } from "./parts.ts";

const pauseText = {
  summary: "hold a destination back",
  description: "Its position stays, and the log keeps what comes in, for as long as retention lets it.",
  arguments: { name: "the destination" },
  examples: [["cistern destinations pause soc", "deliver nothing to soc for now"]],
} as const;

const resumeText = {
  summary: "let a paused destination go on",
  description: "It goes on where it was paused.",
  arguments: { name: "the destination" },
  examples: [["cistern destinations resume soc", "deliver what has come in meanwhile, and go on"]],
} as const;

interface Options {
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function pauseCommands(cli: Cli): readonly Command[] {
  const define = (word: "pause" | "resume") =>
    defineCommand(`${word} <name>`, word === "pause" ? pauseText : resumeText)
      .addOption(dataDirOption())
      .action((name: string, options: Options) => change(cli, name, word === "pause", options));
  return [define("pause"), define("resume")];
}

async function change(cli: Cli, wanted: string, paused: boolean, options: Options): Promise<void> {
  const name = await changing(cli, dataDirOf(cli, options), (opened) => {
    const destination = destinationNamed(opened, wanted);
    if (destination.paused !== paused) {
      opened.destinations.updateDestination(destination.id, { paused }, {}, () => []);
      const action = paused ? "destination.paused" : "destination.resumed";
      opened.access.record({ who: COMMAND_LINE, action, object: destination.id, detail: undefined });
    }
    return destination.name;
  });
  if (options.json) printJson(cli, { name, paused });
  else print(cli, `${plainText(name)} ${paused ? "is paused" : "goes on"}. ${HEARD}`);
}
