import type { Command } from "commander";
import type { CheckStep } from "../../model/check.ts";
import type { InstalledDestination } from "../../model/destinations.ts";
import { stepLines } from "../check.ts";
import { type Cli, environmentOf, print, printJson } from "../cli.ts";
import { openControlOf, proxyOf } from "../compose.ts";
import { dataDirOf, dataDirOption, defineCommand } from "../define-command.ts";
import { plainText } from "../plain-text.ts";
import { destinationNamed } from "./parts.ts";

const text = {
  summary: "test the connection of a destination, step by step",
  description:
    "Ends with delivering one marked test event, which stays at the other side. Ends with 0 only if no step fails; a warning is no failure.",
  arguments: { name: "the destination" },
  examples: [["cistern destinations test soc", "each step, and what to do where one fails"]],
} as const;

interface Options {
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function checkDestinationCommand(cli: Cli): Command {
  return defineCommand("test <name>", text)
    .addOption(dataDirOption())
    .action((name: string, options: Options) => test(cli, name, options));
}

async function test(cli: Cli, name: string, options: Options): Promise<void> {
  const dataDir = dataDirOf(cli, options);
  const control = await openControlOf(cli, dataDir, true);
  try {
    const destination = destinationNamed(control, name);
    const { deliveryParts } = await import("../../delivery-parts.ts");
    const { createLog } = await import("../../runtime/log.ts");
    const log = createLog(environmentOf(cli).logLevel, { pretty: cli.stderr.isTTY ?? false });
    const { destinationTester } = deliveryParts({ control, dataDir, proxy: await proxyOf(cli), log });
    const { id, kind, format } = destination;
    const settings = control.destinations.destinationSettings(id);
    const signal = cli.stopSignal();
    const steps = await told(cli, destination, options, destinationTester.test({ kind, settings, format }, signal));
    const ok = !signal.aborted && steps.length > 0 && steps.every(({ state }) => state !== "failed");
    if (options.json) printJson(cli, { destination: destination.name, kind, ok, steps });
    else print(cli, ok ? "  Everything that is needed works." : "  Not everything that is needed works.");
    if (!ok) cli.exitCode = 1;
  } finally {
    control.control.close();
  }
}

/** Prints the steps as they end. */
async function told(
  cli: Cli,
  { name, kind }: InstalledDestination,
  { json = false }: Options,
  running: AsyncIterable<CheckStep>,
): Promise<readonly CheckStep[]> {
  const ended: CheckStep[] = [];
  if (!json) print(cli, `${plainText(name)} (${kind})`);
  for await (const step of running) {
    if (step.state === "running") continue;
    ended.push(step);
    if (!json) for (const line of stepLines(cli, step)) print(cli, line);
  }
  return ended;
}
