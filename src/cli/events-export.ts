import type { Command } from "commander";
import type { Collector } from "../model/collector.ts";
import type { LogQuery } from "../model/store.ts";
import { instantArgument, wholeArgument } from "./arguments.ts";
import { type Cli, say } from "./cli.ts";
import { collectorNamed, type DataFolder, openForReading } from "./compose.ts";
import { dataDirOf, dataDirOption, defineCommand, wrongUsage } from "./define-command.ts";
import { writeEvents } from "./event-lines.ts";
import { progressOn } from "./progress.ts";
import { spokenNumber } from "./table.ts";

/** Short pages: no read keeps the write-ahead log from shrinking for longer than it takes to fetch so many rows. */
const PAGE = 500;

const text = {
  summary: "write events as JSON Lines",
  description:
    "Collector by collector, each in log order, up to where its log ends when the export starts. Works while a server runs.\nTo go on later, give --collector and the last `seq` as --after. --from and --to are bounds on the event's own time.",
  examples: [
    ["cistern events export > events.jsonl", "everything in ./data"],
    ["cistern events export --from 2026-07-01 --to 2026-08-01", "one month by event time, end not included"],
    ["cistern events export --collector chatgpt-prod --after 120000", "what came after position 120000"],
  ],
} as const;

interface Options {
  readonly collector?: string;
  readonly dataSource?: string;
  readonly from?: number;
  readonly to?: number;
  readonly after?: number;
  readonly dataDir?: string;
}

export function exportCommand(cli: Cli): Command {
  const command = defineCommand("export", text)
    .option("--collector <name>", "only events of this collector")
    .option("--data-source <name>", "only events of this data source")
    .option("--from <instant>", "only events from this time on", instantArgument)
    .option("--to <instant>", "only events before this time", instantArgument)
    .option("--after <seq>", "only events after this position; needs --collector", wholeArgument(0))
    .addOption(dataDirOption());
  return command.action((options: Options) => exportEvents(cli, command, options));
}

async function exportEvents(cli: Cli, command: Command, options: Options): Promise<void> {
  if (options.after !== undefined && options.collector === undefined) {
    wrongUsage(command, "--after needs --collector: positions belong to one collector's log");
  }
  if (options.from !== undefined && options.to !== undefined && options.from >= options.to) {
    wrongUsage(command, "--from must be before --to, whose instant is not included");
  }
  const folder = await openForReading(cli, dataDirOf(cli, options));
  try {
    const collectors = chosen(folder, options);
    const ends = new Map<string, number>();
    for (const { id } of collectors) ends.set(id, await folder.reader.lastSeq(id));
    for (const collector of collectors)
      await exportLog(cli, folder, collector, { ...options, upTo: ends.get(collector.id)! });
  } finally {
    await folder.close();
  }
}

/** By name, so that two exports of the same data are the same. */
function chosen({ control }: DataFolder, { collector, dataSource }: Options): readonly Collector[] {
  const all = [...control.collectors()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const some = collector === undefined ? all : [collectorNamed(all, collector)];
  if (dataSource !== undefined) {
    collectorNamed(
      some.flatMap(({ dataSources }) => dataSources.map((name) => ({ name }))),
      dataSource,
      "data source",
    );
  }
  return some;
}

async function exportLog(
  cli: Cli,
  { reader }: DataFolder,
  collector: Collector,
  { dataSource, from, to, after = 0, upTo }: Options & { readonly upTo: number },
): Promise<void> {
  const names = { collector: collector.name, connector: collector.connector };
  // Two moving things on one terminal: where events are shown, the bar is not.
  const progress = cli.stdout.isTTY ? undefined : progressOn(cli, `Exporting ${collector.name}`, { quietly: true });
  const range: Omit<LogQuery, "after"> = {
    collectorId: collector.id,
    upTo,
    dataSource,
    fromUs: from,
    toUs: to,
    limit: PAGE,
  };
  let written = 0;
  for (let position: number | undefined = after; position !== undefined; ) {
    const { events, next } = await reader.readLog({ ...range, after: position });
    await writeEvents(cli.stdout, events, names);
    written += events.length;
    progress?.update((next ?? upTo) - after, upTo - after, `${spokenNumber(written)} events`);
    position = next;
  }
  progress?.end();
  if (cli.stderr.isTTY && !cli.stdout.isTTY) say(cli, `${collector.name}: ${spokenNumber(written)} events`);
}
