import type { Command } from "commander";
import type { Gap } from "../model/store.ts";
import { type Cli, print, printJson, say } from "./cli.ts";
import { collectorNamed, openForReading } from "./compose.ts";
import { dataDirOf, dataDirOption, defineCommand } from "./define-command.ts";
import { plainText } from "./plain-text.ts";
import { orDash, tableLines } from "./table.ts";

const text = {
  summary: "list intervals that are known to be lost",
  description: "A gap is an interval whose events upstream can no longer give. `cistern ack` acknowledges one.",
  examples: [
    ["cistern gaps", "every gap in ./data"],
    ["cistern gaps --collector chatgpt-prod --open --json", "those of one collector that nobody acknowledged"],
  ],
} as const;

interface Options {
  readonly collector?: string;
  readonly open?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function gapsCommand(cli: Cli): Command {
  return defineCommand("gaps", text)
    .option("--collector <name>", "only gaps of this collector")
    .option("--open", "only gaps that nobody has acknowledged")
    .addOption(dataDirOption())
    .action((options: Options) => listGaps(cli, options));
}

async function listGaps(cli: Cli, options: Options): Promise<void> {
  const folder = await openForReading(cli, dataDirOf(cli, options));
  try {
    const collectors = folder.control.collectors();
    const only = options.collector === undefined ? undefined : collectorNamed(collectors, options.collector);
    const unacknowledgedOnly = options.open ?? false;
    const gaps = await folder.reader.gaps({ ...(only && { collectorId: only.id }), unacknowledgedOnly });
    const names = new Map(collectors.map(({ id, name }) => [id, name]));
    const nameOf = ({ collectorId }: Gap) => names.get(collectorId) ?? collectorId;
    if (options.json) printJson(cli, { gaps: gaps.map((gap) => ({ ...jsonOf(gap), collector: nameOf(gap) })) });
    else if (gaps.length === 0) say(cli, "No gap is recorded.");
    else for (const line of gapLines(gaps, nameOf)) print(cli, line);
  } finally {
    await folder.close();
  }
}

const jsonOf = ({
  id,
  dataSource,
  from,
  to,
  reason,
  files,
  fileId,
  recordedAt,
  acknowledgedAt,
  acknowledgedBy,
}: Gap) => ({
  id,
  data_source: dataSource,
  from,
  to,
  reason,
  files,
  file_id: fileId,
  recorded_at: recordedAt,
  acknowledged_at: acknowledgedAt,
  acknowledged_by: acknowledgedBy,
});

const columns = ["ID", "COLLECTOR", "DATA SOURCE", "FROM", "TO", "REASON", "ACKNOWLEDGED"].map((heading) => ({
  heading,
}));

const gapLines = (gaps: readonly Gap[], nameOf: (gap: Gap) => string) =>
  tableLines(
    columns,
    gaps.map((gap) => [
      String(gap.id),
      plainText(nameOf(gap)),
      plainText(gap.dataSource),
      gap.from,
      gap.to,
      gap.reason.replaceAll("_", " "),
      orDash(gap.acknowledgedBy && `${gap.acknowledgedAt} by ${plainText(gap.acknowledgedBy)}`),
    ]),
  );
