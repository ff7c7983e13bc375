import type { Command } from "commander";
import { MOST_HOURS, type ReceiptRow, receiptRows } from "../../api/receipt-rows.ts";
import { wholeArgument } from "../arguments.ts";
import { type Cli, print, printJson, say } from "../cli.ts";
import { openForReading } from "../compose.ts";
import { dataDirOf, dataDirOption, defineCommand } from "../define-command.ts";
import { plainText } from "../plain-text.ts";
import { spokenNumber, tableLines } from "../table.ts";
import { destinationNamed } from "./parts.ts";

const text = {
  summary: "account for every event of the last hours",
  description:
    "Events by the hour in which they were collected. Collected must be the sum of filtered, delivered, dead letters, withdrawn (erased or expired before they went out) and pending, which is counted in the log by itself. Ends with 1 where an hour does not add up.",
  arguments: { name: "the destination" },
  examples: [["cistern destinations receipts soc --hours 48", "the last two days"]],
} as const;

interface Options {
  readonly hours: number;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function receiptsCommand(cli: Cli): Command {
  return defineCommand("receipts <name>", text)
    .option("--hours <number>", `how many hours back, 1 to ${MOST_HOURS}`, wholeArgument(1, MOST_HOURS), 24)
    .addOption(dataDirOption())
    .action(async (name: string, options: Options) => {
      const folder = await openForReading(cli, dataDirOf(cli, options));
      try {
        const { id } = destinationNamed(folder, name);
        const rows = await receiptRows(folder.deliveries, id, { now: cli.now(), hours: options.hours });
        const names = new Map(folder.control.collectors().map((one) => [one.id, one.name]));
        tell(cli, rows, (id) => names.get(id) ?? id, options.json ?? false);
      } finally {
        await folder.close();
      }
    });
}

function tell(cli: Cli, rows: readonly ReceiptRow[], nameOf: (id: string) => string, json: boolean): void {
  const wrong = rows.filter(({ reconciles }) => !reconciles).length;
  if (json) printJson(cli, { reconciles: wrong === 0, hours: rows.map((row) => jsonOf(row, nameOf(row.collectorId))) });
  else if (rows.length === 0) say(cli, "Nothing was collected for it in these hours.");
  else for (const line of lines(rows, nameOf)) print(cli, line);
  if (wrong === 0) return;
  cli.exitCode = 1;
  say(cli, `${wrong === 1 ? "1 hour does" : `${wrong} hours do`} not add up; cistern doctor says more.`);
}

const jsonOf = (
  { at, collected, filtered, delivered, deadLettered, withdrawn, pending, reconciles }: ReceiptRow,
  collector: string,
) => ({
  ...{ at, collector, collected, filtered, delivered, dead_letters: deadLettered, withdrawn, pending, reconciles },
});

const countsOf = ({ collected, filtered, delivered, deadLettered, withdrawn, pending }: ReceiptRow) => [
  collected,
  filtered,
  delivered,
  deadLettered,
  withdrawn,
  pending,
];

function lines(rows: readonly ReceiptRow[], nameOf: (id: string) => string): readonly string[] {
  const counts = ["COLLECTED", "FILTERED", "DELIVERED", "DEAD LETTERS", "WITHDRAWN", "PENDING"];
  const totals = counts.map((_, place) => rows.reduce((sum, row) => sum + countsOf(row)[place]!, 0));
  return tableLines(
    [
      ...["HOUR (UTC)", "COLLECTOR"].map((heading) => ({ heading })),
      ...counts.map((heading) => ({ heading, align: "right" as const })),
      { heading: "ADDS UP" },
    ],
    [
      ...rows.map((row) => [
        row.at.slice(0, 16).replace("T", " "),
        plainText(nameOf(row.collectorId)),
        ...countsOf(row).map(spokenNumber),
        row.reconciles ? "yes" : "NO",
      ]),
      ["in all", "", ...totals.map(spokenNumber), rows.every(({ reconciles }) => reconciles) ? "yes" : "NO"],
    ],
  );
}
