import { userInfo } from "node:os";
import type { Command } from "commander";
import { nearest } from "../config/nearest.ts";
import type { Collector } from "../model/collector.ts";
import { CollectorError } from "../model/errors.ts";
import type { DataSourceKey } from "../model/event.ts";
import type { FileAmount, RewindForecast } from "../model/rewind.ts";
import { isoFromUs } from "../model/time.ts";
import { instantArgument } from "./arguments.ts";
import { type Cli, print, printJson, say } from "./cli.ts";
import {
  collectorNamed,
  knownConnectors,
  openControlOf,
  openForReading,
  openOutbound,
  openStoreBesideServer,
  plansOf,
} from "./compose.ts";
import { dataDirOf, dataDirOption, defineCommand, wrongUsage } from "./define-command.ts";
import { plainText } from "./plain-text.ts";
import { spokenBytes, spokenNumber } from "./table.ts";

const text = {
  summary: "send a data source back in time, after a forecast",
  description:
    "Lists upstream from the instant on and says what would be fetched; downloads nothing. With --yes the rewind is noted in the data folder: a server that runs carries it out within a poll interval, otherwise the next start does.",
  examples: [
    ["cistern rewind --collector chatgpt-prod --data-source conversations --to 2026-07-01 --dry-run", "the forecast"],
    [
      "cistern rewind --collector chatgpt-prod --data-source conversations --to 2026-07-01 --yes",
      "fetch what is missing",
    ],
    [
      "cistern rewind --collector chatgpt-prod --data-source conversations --to 2026-07-01 --refetch --yes",
      "fetch again what is here, too",
    ],
    ["cistern rewind --collector chatgpt-prod --data-source conversations --cancel", "give up the rest of a rewind"],
  ],
} as const;

