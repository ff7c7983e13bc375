import { existsSync, mkdirSync, rmSync } from "node:fs";
import type { Command } from "commander";
import { CollectorError } from "../model/errors.ts";
import { contentsOf, showing } from "./backup.ts";
import { type Cli, print, printJson, say } from "./cli.ts";
import { dataDirOf, dataDirOption, defineCommand } from "./define-command.ts";
import { progressOn } from "./progress.ts";
import { spokenNumber } from "./table.ts";

const text = {
  summary: "put a backup back, after checking it",
  description:
    "Into an empty data folder on which no server runs. Everything is checked before anything is put in place. Erasures since\nthe backup are made again; API tokens and sessions of then lose their force.",
  arguments: { file: "what cistern backup has written" },
  examples: [
    ["cistern restore cistern.backup", "into ./data"],
    ["cistern restore /backup/today.backup --data-dir /var/lib/cistern --force", "in place of what is there"],
  ],
} as const;

interface Options {
  readonly force?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function restoreCommand(cli: Cli): Command {
  return defineCommand("restore <file>", text)
    .option("--force", "replace the data that are there")
    .addOption(dataDirOption())
    .action((file: string, options: Options) => putBack(cli, file, options));
}

async function putBack(cli: Cli, file: string, options: Options): Promise<void> {
  if (!existsSync(file)) throw notThere(file);
  const dataDir = dataDirOf(cli, options);
  const { restore } = await import("../store/sqlite/restore.ts");
  const { revokeAfterRestore } = await import("../control/restored.ts");
  const made = mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  let revoked = { tokens: 0, sessions: 0 };
  const afterRestore = (path: string) => {
    revoked = revokeAfterRestore(path, cli.now());
  };
  const progress = progressOn(cli, "Restoring");
  const force = options.force ?? false;
  const { manifest, erased } = await restore({
    from: file,
    dataDir,
    force,
    afterRestore,
    onProgress: showing(progress),
  })
    .catch((error: unknown) => {
      if (made !== undefined) rmSync(made, { recursive: true });
      throw error;
    })
    .finally(() => progress.end());
  if (options.json) printJson(cli, { data_dir: dataDir, erased, revoked, ...manifest });
  else print(cli, `${dataDir}: ${contentsOf(manifest)}, as of ${manifest.created_at}`);
  if (erased > 0) say(cli, `Erased again: ${spokenNumber(erased)} events.`);
  if (revoked.tokens > 0)
    say(cli, `API tokens of then no longer work (${spokenNumber(revoked.tokens)}); make new ones.`);
}

const notThere = (file: string) =>
  new CollectorError("config_invalid", `There is no file ${file}`, {
    reason: "file_missing",
    action: "Name a file that cistern backup has written",
  });
