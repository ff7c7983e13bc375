import { userInfo } from "node:os";
import type { Command } from "commander";
import { nearest } from "../../config/nearest.ts";
import type { NewReplay } from "../../model/delivery.ts";
import type { InstalledDestination } from "../../model/destinations.ts";
import { CollectorError } from "../../model/errors.ts";
import { isoFromUs } from "../../model/time.ts";
import { collected, instantArgument, wholeArgument } from "../arguments.ts";
import { type Cli, print, printJson } from "../cli.ts";
import { collectorNamed, type DataFolder, openForReading } from "../compose.ts";
import { dataDirOf, dataDirOption, defineCommand, wrongUsage } from "../define-command.ts";
import { plainText } from "../plain-text.ts";
import { spokenNumber } from "../table.ts";
import { COMMAND_LINE, changingBoth, destinationNamed, HEARD } from "./parts.ts";

const text = {
  summary: "send a part of the log again, after a forecast",
  description:
    "From the store, beside live delivery; upstream is not asked. Says how many events it would be; with --yes the replay is noted. Bounds are on the event's own time, the end not included. What a repeat does at the other side is on the destination's page.",
  arguments: { name: "the destination" },
  examples: [
    ["cistern destinations replay soc --from 2026-07-01 --to 2026-07-02", "the forecast for one day"],
    ["cistern destinations replay soc --from 2026-07-01 --to 2026-07-02 --yes", "send that day again"],
    ["cistern destinations replay soc --cancel 3", "stop a replay; what has been sent stays sent"],
  ],
} as const;

interface Options {
  /** µs since 1970. */
  readonly from?: number;
  readonly to?: number;
  readonly collector?: readonly string[];
  readonly dataSource?: string;
  readonly yes?: boolean;
  readonly cancel?: number;
  readonly by?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function replayCommand(cli: Cli): Command {
  const command = defineCommand("replay <name>", text)
    .option("--from <instant>", "only events from this instant on", instantArgument)
    .option("--to <instant>", "only events before this instant", instantArgument)
    .option(
      "--collector <name>",
      "only this collector; may be given several times; default: all of the destination",
      collected,
    )
    .option("--data-source <name>", "only this data source")
    .option("--yes", "send them again")
    .option("--cancel <id>", "stop the replay with this id", wholeArgument(1))
    .option("--by <name>", "who asks for it; default: the user of this session")
    .addOption(dataDirOption());
  return command.action((name: string, options: Options) => run(cli, command, name, options));
}

async function run(cli: Cli, command: Command, name: string, options: Options): Promise<void> {
  const { from, to, cancel } = options;
  if (cancel !== undefined) return await stop(cli, name, cancel, options);
  if (from !== undefined && to !== undefined && from >= to)
    return wrongUsage(command, "--from must be before --to, whose instant is not included");
  const wanted = await forecast(cli, name, options);
  const id = options.yes ? await request(cli, wanted, options) : undefined;
  if (options.json) printJson(cli, jsonOf(wanted, id));
  else for (const line of lines(wanted, id)) print(cli, line);
  if (!options.yes) return wrongUsage(command, "nothing is changed yet", "Give --yes to send them again");
}

async function forecast(cli: Cli, name: string, options: Options): Promise<NewReplay> {
  const folder = await openForReading(cli, dataDirOf(cli, options));
  try {
    const destination = destinationNamed(folder, name);
    const collectorIds = collectorsOf(folder, destination, options);
    const bounds = { dataSource: options.dataSource, fromUs: options.from, toUs: options.to };
    let events = 0;
    for (const collectorId of collectorIds)
      events += await folder.deliveries.countLog({ collectorId, after: 0, ...bounds });
    const by = options.by ?? userInfo().username;
    return { destinationId: destination.id, collectorIds, ...bounds, events, by, at: cli.now().toISOString() };
  } finally {
    await folder.close();
  }
}

function collectorsOf({ control }: DataFolder, destination: InstalledDestination, options: Options): readonly string[] {
  const own = control.collectors().filter(({ id }) => destination.collectorIds?.includes(id) ?? true);
  const chosen = options.collector?.map((name) => collectorNamed(own, name)) ?? own;
  const sources = [...new Set(chosen.flatMap(({ dataSources }) => dataSources))];
  if (options.dataSource === undefined || sources.includes(options.dataSource)) return chosen.map(({ id }) => id);
  const near = nearest(options.dataSource, sources);
  throw new CollectorError("rejected", `None of these collectors has a data source '${options.dataSource}'`, {
    reason: "usage",
    action: near === undefined ? `There is ${sources.join(", ")}` : `Did you mean '${near}'?`,
  });
}

async function request(cli: Cli, wanted: NewReplay, options: Options): Promise<number> {
  return await changingBoth(cli, dataDirOf(cli, options), async ({ access }, store) => {
    const id = await store.requestReplay(wanted);
    const { from, to } = boundsOf(wanted);
    const { dataSource, events, by } = wanted;
    access.record({
      who: COMMAND_LINE,
      action: "destination.replayed",
      object: wanted.destinationId,
      detail: { replay: id, dataSource, from, to, events, by },
    });
    return id;
  });
}

async function stop(cli: Cli, name: string, id: number, options: Options): Promise<void> {
  const by = options.by ?? userInfo().username;
  const dataDir = dataDirOf(cli, options);
  const folder = await openForReading(cli, dataDir);
  const destination = destinationNamed(folder, name);
  const isOwn = (await folder.deliveries.replays(destination.id)).some((replay) => replay.id === id);
  await folder.close();
  await changingBoth(cli, dataDir, async ({ access }, store) => {
    if (!isOwn || !(await store.cancelReplay(id, by, cli.now().toISOString()))) throw nothingToCancel(id);
    const detail = { replay: id, by };
    access.record({ who: COMMAND_LINE, action: "destination.replay_cancelled", object: destination.id, detail });
  });
  if (options.json) printJson(cli, { cancelled: id });
  else print(cli, "The replay is cancelled. What has been sent stays sent.");
}

const boundsOf = ({ fromUs, toUs }: NewReplay) => ({
  from: fromUs === undefined ? undefined : isoFromUs(fromUs),
  to: toUs === undefined ? undefined : isoFromUs(toUs),
});

const jsonOf = (wanted: NewReplay, id: number | undefined) => ({
  id,
  ...boundsOf(wanted),
  data_source: wanted.dataSource,
  events: wanted.events,
  replayed: id !== undefined,
});

function lines(wanted: NewReplay, id: number | undefined): readonly string[] {
  const { from, to } = boundsOf(wanted);
  const what = wanted.dataSource === undefined ? "every data source" : plainText(wanted.dataSource);
  const events = wanted.events === 1 ? "1 event" : `${spokenNumber(wanted.events)} events`;
  return [
    `${events} of ${what}, from ${from ?? "the oldest that is held"} to ${to ?? "the newest"}, before filter and masks`,
    ...(id === undefined ? [] : [`The replay is noted, with the id ${id}. ${HEARD}`]),
  ];
}

const nothingToCancel = (id: number) =>
  new CollectorError("rejected", `No replay ${id} of this destination is under way`, {
    reason: "not_found",
    action: "cistern destinations list --json names those that are",
  });
