import { type Command, Option } from "commander";
import type { Destination } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import { collected } from "../arguments.ts";
import { type Cli, print, printJson } from "../cli.ts";
import { collectorNamed, knownDestinations, requireDataFolder } from "../compose.ts";
import { dataDirOf, dataDirOption, defineCommand } from "../define-command.ts";
import { plainText } from "../plain-text.ts";
import { COMMAND_LINE, changing, HEARD, kindNamed } from "./parts.ts";
import { readGiven } from "./settings.ts";

const text = {
  summary: "add a destination",
  description:
    "Secrets come from the environment or from standard input, never from the command line, which other users of the machine can read. Filter and masks are set in the console or in the configuration file.",
  examples: [
    [
      "cistern destinations add --name archive --kind files --set folder=/srv/cistern/events",
      "files in a folder that is there",
    ],
    [
      "cistern destinations add --name soc --kind splunk-hec --set url=https://splunk.example:8088 --secret token=env:HEC_TOKEN",
      "its secret from the environment",
    ],
  ],
} as const;

interface Options {
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
  return defineCommand("add", text)
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
    .option("--paused", "nothing is delivered until it is resumed")
    .addOption(dataDirOption())
    .action((options: Options) => add(cli, options));
}

async function add(cli: Cli, options: Options): Promise<void> {
  const dataDir = dataDirOf(cli, options);
  requireDataFolder(dataDir);
  const kind = kindNamed(await knownDestinations(), options.kind);
  const format = formatOf(kind, options.format);
  const { set = [], secret = [], from, paused = false } = options;
  const { settings, secrets } = await readGiven(cli, kind, { set, secret });
  const created = await changing(cli, dataDir, ({ control, destinations, access }) => {
    const collectors = control.collectors();
    const installed = destinations.createDestination(
      {
        ...{ name: options.name, kind: kind.name, settings, format, from, paused, managedBy: "console" },
        collectorIds: options.collector?.map((name) => collectorNamed(collectors, name).id),
        ...{ filter: undefined, masking: undefined },
        ...{ maxBatchEvents: undefined, maxBatchBytes: undefined, maxAgeMs: undefined },
      },
      secrets,
    );
    const detail = { name: installed.name, kind: kind.name };
    access.record({ who: COMMAND_LINE, action: "destination.created", object: installed.id, detail });
    return installed;
  });
  const { id, name } = created;
  if (options.json) return printJson(cli, { id, name, kind: kind.name, format, paused });
  print(cli, `${plainText(name)} is added. ${paused ? "It is paused." : HEARD}`);
}

function formatOf({ name, formats }: Destination, wanted: string | undefined): Destination["formats"][number] {
  const format = wanted === undefined ? formats[0] : formats.find((one) => one === wanted);
  if (format !== undefined) return format;
  throw new CollectorError("rejected", `${name} does not take the format '${wanted}'`, {
    reason: "usage",
    action: `It takes ${formats.join(", ")}`,
  });
}
