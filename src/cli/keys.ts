import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { CollectorError } from "../model/errors.ts";
import { type Cli, environmentOf, print, printJson, say } from "./cli.ts";
import { openControlOf, requireDataFolder, whileNothingRuns } from "./compose.ts";
import { dataDirOf, dataDirOption, defineCommand, defineGroup } from "./define-command.ts";

const text = {
  summary: "wrap every stored secret with another key",
  description:
    "Needs the key in force, and no server on the data folder. A new key is made and put in place of secret.key;\nwhere the environment gives the key, --to names a file with the new one, to be set in the environment afterwards.",
  examples: [
    ["cistern keys rotate", "a new secret.key for ./data"],
    ["cistern keys rotate --to new.key", "wrap with the key in new.key"],
  ],
} as const;

interface Options {
  readonly to?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function keysCommand(cli: Cli): Command {
  const rotate = defineCommand("rotate", text)
    .option("--to <file>", "a file that holds the new key")
    .addOption(dataDirOption())
    .action((options: Options) => rotateKey(cli, options));
  return defineGroup(
    "keys",
    {
      summary: "change the key that secrets are encrypted with",
      examples: [["cistern keys rotate", "a new secret.key for ./data"]],
    },
    [rotate],
  );
}

async function rotateKey(cli: Cli, options: Options): Promise<void> {
  const dataDir = dataDirOf(cli, options);
  requireDataFolder(dataDir);
  if (options.to === undefined && environmentOf(cli).secretKey !== undefined) throw keyNeeded();
  const to = options.to === undefined ? undefined : readFileSync(options.to, "utf8").trim();
  const { keyId, secrets } = await whileNothingRuns(dataDir, async () => {
    const { control, access, rotateSecretKey } = await openControlOf(cli, dataDir, false);
    try {
      const result = rotateSecretKey(to);
      access.record({ who: "command line", action: "secret_key.rotated", object: result.keyId, detail: undefined });
      return result;
    } finally {
      control.close();
    }
  });
  if (options.json) printJson(cli, { key_id: keyId, secrets });
  else print(cli, `${secrets === 1 ? "1 secret is" : `${secrets} secrets are`} now wrapped with the key ${keyId}.`);
  if (environmentOf(cli).secretKey !== undefined) say(cli, "Set the new key in the environment before the next start.");
  else say(cli, "Keep a copy of secret.key apart from the backups; without it the secrets cannot be opened.");
}

// A key made here would be known to nobody, and every secret lost with it.
const keyNeeded = () =>
  new CollectorError("config_invalid", "The environment gives the key, so the new one has to be given as well", {
    reason: "usage",
    action: "Write the new key to a file and name it with --to",
  });
