import type { Command } from "commander";
import type { Cistern } from "../main.ts";
import { CollectorError } from "../model/errors.ts";
import type { DataSourceState } from "../model/store.ts";
import { systemSleep } from "../runtime/clock.ts";
import { durationArgument } from "./arguments.ts";
import { type Cli, environmentOf, print, printJson, say } from "./cli.ts";
import { configurationOf, holdsData, plansOf, start, startOptions } from "./compose.ts";
import { configOption, dataDirOf, dataDirOption, defineCommand, wrongUsage } from "./define-command.ts";
import { needsOf, type PersonNeeded } from "./person-needed.ts";
import { plainText } from "./plain-text.ts";
import { progressOn } from "./progress.ts";
import { stopped } from "./serve.ts";
import { spokenNumber } from "./table.ts";

const PROGRESS_MS = 500;
const GIVE_UP_AFTER_MS = 2 * 60_000;

const text = {
  summary: "run the engine only, without console and API",
  description:
    "With --until-caught-up it ends once every data source has scanned to the present and fetched every file that can be had:\nwith 0, or with 1 if something needs a person and nobody has acknowledged it, or if upstream could not be reached.",
  examples: [
    ["cistern run --config cistern.yaml --data-dir data", "collect until it is stopped"],
    ["cistern run --config cistern.yaml --data-dir data --until-caught-up", "collect what there is, then end"],
  ],
} as const;

interface Options {
  readonly config?: string;
  readonly dataDir?: string;
  readonly untilCaughtUp?: boolean;
  readonly giveUpAfter?: number;
  readonly forceNetworkFs?: boolean;
  readonly json?: boolean;
}

export function runCommand(cli: Cli): Command {
  const command = defineCommand("run", text)
    .addOption(configOption())
    .addOption(dataDirOption())
    .option("--until-caught-up", "end once all that can be had is collected")
    .option(
      "--give-up-after <duration>",
      "with --until-caught-up: how long a data source that cannot get on is waited for, such as 90s or 1h (default: 2m)",
      durationArgument,
    )
    .option("--force-network-fs", "allow a data folder on a network file system, which can lose data");
  return command.action((options: Options) => run(cli, command, options));
}

async function run(cli: Cli, command: Command, options: Options): Promise<void> {
  const { untilCaughtUp, giveUpAfter, forceNetworkFs } = options;
  if (giveUpAfter !== undefined && !untilCaughtUp) wrongUsage(command, "--give-up-after needs --until-caught-up");
  const giveUpAfterMs = untilCaughtUp ? (giveUpAfter ?? GIVE_UP_AFTER_MS) : undefined;
  const file = options.config ?? environmentOf(cli).configFile;
  const configuration = file === undefined ? undefined : await configurationOf(cli, file);
  if (configuration?.collectors.length === 0) throw noCollector(configuration.file);
  const dataDir = dataDirOf(cli, options);
  if (configuration === undefined && !holdsData(dataDir)) throw nothingToCollect(dataDir);
  const signal = cli.stopSignal();
  const base = await startOptions(cli, dataDir);
  const cistern = await start(cli, { ...base, configuration, untilCaughtUp, giveUpAfterMs, forceNetworkFs });
  try {
    if (cistern.control.collectors().length === 0) throw nothingToCollect(dataDir);
    if (untilCaughtUp) await collectAll(cli, cistern, signal, options.json ?? false);
    else await Promise.race([stopped(signal), cistern.broken]);
  } finally {
    await cistern.stop();
  }
}

async function collectAll(cli: Cli, cistern: Cistern, signal: AbortSignal, json: boolean): Promise<void> {
  const watching = new AbortController();
  const watch = watchProgress(cli, cistern, watching.signal);
  const broken = cistern.broken.then(() => cistern.stop());
  try {
    // The watch ends before it is told to only where the thread that it asks has ended.
    await Promise.race([cistern.caughtUp(), stopped(signal), watch, broken]);
  } finally {
    watching.abort();
  }
  await watch;
  const states = await cistern.reader.dataSources();
  const needs = needsOf(await plansOf(cistern.control), states);
  report(cli, { states, needs, stoppedEarly: signal.aborted }, json);
  if (needs.length > 0 || signal.aborted) cli.exitCode = 1;
}

interface Outcome {
  readonly states: readonly DataSourceState[];
  readonly needs: readonly PersonNeeded[];
  readonly stoppedEarly: boolean;
}

function report(cli: Cli, { states, needs, stoppedEarly }: Outcome, json: boolean): void {
  const events = states.reduce((sum, { counts }) => sum + counts.events, 0);
  const pending = states.reduce((sum, { counts }) => sum + counts.filesPending, 0);
  if (json) {
    printJson(cli, {
      caught_up: !stoppedEarly && needs.length === 0,
      events,
      files_pending: pending,
      needs_person: needs,
    });
    return;
  }
  for (const { collector, data_source, reason, action } of needs) {
    say(cli, `${plainText(collector)} / ${plainText(data_source)}: ${plainText(reason)}`);
    if (action !== undefined) say(cli, `  ${plainText(action)}`);
  }
  if (stoppedEarly) say(cli, "Stopped before everything was collected; the next start goes on from here.");
  print(cli, `${spokenNumber(events)} events held, ${spokenNumber(pending)} files to go`);
}

async function watchProgress(cli: Cli, { reader }: Cistern, signal: AbortSignal): Promise<void> {
  const progress = progressOn(cli, "Collecting");
  while (!signal.aborted) {
    const counts = (await reader.dataSources()).map((state) => state.counts);
    const sum = (name: "filesDone" | "filesPending" | "events") =>
      counts.reduce((total, each) => total + each[name], 0);
    const [done, pending] = [sum("filesDone"), sum("filesPending")];
    progress.update(done, done + pending, `${spokenNumber(done)} files, ${spokenNumber(sum("events"))} events`);
    await systemSleep(PROGRESS_MS, signal);
  }
  progress.end();
}

const nothingToCollect = (dataDir: string) =>
  new CollectorError("config_invalid", `No collector is set up in the data folder ${dataDir}`, {
    reason: "data_dir_missing",
    action: "Name a configuration file with --config, or set one up in the console of cistern serve",
  });

const noCollector = (file: string) =>
  new CollectorError("config_invalid", `The configuration file ${file} names no collector`, {
    reason: "configuration_file",
    action: "Add one under collectors; docs/configuration.md shows how",
  });
