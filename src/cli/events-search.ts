import type { Command } from "commander";
import type { StoredEvent } from "../model/event.ts";
import { instantArgument, wholeArgument } from "./arguments.ts";
import { type Cli, print, say } from "./cli.ts";
import { collectorNamed, type DataFolder, openForReading } from "./compose.ts";
import { dataDirOf, dataDirOption, defineCommand } from "./define-command.ts";
import { writeEvents } from "./event-lines.ts";
import { plainText } from "./plain-text.ts";
import { orDash, spokenNumber, tableLines } from "./table.ts";

/** Beyond so many hits, only "more than" is said. */
const COUNT_LIMIT = 100_000;

const text = {
  summary: "find events by words and fields, newest first",
  description:
    "The query language is the console's; docs/search.md describes it. Works while a server runs.\nWith --json each event is a line as in events export.",
  arguments: { query: "what to look for; quote it if it holds spaces" },
  examples: [
    ["cistern events search invoice", "the newest events with this word"],
    ["cistern events search 'user:ada@example.com \"quarterly report\"'", "a phrase in what one person wrote"],
    ["cistern events search --collector chatgpt-prod --limit 500 --json login", "for a script"],
  ],
} as const;

interface Options {
  readonly collector?: string;
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function searchCommand(cli: Cli): Command {
  return defineCommand("search <query>", text)
    .option("--collector <name>", "only events of this collector")
    .option("--from <instant>", "only events from this time on", instantArgument)
    .option("--to <instant>", "only events before this time", instantArgument)
    .option("--limit <number>", "at most so many events", wholeArgument(1, 100_000), 50)
    .addOption(dataDirOption())
    .action((query: string, options: Options) => search(cli, query, options));
}

async function search(cli: Cli, query: string, options: Options): Promise<void> {
  const dataDir = dataDirOf(cli, options);
  const folder = await openForReading(cli, dataDir);
  const { openSearchIndex } = await import("../search/search-index.ts");
  const index = openSearchIndex(dataDir);
  try {
    const asked = { text: query, sources: sourcesOf(folder, options), fromUs: options.from, toUs: options.to };
    const { count, exact } = await index.count(asked, COUNT_LIMIT);
    let found = 0;
    for (let after: string | undefined, left = options.limit; left > 0; ) {
      const page = await index.search(asked, { after, limit: Math.min(left, 500) });
      const events = await folder.reader.eventsBySeq(page.hits.map(({ seq }) => seq));
      await show(cli, folder, events, options.json ?? false);
      found += events.length;
      left -= page.hits.length;
      after = page.next;
      if (after === undefined) break;
    }
    const { indexedSeq, lastSeq } = await index.progress();
    say(cli, `${spokenNumber(found)} of ${exact ? "" : "more than "}${spokenNumber(count)} events`);
    if (indexedSeq < lastSeq) say(cli, "The search index is still being built; there may be more.");
  } finally {
    await index.close();
    await folder.close();
  }
}

function sourcesOf({ control }: DataFolder, { collector }: Options) {
  if (collector === undefined) return undefined;
  const { id, dataSources } = collectorNamed(control.collectors(), collector);
  return dataSources.map((dataSource) => ({ collectorId: id, dataSource }));
}

async function show(cli: Cli, { control }: DataFolder, events: readonly StoredEvent[], json: boolean): Promise<void> {
  const byId = new Map(control.collectors().map((collector) => [collector.id, collector]));
  const namesOf = ({ collectorId }: StoredEvent) => {
    const known = byId.get(collectorId);
    return { collector: known?.name ?? collectorId, connector: known?.connector ?? "" };
  };
  if (json) {
    for (const event of events) await writeEvents(cli.stdout, [event], namesOf(event));
    return;
  }
  const { summaryOf } = await import("../search/summary.ts");
  const columns = ["TIME", "COLLECTOR", "SEQ", "TYPE", "WHO", "WHAT"].map((heading) => ({ heading }));
  const rows = events.map((event) => {
    const { summary, user } = summaryOf(event.raw, event.type);
    const cells = [event.time, namesOf(event).collector, String(event.seq), event.type, orDash(user), summary];
    return cells.map(plainText);
  });
  for (const line of tableLines(columns, rows))
    print(cli, line.slice(0, cli.stdout.isTTY ? cli.stdout.columns : undefined));
}
