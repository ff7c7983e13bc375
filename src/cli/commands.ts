import type { Command } from "commander";
import type { Cli } from "./cli.ts";
import { sandboxCommand } from "./sandbox.ts";

/** Every command, in the order in which help lists them. */
export const commands = (cli: Cli): readonly Command[] => [sandboxCommand(cli)];
