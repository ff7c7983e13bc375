import type { Command } from "commander";
import {
  type CoverageRun,
  coverageBuckets,
  coverageRuns,
  MINUTE_US,
  type MinuteCounts,
  minutesOf,
  reachesBefore,
  wholeCoverage,
} from "../model/coverage.ts";
import type { DataSourceKey } from "../model/event.ts";
import type { CoveredFile } from "../model/report.ts";
import type { StoreReader } from "../model/store.ts";
import { instantUs, isoFromUs } from "../model/time.ts";
import { instantArgument } from "./arguments.ts";
import { type Cli, print, printJson, say } from "./cli.ts";
import { collectorNamed, openForReading } from "./compose.ts";
import { calendarLines, legendLines } from "./coverage-view.ts";
import { dataDirOf, dataDirOption, defineCommand, wrongUsage } from "./define-command.ts";
import { plainText } from "./plain-text.ts";
import { orDash, spokenNumber, tableLines } from "./table.ts";

const HOUR = 60;
const DAY = 24 * HOUR;
/** Beyond this many days a cell is a day. */
const DAYS_BY_HOUR = 62;
const LONGEST_DAYS = 1_100;
const FILES_A_PAGE = 1_000;

const text = {
  summary: "show what is known of each hour: collected, empty, pending, missing, lost",
  description:
    "A calendar of each data source, in UTC; an hour has the worst state of its minutes. docs/coverage.md defines the states.\nWithout bounds, the last seven days. Reads the data folder; works while a server runs on it.",
  examples: [
    ["cistern coverage", "the last seven days of every collector in ./data"],
    ["cistern coverage --collector prod --from 2026-06-01 --to 2026-07-01 --json", "a month, in runs of minutes"],
    [
      "cistern coverage --collector prod --source conversations --from 2026-07-15T10:00:00Z --to 2026-07-15T11:00:00Z --files",
      "the files of one hour",
    ],
  ],
} as const;

