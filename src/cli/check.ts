import type { Command } from "commander";
import type { ConfiguredCollector } from "../config/configuration.ts";
import type { CheckStep } from "../model/check.ts";
import type { ConnectionTester } from "../model/engine.ts";
import { CollectorError } from "../model/errors.ts";
import { type Cli, environmentOf, print } from "./cli.ts";
import { collectorNamed, configurationOf, connectionTester } from "./compose.ts";
import { configOption, defineCommand } from "./define-command.ts";
import { stepMark } from "./marks.ts";
import { plainText } from "./plain-text.ts";

const text = {
  summary: "test the connection of configured collectors, step by step",
  description:
    "Reads only; changes nothing. Ends with 0 only if every step of every data source passes; a warning is no failure.",
  arguments: { collector: "a collector of the file, by name; default: every one" },
  examples: [
    ["cistern check --config cistern.yaml", "every collector of the file"],
    ["cistern check --config cistern.yaml chatgpt-prod", "one collector"],
    ["cistern check --config cistern.yaml --json", "one line of JSON for each collector"],
  ],
} as const;

interface Options {
  readonly config?: string;
  readonly json?: boolean;
}

/** The result for one collector; `check --json` prints one a line. */
export interface CheckResult {
  readonly collector: string;
  readonly connector: string;
  readonly ok: boolean;
  readonly steps: readonly CheckStep[];
}

export function checkCommand(cli: Cli): Command {
  return defineCommand("check [collector...]", text)
    .addOption(configOption())
    .action((names: readonly string[], options: Options) => check(cli, names, options));
}

async function check(cli: Cli, names: readonly string[], options: Options): Promise<void> {
  const file = options.config ?? environmentOf(cli).configFile;
  if (file === undefined) throw noFile();
  const { collectors } = await configurationOf(cli, file);
  const chosen = names.length === 0 ? collectors : names.map((name) => collectorNamed(collectors, name));
  if (chosen.length === 0) throw noCollector(file);
  const signal = cli.stopSignal();
  const { tester, close } = await connectionTester(cli);
  try {
    for (const collector of chosen) {
      const result = await checkCollector(cli, tester, collector, { signal, json: options.json ?? false });
      if (!result.ok) cli.exitCode = 1;
    }
  } finally {
    await close();
  }
}

async function checkCollector(
  cli: Cli,
  tester: ConnectionTester,
  collector: ConfiguredCollector,
  { signal, json }: { readonly signal: AbortSignal; readonly json: boolean },
): Promise<CheckResult> {
  const { name, connector, dataSources } = collector;
  const settings = { ...collector.settings, ...collector.secrets };
  const steps: CheckStep[] = [];
  if (!json) print(cli, `${plainText(name)} (${connector})`);
  for await (const step of tester.test(connector, settings, dataSources, signal)) {
    if (step.state === "running") continue;
    steps.push(step);
    if (!json) for (const line of stepLines(cli, step)) print(cli, line);
  }
  const ok = !signal.aborted && passed(steps);
  const result: CheckResult = { collector: name, connector, ok, steps };
  if (json) print(cli, JSON.stringify(result));
  else print(cli, ok ? "  Everything that is needed works." : "  Not everything that is needed works.");
  return result;
}

// A step may be skipped because there is nothing to test; a data source may not.
function passed(steps: readonly CheckStep[]): boolean {
  const sources = steps.filter(({ id }) => id.startsWith("data-source:"));
  const tested = sources.length > 0 && sources.every(({ state }) => state !== "skipped");
  return tested && steps.every(({ state }) => state !== "failed");
}

/** The step with its mark, what was found, and the remedy below. */
export function stepLines(cli: Cli, { title, state, detail, remedy }: CheckStep): readonly string[] {
  const found = detail === undefined ? "" : `: ${plainText(detail)}`;
  const line = `  ${stepMark(state, cli.stdout)}  ${plainText(title)}${found}`;
  return remedy === undefined ? [line] : [line, `      ${plainText(remedy)}`];
}

const noFile = () =>
  new CollectorError("config_invalid", "No configuration file is named", {
    reason: "usage",
    action: "Name it with --config, or set CISTERN_CONFIG",
  });

const noCollector = (file: string) =>
  new CollectorError("config_invalid", `The configuration file ${file} names no collector`, {
    reason: "configuration_file",
    action: "Add one under collectors; docs/configuration.md shows how",
  });
