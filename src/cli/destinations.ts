import type { Command } from "commander";
import type { Cli } from "./cli.ts";
import { defineGroup } from "./define-command.ts";
import { addCommand } from "./destinations/add.ts";
import { changeCommand } from "./destinations/change.ts";
import { checkDestinationCommand } from "./destinations/connection.ts";
import { deadLettersCommand } from "./destinations/dead-letters.ts";
import { kindsCommand } from "./destinations/kinds.ts";
import { listCommand } from "./destinations/list.ts";
import { receiptsCommand } from "./destinations/receipts.ts";
import { removeCommand } from "./destinations/remove.ts";
import { replayCommand } from "./destinations/replay.ts";
import { pauseCommands } from "./destinations/switch.ts";

const text = {
  summary: "deliver events to other systems, and see what became of them",
  examples: [
    ["cistern destinations list", "where each destination stands"],
    ["cistern destinations kinds splunk-hec", "the settings of a kind"],
    ["cistern destinations receipts soc --hours 48", "whether every event is accounted for"],
  ],
} as const;

export const destinationsCommand = (cli: Cli): Command =>
  defineGroup("destinations", text, [
    listCommand(cli),
    kindsCommand(cli),
    addCommand(cli),
    changeCommand(cli),
    checkDestinationCommand(cli),
    ...pauseCommands(cli),
    removeCommand(cli),
    deadLettersCommand(cli),
    receiptsCommand(cli),
    replayCommand(cli),
  ]);