interface Options {
  readonly collector?: string;
  readonly source?: string;
  readonly from?: number;
  readonly to?: number;
  readonly files?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function coverageCommand(cli: Cli): Command {
  const command = defineCommand("coverage", text)
    .option("--collector <name>", "only this collector")
    .option("--source <name>", "only this data source")
    .option("--from <instant>", "from this instant or day; default: seven days before --to", instantArgument)
    .option("--to <instant>", "up to this instant or day; default: now", instantArgument)
    .option("--files", "list the files of the time instead of the calendar")
    .addOption(dataDirOption());
  return command.action((options: Options) => showCoverage(cli, command, options));
}

interface Period {
  readonly from: number;
  readonly to: number;
}

interface SourceCoverage {
  readonly key: DataSourceKey;
  readonly collector: string;
  readonly runs: readonly CoverageRun[];
  readonly minutes: MinuteCounts;
  readonly files: readonly CoveredFile[] | undefined;
}

async function showCoverage(cli: Cli, command: Command, options: Options): Promise<void> {
  const period = periodOf(cli, command, options);
  const folder = await openForReading(cli, dataDirOf(cli, options));
  try {
    const collectors = folder.control.collectors();
    const wanted = options.collector === undefined ? collectors : [collectorNamed(collectors, options.collector)];
    const sources: SourceCoverage[] = [];
    for (const { id, name, dataSources } of wanted)
      for (const dataSource of dataSources.filter((one) => options.source === undefined || one === options.source))
        sources.push(await sourceCoverage(folder.reader, { collectorId: id, dataSource }, name, { options, period }));
    if (options.json) printJson(cli, { ...jsonPeriod(period), data_sources: sources.map(jsonOf) });
    else if (sources.length === 0) say(cli, "There is no such data source; cistern status lists them.");
    else if (options.files) for (const source of sources) printFiles(cli, source);
    else printCalendars(cli, sources, period);
  } finally {
    await folder.close();
  }
}

function periodOf(cli: Cli, command: Command, options: Options): Period {
  const to = Math.floor((options.to ?? cli.now().getTime() * 1_000) / MINUTE_US);
  const from = Math.floor((options.from ?? (to - 7 * DAY) * MINUTE_US) / MINUTE_US);
  if (from >= to) wrongUsage(command, "--from must be before --to");
  if (to - from > LONGEST_DAYS * DAY) wrongUsage(command, `the time is longer than ${spokenNumber(LONGEST_DAYS)} days`);
  return { from, to };
}

async function sourceCoverage(
  reader: StoreReader,
  key: DataSourceKey,
  collector: string,
  { options, period }: { readonly options: Options; readonly period: Period },
): Promise<SourceCoverage> {
  const span = { fromUs: period.from * MINUTE_US, toUs: period.to * MINUTE_US };
  const source = await wholeCoverage((query) => reader.coverage(query), { key, ...span });
  const runs = coverageRuns(source, period.from, period.to);
  const files = options.files ? await filesOf(reader, key, span) : undefined;
  return { key, collector, runs, minutes: minutesOf(runs), files };
}

async function filesOf(reader: StoreReader, key: DataSourceKey, span: { fromUs: number; toUs: number }) {
  const query = { key, ...span, touching: true, limit: FILES_A_PAGE };
  let page = await reader.coveredFiles(query);
  const files = [...page.files];
  while (page.next !== undefined) {
    page = await reader.coveredFiles({ ...query, after: page.next });
    files.push(...page.files);
  }
  return files.filter(({ endTime, state }) => reachesBefore(span.toUs, instantUs(endTime) ?? 0, state));
}

function printCalendars(cli: Cli, sources: readonly SourceCoverage[], { from, to }: Period): void {
  const byDay = to - from > DAYS_BY_HOUR * DAY;
  for (const { key, collector, runs, minutes } of sources) {
    print(cli, `${plainText(collector)} / ${plainText(key.dataSource)}`);
    for (const line of calendarLines(wholeCells(runs, byDay ? DAY : HOUR), byDay, cli.stdout)) print(cli, line);
    for (const line of legendLines(minutes, cli.stdout)) print(cli, line);
    print(cli, "");
  }
}

/** Cells begin at whole hours or days, so the first one may hold fewer minutes. */
function wholeCells(runs: readonly CoverageRun[], step: number) {
  const first = runs[0]!;
  const start = first.from - (first.from % step);
  return coverageBuckets(start === first.from ? runs : [{ ...first, from: start, to: start }, ...runs], step);
}

function printFiles(cli: Cli, { key, collector, files }: SourceCoverage): void {
  print(cli, `${plainText(collector)} / ${plainText(key.dataSource)}`);
  if (files === undefined || files.length === 0) {
    print(cli, "  No file speaks for this time.");
    return;
  }
  const columns = ["END", "FILE", "STATE", "LINES", "HELD", "ATTEMPTS", "SHA-256", "ERROR"].map((heading) => ({
    heading,
    ...(["LINES", "HELD", "ATTEMPTS"].includes(heading) && { align: "right" as const }),
  }));
  const rows = files.map(({ id, endTime, state, attempts, sha256, error, done }) => [
    endTime,
    plainText(id),
    state,
    orDash(done && spokenNumber(done.lines)),
    orDash(done && spokenNumber(done.held)),
    spokenNumber(attempts),
    orDash(done?.sha256 ?? sha256).slice(0, 16),
    orDash(error && (error.reason ?? error.code)),
  ]);
  for (const line of tableLines(columns, rows)) print(cli, line);
}

const instant = (minute: number) => isoFromUs(minute * MINUTE_US);
const jsonPeriod = ({ from, to }: Period) => ({ from: instant(from), to: instant(to) });

const jsonOf = ({ key, collector, runs, minutes, files }: SourceCoverage) => ({
  collector,
  collector_id: key.collectorId,
  data_source: key.dataSource,
  minutes,
  runs: runs.map(({ from, to, state }) => ({ from: instant(from), to: instant(to), state })),
  files: files?.map(({ id, endTime, state, attempts, size, sha256, error, done }) => ({
    id,
    end_time: endTime,
    state,
    attempts,
    size,
    sha256: done?.sha256 ?? sha256,
    lines: done?.lines,
    inserted: done?.inserted,
    duplicates: done?.duplicates,
    quarantined: done?.quarantined,
    held: done?.held,
    error: error && (error.reason ?? error.code),
  })),
});
