import type { Command } from "commander";
import { observeStore } from "../api/observe.ts";
import { connectors } from "../connectors/index.ts";
import type { DataSourceKey } from "../model/event.ts";
import type { LedgerFile } from "../model/store.ts";
import { type Cli, print, printJson, say } from "./cli.ts";
import { type DataFolder, openForReading, plansOf } from "./compose.ts";
import { dataDirOf, dataDirOption, defineCommand } from "./define-command.ts";
import { type StatusReport, statusReport } from "./status-report.ts";
import { statusLines } from "./status-view.ts";

/** At most so many holes are listed of a data source; `files_pending` counts them all. */
const MAX_HOLES = 1_000;

const text = {
  summary: "show the health of every data source",
  description: "Reads the data folder; works while a server runs on it.",
  examples: [
    ["cistern status", "a table of the collectors in ./data"],
    ["cistern status --data-dir /var/lib/cistern --json", "the same for a script"],
  ],
} as const;

interface Options {
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function statusCommand(cli: Cli): Command {
  return defineCommand("status", text)
    .addOption(dataDirOption())
    .action(async (options: Options) => {
      const folder = await openForReading(cli, dataDirOf(cli, options));
      try {
        const report = await readStatus(folder, cli.now());
        if (options.json) printJson(cli, report);
        else for (const line of statusLines(report, cli.stdout)) print(cli, line);
        if (folder.secretKey.status().state === "missing") say(cli, KEY_NOTE);
      } finally {
        await folder.close();
      }
    });
}

const KEY_NOTE =
  "The key of the stored secrets is not here. If the server gets it from its environment, set CISTERN_SECRET_KEY here as well.";

/** Everything that `status` tells, from short reads. */
export async function readStatus({ reader, control }: DataFolder, now: Date): Promise<StatusReport> {
  const plans = await plansOf(control);
  const observed = await observeStore(reader, now);
  const { states } = observed;
  const gaps = await reader.gaps({});
  const holes = new Map<string, readonly LedgerFile[]>();
  for (const { key } of states) holes.set(nameOf(key), await reader.holes(key, MAX_HOLES));
  const holesOf = (key: DataSourceKey) => holes.get(nameOf(key)) ?? [];
  return statusReport({ plans, ...observed, connectors, gaps, holesOf, activity: [], diskPaused: false, now });
}

const nameOf = (key: DataSourceKey) => JSON.stringify([key.collectorId, key.dataSource]);