interface Options {
  readonly collector: string;
  readonly dataSource: string;
  /** µs since 1970. */
  readonly to?: number;
  readonly refetch?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly cancel?: boolean;
  readonly by?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function rewindCommand(cli: Cli): Command {
  const command = defineCommand("rewind", text)
    .requiredOption("--collector <name>", "the collector")
    .requiredOption("--data-source <name>", "its data source")
    .option("--to <instant>", "the instant to go back to", instantArgument)
    .option("--refetch", "fetch files again that are here; events are not doubled, erased ones stay erased")
    .option("--dry-run", "only the forecast")
    .option("--yes", "rewind as the forecast says")
    .option("--cancel", "give up what the last rewind has not fetched again yet")
    .option("--by <name>", "who asks for it; default: the user of this session")
    .addOption(dataDirOption());
  return command.action((options: Options) => run(cli, command, options));
}

async function run(cli: Cli, command: Command, options: Options): Promise<void> {
  const dataDir = dataDirOf(cli, options);
  const { to } = options;
  if (options.cancel) return await cancel(cli, dataDir, options);
  if (to === undefined) return wrongUsage(command, "--to is needed, the instant to go back to");
  if (options.dryRun && options.yes) return wrongUsage(command, "give one of --dry-run and --yes");
  const forecast = await makeForecast(cli, dataDir, options, isoFromUs(to));
  const rewound = options.yes === true;
  if (rewound) await request(cli, dataDir, options, forecast);
  if (options.json) printJson(cli, jsonOf(options, forecast, rewound));
  else for (const line of lines(forecast, options)) print(cli, line);
  if (!rewound && !options.dryRun) return wrongUsage(command, "nothing is changed yet", "Give --yes to rewind");
}

async function makeForecast(cli: Cli, dataDir: string, options: Options, to: string): Promise<RewindForecast> {
  const folder = await openForReading(cli, dataDir);
  const outbound = await openOutbound(cli);
  const store = await openStoreBesideServer(cli, dataDir);
  try {
    const plans = await plansOf(folder.control);
    const collector = collectorNamed(
      plans.map((plan) => plan.collector),
      options.collector,
    );
    const key = keyOf(collector, options.dataSource);
    const states = await folder.reader.dataSources();
    const known = states.some((state) => isSame(state.key, key) && state.cursor !== undefined);
    if (!known) throw noCursor(options.dataSource);
    const { forecastRewind } = await import("../engine/rewind-forecast.ts");
    const plan = plans.find((one) => one.collector.id === collector.id)!;
    const connectors = await knownConnectors();
    const parts = { connectors, outbound, store, now: cli.now, signal: cli.stopSignal() };
    if (!options.json) say(cli, "Listing upstream; with much to list this takes minutes.");
    return await forecastRewind(parts, plan, key.dataSource, to);
  } finally {
    await Promise.all([store.close(), outbound.close(), folder.close()]);
  }
}

function keyOf({ id, name, dataSources }: Collector, dataSource: string): DataSourceKey {
  if (dataSources.includes(dataSource)) return { collectorId: id, dataSource };
  const near = nearest(dataSource, dataSources);
  throw new CollectorError("rejected", `The collector '${name}' has no data source '${dataSource}'`, {
    reason: "usage",
    action: near === undefined ? `It has ${dataSources.join(", ")}` : `Did you mean '${near}'?`,
  });
}

const isSame = (a: DataSourceKey, b: DataSourceKey) => a.collectorId === b.collectorId && a.dataSource === b.dataSource;

async function request(cli: Cli, dataDir: string, options: Options, forecast: RewindForecast): Promise<void> {
  const { key, to, after, hereIds, toFetch, here, cursor } = forecast;
  const refetch = options.refetch ?? false;
  const by = options.by ?? userInfo().username;
  const store = await openStoreBesideServer(cli, dataDir);
  const { control, access } = await openControlOf(cli, dataDir, false);
  try {
    await store.requestRewind(key, { to, again: refetch ? hereIds : [], after, by, at: cli.now().toISOString() });
    access.record({
      who: "command line",
      action: "data_source.rewound",
      object: key.collectorId,
      detail: {
        dataSource: key.dataSource,
        to,
        from: cursor,
        filesToFetch: toFetch.files,
        filesAgain: refetch ? here.files : 0,
        by,
      },
    });
  } finally {
    await store.close();
    control.close();
  }
}

async function cancel(cli: Cli, dataDir: string, options: Options): Promise<void> {
  const store = await openStoreBesideServer(cli, dataDir);
  const { control, access } = await openControlOf(cli, dataDir, false);
  try {
    const key = keyOf(collectorNamed(control.collectors(), options.collector), options.dataSource);
    const by = options.by ?? userInfo().username;
    if (!(await store.cancelRewind(key, by, cli.now().toISOString()))) throw nothingToCancel();
    const detail = { dataSource: key.dataSource, by };
    access.record({
      who: "command line",
      action: "data_source.rewind_cancelled",
      object: key.collectorId,
      detail,
    });
    if (options.json) printJson(cli, { cancelled: true });
    else print(cli, "The rewind is cancelled. What it has fetched stays.");
  } finally {
    await store.close();
    control.close();
  }
}

const amount = ({ files, bytes }: FileAmount) =>
  `${spokenNumber(files)} ${files === 1 ? "file" : "files"}, ${spokenBytes(bytes)}`;

function lines(forecast: RewindForecast, { refetch = false, yes = false }: Options): readonly string[] {
  const { to, cursor, oldestListed, toFetch, waiting, here, gone } = forecast;
  return [
    `Rewind from ${plainText(cursor)} to ${to}`,
    `  upstream lists from    ${plainText(oldestListed ?? "nothing any more")}`,
    `  will be fetched        ${amount(toFetch)}`,
    `  wait already           ${amount(waiting)}`,
    `  here already           ${amount(here)}${refetch ? ", will be fetched again" : ""}`,
    `  no longer upstream     ${amount(gone)}`,
    ...(yes
      ? ["The rewind is noted; it begins with the next look upstream. cistern status shows how it gets on."]
      : []),
  ];
}

const jsonOf = ({ refetch = false }: Options, forecast: RewindForecast, rewound: boolean) => ({
  data_source: forecast.key.dataSource,
  from: forecast.cursor,
  to: forecast.to,
  oldest_listed: forecast.oldestListed,
  listed: forecast.listed,
  to_fetch: forecast.toFetch,
  waiting: forecast.waiting,
  here: forecast.here,
  gone: forecast.gone,
  refetch,
  rewound,
});

const noCursor = (name: string) =>
  new CollectorError("rejected", `The data source ${name} has no cursor yet: there is nothing to go back to`, {
    reason: "rewind_ahead",
    action: "Wait until its first look upstream has ended",
  });

const nothingToCancel = () =>
  new CollectorError("rejected", "No rewind of this data source is under way", {
    reason: "not_found",
    action: "cistern status shows the last one",
  });
