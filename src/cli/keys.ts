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

const forgetText = {
  summary: "give up the secrets of a key that is lost for good",
  description:
    "For when secret.key is gone and no copy of it is left. Removes every stored secret, none of which can be opened any more;\nthe next start makes a new key, and each collector asks for its token. Events are not touched. Needs --yes, and no server\non the data folder. Refused while the key is there.",
  examples: [["cistern keys forget --yes", "then start the server and enter the tokens anew"]],
} as const;

interface Options {
  readonly yes?: boolean;
  readonly to?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function keysCommand(cli: Cli): Command {
  const rotate = defineCommand("rotate", text)
    .option("--to <file>", "a file that holds the new key")
    .addOption(dataDirOption())
    .action((options: Options) => rotateKey(cli, options));
  const forget = defineCommand("forget", forgetText)
    .option("--yes", "remove them; cannot be undone")
    .addOption(dataDirOption())
    .action((options: Options) => forgetKey(cli, options));
  return defineGroup(
    "keys",
    {
      summary: "change the key that secrets are encrypted with",
      examples: [["cistern keys rotate", "a new secret.key for ./data"]],
    },
    [rotate, forget],
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

async function forgetKey(cli: Cli, options: Options): Promise<void> {
  const dataDir = dataDirOf(cli, options);
  requireDataFolder(dataDir);
  if (!options.yes) throw yesNeeded();
  const secrets = await whileNothingRuns(dataDir, async () => {
    const { control, access, forgetSecrets } = await openControlOf(cli, dataDir, false);
    try {
      const count = forgetSecrets();
      access.record({
        who: "command line",
        action: "secret_key.forgotten",
        object: undefined,
        detail: { secrets: count },
      });
      return count;
    } finally {
      control.close();
    }
  });
  if (options.json) printJson(cli, { secrets });
  else
    print(
      cli,
      `${secrets === 1 ? "1 secret is" : `${secrets} secrets are`} removed. Start the server and enter the tokens anew.`,
    );
}

const yesNeeded = () =>
  new CollectorError("config_invalid", "Every stored secret would be removed, and that cannot be undone", {
    reason: "usage",
    action: "Give --yes if the key is lost for good",
  });

// A key made here would be known to nobody, and every secret lost with it.
const keyNeeded = () =>
  new CollectorError("config_invalid", "The environment gives the key, so the new one has to be given as well", {
    reason: "usage",
    action: "Write the new key to a file and name it with --to",
  });
