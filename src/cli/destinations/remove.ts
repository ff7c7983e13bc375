import type { Command } from "commander";
import { type Cli, print, printJson } from "../cli.ts";
import { dataDirOf, dataDirOption, defineCommand, wrongUsage } from "../define-command.ts";
import { plainText } from "../plain-text.ts";
import { COMMAND_LINE, changing, changingBoth, destinationNamed, HEARD } from "./parts.ts";

const text = {
  summary: "remove a destination with its positions, receipts and dead letters",
  description:
    "Cannot be undone. Collected events stay where they are, and so does what has been delivered. One of the configuration file is removed there.",
  arguments: { name: "the destination" },
  examples: [["cistern destinations remove soc --yes", "forget soc"]],
} as const;

interface Options {
  readonly yes?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function removeCommand(cli: Cli): Command {
  const command = defineCommand("remove <name>", text)
    .option("--yes", "remove it; cannot be undone")
    .addOption(dataDirOption());
  return command.action((name: string, options: Options) => remove(cli, command, name, options));
}

async function remove(cli: Cli, command: Command, wanted: string, options: Options): Promise<void> {
  const dataDir = dataDirOf(cli, options);
  if (!options.yes) {
    const { name } = await changing(cli, dataDir, (opened) => destinationNamed(opened, wanted));
    return wrongUsage(
      command,
      `nothing is changed yet: ${plainText(name)} would be removed`,
      "Give --yes to remove it",
    );
  }
  const name = await changingBoth(cli, dataDir, async ({ destinations, access }, store) => {
    const destination = destinationNamed({ destinations }, wanted);
    destinations.deleteDestination(destination.id);
    access.record({ who: COMMAND_LINE, action: "destination.deleted", object: destination.id, detail: undefined });
    await store.removeDestination(destination.id);
    return destination.name;
  });
  if (options.json) printJson(cli, { name, removed: true });
  else print(cli, `${plainText(name)} is removed. ${HEARD}`);
}
