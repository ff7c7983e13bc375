import type { Command } from "commander";
import type { Cli } from "./cli.ts";
import { defineGroup } from "./define-command.ts";
import { exportCommand } from "./events-export.ts";
import { searchCommand } from "./events-search.ts";

export const eventsCommand = (cli: Cli): Command =>
  defineGroup(
    "events",
    {
      summary: "export and search events",
      examples: [
        ["cistern events export > events.jsonl", "every event of ./data"],
        ["cistern events search 'invoice type:CONVERSATION_MESSAGE'", "the newest events with a word"],
      ],
    },
    [exportCommand(cli), searchCommand(cli)],
  );
