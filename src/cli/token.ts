import { type Command, InvalidArgumentError, Option } from "commander";
import { nearest } from "../config/nearest.ts";
import { type Role, roles } from "../model/access.ts";
import { wholeArgument } from "./arguments.ts";
import { type Cli, print, printJson, say } from "./cli.ts";
import { openControlOf } from "./compose.ts";
import { dataDirOf, dataDirOption, defineCommand, defineGroup } from "./define-command.ts";

const text = {
  summary: "make an API token, shown once",
  description: "Works while a server runs on the data folder. The token is stored hashed and cannot be shown again.",
  examples: [
    ["cistern token create --role viewer --name grafana", "a token that sees health and counts, no content"],
    ["cistern token create --role analyst --name soc --days 365", "a token that may read events, for a year"],
  ],
} as const;

interface Options {
  readonly role: Role;
  readonly name: string;
  readonly days: number;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function tokenCommand(cli: Cli): Command {
  const create = defineCommand("create", text)
    .addOption(new Option("--role <role>", `one of ${roles.join(", ")}`).argParser(roleArgument).makeOptionMandatory())
    .requiredOption("--name <name>", "what it is for")
    .option("--days <number>", "how long it is valid, 1 to 365", wholeArgument(1, 365), 90)
    .addOption(dataDirOption())
    .action((options: Options) => createToken(cli, options));
  return defineGroup(
    "token",
    {
      summary: "make API tokens",
      examples: [["cistern token create --role viewer --name grafana", "a token for a dashboard"]],
    },
    [create],
  );
}

async function createToken(cli: Cli, options: Options): Promise<void> {
  const { control, access } = await openControlOf(cli, dataDirOf(cli, options), false);
  try {
    const { role, name, days } = options;
    const { text: token, info } = access.createToken({ role, name, expiresInDays: days, createdBy: "command line" });
    access.record({ who: "command line", action: "token.created", object: info.id, detail: { name, role } });
    const { id, expiresAt } = info;
    if (options.json) printJson(cli, { token, id, name, role, expires_at: expiresAt });
    else print(cli, token);
    say(cli, `This is the only time that the token is shown. It is valid until ${expiresAt.slice(0, 10)}.`);
  } finally {
    control.close();
  }
}

function roleArgument(text: string): Role {
  const role = roles.find((known) => known === text);
  if (role) return role;
  const near = nearest(text, roles);
  throw new InvalidArgumentError(near ? `Did you mean '${near}'?` : `Expected one of ${roles.join(", ")}.`);
}
