import { userInfo } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { DeadLetter, DeadLetterState } from "../../model/delivery.ts";
import { CollectorError } from "../../model/errors.ts";
import { wholeArgument } from "../arguments.ts";
import { type Cli, print, printJson, say } from "../cli.ts";
import { openForReading } from "../compose.ts";
import { dataDirOf, dataDirOption, defineCommand, wrongUsage } from "../define-command.ts";
import { plainText } from "../plain-text.ts";
import { tableLines } from "../table.ts";
import { COMMAND_LINE, changingBoth, destinationNamed, HEARD } from "./parts.ts";

const text = {
  summary: "list events that a destination refuses, send them again or give them up",
  description:
    "An event that the destination refuses for good holds up nothing: it waits here for a person, with what the destination said. Retention leaves it in the store until then.",
  arguments: { name: "the destination" },
  examples: [
    ["cistern destinations dead-letters soc", "those that wait for a person"],
    ["cistern destinations dead-letters soc --retry all", "send them again, once the cause is put right"],
    ["cistern destinations dead-letters soc --discard 3,7", "give two of them up"],
  ],
} as const;

const states = ["dead", "again", "delivered", "discarded"] as const satisfies readonly DeadLetterState[];

interface Options {
  readonly retry?: "all" | readonly number[];
  readonly discard?: "all" | readonly number[];
  readonly state?: DeadLetterState;
  readonly limit: number;
  readonly by?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function deadLettersCommand(cli: Cli): Command {
  const command = defineCommand("dead-letters <name>", text)
    .option("--retry <ids>", "send these again: ids with commas between them, or all", idsArgument)
    .option("--discard <ids>", "give these up; they stay listed as discarded", idsArgument)
    .addOption(new Option("--state <state>", "only those in this state; default: dead and again").choices(states))
    .option("--limit <number>", "list at most so many, the latest first", wholeArgument(1, 500), 100)
    .option("--by <name>", "who asks for it; default: the user of this session")
    .addOption(dataDirOption());
  return command.action((name: string, options: Options) => {
    if (options.retry && options.discard) return wrongUsage(command, "give one of --retry and --discard");
    const ids = options.retry ?? options.discard;
    return ids === undefined ? list(cli, name, options) : change(cli, name, ids, options);
  });
}

function idsArgument(given: string): "all" | readonly number[] {
  if (given === "all") return "all";
  if (/^[1-9]\d{0,14}(?:,[1-9]\d{0,14})*$/.test(given)) return given.split(",").map(Number);
  throw new InvalidArgumentError("Expected all, or ids such as 3,7.");
}

async function list(cli: Cli, name: string, { state, limit, ...options }: Options): Promise<void> {
  const folder = await openForReading(cli, dataDirOf(cli, options));
  try {
    const { id: destinationId } = destinationNamed(folder, name);
    const read = (one: DeadLetterState) => folder.deliveries.deadLetters({ destinationId, state: one, limit });
    const found = (await Promise.all((state ? [state] : (["dead", "again"] as const)).map(read))).flat();
    const letters = found.sort((a, b) => b.id - a.id).slice(0, limit);
    const names = new Map(folder.control.collectors().map((one) => [one.id, one.name]));
    const nameOf = ({ collectorId }: DeadLetter) => names.get(collectorId) ?? collectorId;
    if (options.json) printJson(cli, { dead_letters: letters.map((letter) => jsonOf(letter, nameOf(letter))) });
    else if (letters.length === 0) say(cli, "There is no such dead letter.");
    else for (const line of lines(letters, nameOf)) print(cli, line);
  } finally {
    await folder.close();
  }
}

const jsonOf = (
  { id, seq, key, eventId, type, reason, answer, at, attempts, state, by }: DeadLetter,
  collector: string,
) => ({
  ...{ id, collector, seq, key, event_id: eventId, type, reason, answer, at, attempts, state, by },
});

const lines = (letters: readonly DeadLetter[], nameOf: (letter: DeadLetter) => string) =>
  tableLines(
    ["ID", "STATE", "COLLECTOR", "SEQ", "TYPE", "REASON", "WHAT THE DESTINATION SAID"].map((heading) => ({ heading })),
    letters.map((letter) =>
      [
        String(letter.id),
        letter.state,
        nameOf(letter),
        String(letter.seq),
        letter.type,
        letter.reason,
        letter.answer.slice(0, 200),
      ].map(plainText),
    ),
  );

async function change(cli: Cli, name: string, ids: "all" | readonly number[], options: Options): Promise<void> {
  const to = options.retry ? "again" : "discarded";
  const by = options.by ?? userInfo().username;
  const changed = await changingBoth(cli, dataDirOf(cli, options), async ({ destinations, access }, store) => {
    const { id } = destinationNamed({ destinations }, name);
    const count = await store.changeLetters(id, ids, to, by);
    if (count === 0 && ids !== "all") throw nothingThere();
    const action = to === "again" ? "dead_letters.retry" : "dead_letters.discard";
    access.record({ who: COMMAND_LINE, action, object: id, detail: { changed: count, by } });
    return count;
  });
  const letters = changed === 1 ? "1 dead letter" : `${changed} dead letters`;
  if (options.json) printJson(cli, { changed, to });
  else if (to === "discarded") print(cli, `${letters} given up.`);
  else print(cli, `${letters} to be sent again. ${HEARD}`);
}

const nothingThere = () =>
  new CollectorError("rejected", "None of these is a dead letter of this destination that waits", {
    reason: "not_found",
    action: "cistern destinations dead-letters, without --retry and --discard, lists them",
  });
