import type { Command } from "commander";
import { ackCommand } from "./ack.ts";
import { backupCommand } from "./backup.ts";
import { checkCommand } from "./check.ts";
import type { Cli } from "./cli.ts";
import { coverageCommand } from "./coverage.ts";
import { demoCommand } from "./demo.ts";
import { destinationsCommand } from "./destinations.ts";
import { doctorCommand } from "./doctor.ts";
import { eventsCommand } from "./events.ts";
import { gapsCommand } from "./gaps.ts";
import { keysCommand } from "./keys.ts";
import { reportCommand } from "./report.ts";
import { restoreCommand } from "./restore.ts";
import { rewindCommand } from "./rewind.ts";
import { runCommand } from "./run.ts";
import { sandboxCommand } from "./sandbox.ts";
import { serveCommand } from "./serve.ts";
import { statusCommand } from "./status.ts";
import { tokenCommand } from "./token.ts";
import { verifyCommand } from "./verify.ts";

/** Every command, in the order in which help lists them. */
export const commands = (cli: Cli): readonly Command[] => [
  serveCommand(cli),
  runCommand(cli),
  checkCommand(cli),
  statusCommand(cli),
  eventsCommand(cli),
  gapsCommand(cli),
  ackCommand(cli),
  rewindCommand(cli),
  destinationsCommand(cli),
  coverageCommand(cli),
  reportCommand(cli),
  verifyCommand(cli),
  doctorCommand(cli),
  backupCommand(cli),
  restoreCommand(cli),
  tokenCommand(cli),
  keysCommand(cli),
  sandboxCommand(cli),
  demoCommand(cli),
];
