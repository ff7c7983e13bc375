import type { Command } from "commander";
import type { Destination } from "../../model/destination.ts";
import type { InstalledDestination } from "../../model/destinations.ts";
import { collected } from "../arguments.ts";
import { type Cli, print, printJson } from "../cli.ts";
import { collectorNamed, knownDestinations } from "../compose.ts";
import { dataDirOf, dataDirOption, defineCommand, wrongUsage } from "../define-command.ts";
import { plainText } from "../plain-text.ts";
import { COMMAND_LINE, changing, destinationNamed, formatNamed, HEARD, kindNamed } from "./parts.ts";
import { readGiven } from "./settings.ts";
import { clearable, cleared, type ShapingOptions, shapingOf, withShaping } from "./shaping.ts";

const text = {
  summary: "change a destination",
  description:
    "Only what is given changes; a list takes the place of the whole list. Another address does not get the stored secrets: they are given again with it. Positions, dead letters and receipts stay.",
  arguments: { name: "the destination" },
  examples: [
    ["cistern destinations change soc --secret token=env:HEC_TOKEN", "a new token"],
    ["cistern destinations change soc --metadata-only --type AUTH_LOG --type AUDIT_LOG", "no content, of two types"],
    ["cistern destinations change soc --clear filter --unset ca", "every event again; and no authority of our own"],
  ],
} as const;

interface Options extends ShapingOptions {
  readonly rename?: string;
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
  readonly secret?: readonly string[];
  readonly format?: string;
  readonly collector?: readonly string[];
  readonly clear?: readonly string[];
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function changeCommand(cli: Cli): Command {
  const command = defineCommand("change <name>", text)
    .option("--rename <name>", "how it is to be called")
    .option("--set <key=value>", "a setting; may be given several times", collected)
    .option("--unset <key>", "a setting or secret back to its default; may be given several times", collected)
    .option("--secret <key=source>", "a secret, from env:NAME or from stdin; may be given several times", collected)
    .option("--format <format>", "how events are written")
    .option("--collector <name>", "only events of this collector; may be given several times", collected)
    .option("--clear <part>", `take away ${spoken(clearable)}, ahead of what else is given`, collected);
  return withShaping(command)
    .addOption(dataDirOption())
    .action((name: string, options: Options) => change(cli, command, name, options));
}

const spoken = (parts: readonly string[]) => `${parts.slice(0, -1).join(", ")} or ${parts.at(-1)}`;

async function change(cli: Cli, command: Command, name: string, options: Options): Promise<void> {
  const { dataDir: _folder, json: _json, ...given } = options;
  if (Object.keys(given).length === 0) wrongUsage(command, "nothing to change is given");
  const unknown = options.clear?.find((part) => !clearable.some((one) => one === part));
  if (unknown !== undefined) wrongUsage(command, `--clear takes ${clearable.join(", ")}, not '${unknown}'`);
  const kinds = await knownDestinations();
  const changed = await changing(cli, dataDirOf(cli, options), async ({ control, destinations, access }) => {
    const before = destinationNamed({ destinations }, name);
    const kind = kindNamed(kinds, before.kind);
    const { set = [], secret = [], unset = [] } = options;
    const stored = { whole: destinations.destinationSettings(before.id) };
    const { settings, secrets } = await readGiven(cli, kind, { set, secret, unset }, stored);
    const collectors = control.collectors();
    const start = cleared(before, options.clear ?? []);
    const after = {
      name: options.rename ?? before.name,
      settings,
      format: formatOf(kind, before, options.format),
      collectorIds: options.collector?.map((one) => collectorNamed(collectors, one).id) ?? start.collectorIds,
      ...shapingOf(options, start),
    };
    const written = destinations.updateDestination(before.id, after, secrets, () => kind.address);
    const detail = { changed: Object.keys(given) };
    access.record({ who: COMMAND_LINE, action: "destination.changed", object: before.id, detail });
    return written;
  });
  tell(cli, changed, options.json ?? false);
}

const formatOf = (kind: Destination, { format }: InstalledDestination, wanted: string | undefined) =>
  wanted === undefined ? format : formatNamed(kind, wanted);

function tell(cli: Cli, { id, name, kind, format, filter, masking, paused }: InstalledDestination, json: boolean) {
  if (json) printJson(cli, { id, name, kind, format, paused, filter, masking });
  else print(cli, `${plainText(name)} is changed. ${HEARD}`);
}
