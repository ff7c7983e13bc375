import { type Command, Option } from "commander";
import { entered } from "../../api/destination-settings.ts";
import { collected } from "../arguments.ts";
import { type Cli, print, printJson } from "../cli.ts";
import { collectorNamed, knownDestinations, requireDataFolder } from "../compose.ts";
import { dataDirOf, dataDirOption, defineCommand } from "../define-command.ts";
import { plainText } from "../plain-text.ts";
import { COMMAND_LINE, changing, formatNamed, HEARD, kindNamed } from "./parts.ts";
import { readGiven } from "./settings.ts";
import { NO_SHAPING, type ShapingOptions, shapingOf, withShaping } from "./shaping.ts";

const text = {
  summary: "add a destination",
  description:
    "Secrets come from the environment or from standard input, never from the command line, which other users of the machine can read. An event is delivered that meets every condition; what is masked never leaves this machine.",
  examples: [
    [
      "cistern destinations add --name archive --kind files --set folder=/srv/cistern/events",
      "files in a folder that is there",
    ],
    [
      "cistern destinations add --name soc --kind splunk-hec --set url=https://splunk.example:8088 --secret token=env:HEC_TOKEN",
      "its secret from the environment",
    ],
    [
      "cistern destinations add --name audit --kind files --set folder=/srv/audit --type AUDIT_LOG --pseudonyms",
      "one type, without names",
    ],
  ],
} as const;

interface Options extends ShapingOptions {
  readonly name: string;
  readonly kind: string;
  readonly set?: readonly string[];
  readonly secret?: readonly string[];
  readonly format?: string;
  readonly collector?: readonly string[];
  readonly from: "start" | "now";
  readonly paused?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function addCommand(cli: Cli): Command {
  const command = defineCommand("add", text)
    .requiredOption("--name <name>", "how it is to be called")
    .requiredOption("--kind <kind>", "what it is; cistern destinations kinds lists them")
    .option("--set <key=value>", "a setting; may be given several times", collected)
    .option(
      "--secret <key=source>",
      "a secret setting, from env:NAME or from stdin; may be given several times",
      collected,
    )
    .option("--format <format>", "how events are written; default: the first that the kind takes")
    .option("--collector <name>", "only events of this collector; may be given several times; default: all", collected)
    .addOption(
      new Option("--from <where>", "where it begins: with the oldest event that is held, or with the next")
        .choices(["start", "now"])
        .default("start"),
    )
    .option("--paused", "nothing is delivered until it is resumed");
  return withShaping(command)
    .addOption(dataDirOption())
    .action((options: Options) => add(cli, options));
}

async function add(cli: Cli, options: Options): Promise<void> {
  const dataDir = dataDirOf(cli, options);
  requireDataFolder(dataDir);
  const kind = kindNamed(await knownDestinations(), options.kind);
  const format = options.format === undefined ? kind.formats[0]! : formatNamed(kind, options.format);
  const shaping = shapingOf(options, NO_SHAPING);
  const { set = [], secret = [], from, paused = false } = options;
  const { settings, secrets } = await readGiven(cli, kind, { set, secret, unset: [] });
  const created = await changing(cli, dataDir, ({ control, destinations, access }) => {
    const collectors = control.collectors();
    const installed = destinations.createDestination(
      {
        ...{ name: options.name, kind: kind.name, settings, format, from, paused, managedBy: "console" },
        collectorIds: options.collector?.map((name) => collectorNamed(collectors, name).id),
        ...shaping,
      },
      entered(secrets),
    );
    const detail = { name: installed.name, kind: kind.name };
    access.record({ who: COMMAND_LINE, action: "destination.created", object: installed.id, detail });
    return installed;
  });
  const { id, name } = created;
  if (options.json) return printJson(cli, { id, name, kind: kind.name, format, paused });
  print(cli, `${plainText(name)} is added. ${paused ? "It is paused." : HEARD}`);
}
