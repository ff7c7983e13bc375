import { existsSync } from "node:fs";
import type { Command } from "commander";
import { CollectorError } from "../model/errors.ts";
import { systemSleep } from "../runtime/clock.ts";
import type { BackupManifest, BackupProgress } from "../store/sqlite/backup.ts";
import { type Cli, print, printJson, say } from "./cli.ts";
import { requireDataFolder } from "./compose.ts";
import { dataDirOf, dataDirOption, defineCommand } from "./define-command.ts";
import { type Progress, progressOn } from "./progress.ts";
import { spokenBytes, spokenNumber } from "./table.ts";

const text = {
  summary: "write a consistent copy of the data to one file",
  description:
    "Works while a server collects at full speed. The key of the secrets stays out unless --include-key is given.\nNeeds about as much free space beside the file as the data take.",
  examples: [
    ["cistern backup --out cistern.backup", "a copy of ./data"],
    ["cistern backup --data-dir /var/lib/cistern --out /backup/today.backup --json", "for a script"],
  ],
} as const;

interface Options {
  readonly out: string;
  readonly includeKey?: boolean;
  readonly force?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function backupCommand(cli: Cli): Command {
  return defineCommand("backup", text)
    .requiredOption("--out <file>", "the file to write; it appears when it is whole")
    .option("--include-key", "also the key of the secrets; whoever has such a file can read them")
    .option("--force", "replace a file of that name")
    .addOption(dataDirOption())
    .action((options: Options) => writeBackup(cli, options));
}

async function writeBackup(cli: Cli, options: Options): Promise<void> {
  const { out, includeKey } = options;
  const dataDir = dataDirOf(cli, options);
  requireDataFolder(dataDir);
  if (existsSync(out) && !options.force) throw alreadyThere(out);
  const { backup } = await import("../store/sqlite/backup.ts");
  const progress = progressOn(cli, "Backing up");
  const manifest = await backup({
    dataDir,
    out,
    includeKey: includeKey ?? false,
    createdAt: cli.now().toISOString(),
    sleep: systemSleep,
    onProgress: showing(progress),
  }).finally(() => progress.end());
  if (options.json) printJson(cli, { out, ...manifest });
  else print(cli, `${out}: ${contentsOf(manifest)}`);
  if (!includeKey) say(cli, "The key of the secrets is not in it; keep a copy of secret.key apart.");
}

/** Draws the steps of a backup or a restore. */
export const showing =
  (progress: Progress) =>
  ({ phase, file, bytes, total }: BackupProgress): void =>
    progress.update(bytes, total, `${phase} ${file}`);

/** `1,200 events of 2 collectors, 3.4 MB` */
export function contentsOf({ counts, files }: BackupManifest): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const collectors = counts.collectors === 1 ? "1 collector" : `${spokenNumber(counts.collectors)} collectors`;
  return `${spokenNumber(counts.events)} events of ${collectors}, ${spokenBytes(bytes)}`;
}

const alreadyThere = (out: string) =>
  new CollectorError("config_invalid", `The file ${out} exists already`, {
    reason: "file_exists",
    action: "Name another file, or --force to replace it",
  });
