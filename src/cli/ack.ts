import { userInfo } from "node:os";
import type { Command } from "commander";
import { CollectorError } from "../model/errors.ts";
import type { Store } from "../model/store.ts";
import { wholeArgument } from "./arguments.ts";
import { type Cli, print, printJson, say } from "./cli.ts";
import { openControlOf, openForReading, openStoreBesideServer } from "./compose.ts";
import { dataDirOf, dataDirOption, defineCommand, wrongUsage } from "./define-command.ts";
import { plainText } from "./plain-text.ts";
import { tableLines } from "./table.ts";

const text = {
  summary: "acknowledge a gap, or a quarantined line or file",
  description:
    "Says that a person has seen it; nothing is deleted. Recorded with name and time. Works while a server runs.\nWithout an option it lists what waits to be acknowledged.",
  examples: [
    ["cistern ack", "what waits to be acknowledged"],
    ["cistern ack --gap 3", "acknowledge gap 3 of cistern gaps"],
    ["cistern ack --file eclf_123", "acknowledge a quarantined file"],
    ["cistern ack --all", "acknowledge everything that waits"],
  ],
} as const;

interface Options {
  readonly gap?: number;
  readonly line?: number;
  readonly file?: string;
  readonly all?: boolean;
  readonly by?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** One thing that waits for a person. */
interface Waiting {
  readonly kind: "gap" | "line" | "file";
  readonly id: number | string;
  readonly collector: string;
  readonly data_source: string;
  readonly what: string;
}

export function ackCommand(cli: Cli): Command {
  const command = defineCommand("ack", text)
    .option("--gap <id>", "a gap, by its number", wholeArgument(1))
    .option("--line <id>", "a quarantined line, by its number", wholeArgument(1))
    .option("--file <id>", "a quarantined file, by upstream's id")
    .option("--all", "everything that waits")
    .option("--by <name>", "who has seen it; default: the user of this session")
    .addOption(dataDirOption());
  return command.action((options: Options) => acknowledge(cli, command, options));
}

async function acknowledge(cli: Cli, command: Command, options: Options): Promise<void> {
  const given = [options.gap, options.line, options.file, options.all].filter((value) => value !== undefined);
  if (given.length > 1) wrongUsage(command, "give one of --gap, --line, --file and --all");
  const dataDir = dataDirOf(cli, options);
  if (given.length === 0) {
    list(cli, await waiting(cli, dataDir), options.json ?? false);
    return;
  }
  const targets = options.all ? await waiting(cli, dataDir) : [targetOf(options)];
  const done = await record(cli, dataDir, targets, options.by ?? userInfo().username);
  // What is gone by now was acknowledged, or collected after all, while this command looked.
  const [missed] = targets.filter((target) => !done.includes(target));
  if (missed && !options.all) throw nothingThere(missed);
  if (options.json) printJson(cli, { acknowledged: done.map(({ kind, id }) => ({ kind, id })) });
  else print(cli, done.length === 1 ? "Acknowledged." : `Acknowledged: ${done.length}.`);
}

type Target = Pick<Waiting, "kind" | "id">;

const targetOf = ({ gap, line, file }: Options): Target => {
  if (gap !== undefined) return { kind: "gap", id: gap };
  return line !== undefined ? { kind: "line", id: line } : { kind: "file", id: file! };
};

async function record(cli: Cli, dataDir: string, targets: readonly Target[], by: string): Promise<readonly Target[]> {
  const store = await openStoreBesideServer(cli, dataDir);
  const { control, access } = await openControlOf(cli, dataDir, false);
  try {
    const done: Target[] = [];
    for (const target of targets) {
      const known = await store.acknowledge(inStore(target), by, cli.now().toISOString());
      if (!known) continue;
      done.push(target);
      const detail = { [target.kind]: target.id, by };
      access.record({ who: "command line", action: "acknowledged", object: String(target.id), detail });
    }
    return done;
  } finally {
    await store.close();
    control.close();
  }
}

function inStore({ kind, id }: Target): Parameters<Store["acknowledge"]>[0] {
  if (kind === "gap") return { gap: Number(id) };
  return kind === "line" ? { quarantined: Number(id) } : { file: String(id) };
}

const nothingThere = ({ kind, id }: Target) =>
  new CollectorError("rejected", `There is no ${kind} ${id} that waits to be acknowledged`, {
    reason: "not_found",
    action: "cistern ack, without an option, lists what waits",
  });

async function waiting(cli: Cli, dataDir: string): Promise<readonly Waiting[]> {
  const { reader, control, close } = await openForReading(cli, dataDir);
  try {
    const names = new Map(control.collectors().map(({ id, name }) => [id, name]));
    const nameOf = (id: string) => names.get(id) ?? id;
    const gaps = (await reader.gaps({ unacknowledgedOnly: true })).map(
      ({ id, collectorId, dataSource, from, to }): Waiting => ({
        kind: "gap",
        id,
        collector: nameOf(collectorId),
        data_source: dataSource,
        what: `${from} to ${to}`,
      }),
    );
    const lines = (await reader.quarantine({ limit: 10_000, unacknowledgedOnly: true })).map(
      ({ id, collectorId, dataSource, fileId, line, reason }): Waiting => ({
        kind: "line",
        id,
        collector: nameOf(collectorId),
        data_source: dataSource,
        what: `line ${line} of ${fileId}: ${reason}`,
      }),
    );
    return [...gaps, ...lines, ...(await quarantinedFiles(reader, nameOf))];
  } finally {
    await close();
  }
}

type Reader = Awaited<ReturnType<typeof openForReading>>["reader"];

async function quarantinedFiles(reader: Reader, nameOf: (id: string) => string): Promise<readonly Waiting[]> {
  const found: Waiting[] = [];
  for (const { key, counts } of await reader.dataSources()) {
    if (counts.unacknowledgedQuarantined === 0) continue;
    for (const { id, state, error, acknowledgedAt } of await reader.holes(key, 100_000)) {
      if (state !== "quarantined" || acknowledgedAt !== undefined) continue;
      const collector = nameOf(key.collectorId);
      found.push({ kind: "file", id, collector, data_source: key.dataSource, what: error?.message ?? "set aside" });
    }
  }
  return found;
}

function list(cli: Cli, found: readonly Waiting[], json: boolean): void {
  if (json) printJson(cli, { waiting: found });
  else if (found.length === 0) say(cli, "Nothing waits to be acknowledged.");
  else for (const line of waitingLines(found)) print(cli, line);
}

function waitingLines(found: readonly Waiting[]): readonly string[] {
  const columns = ["", "ID", "COLLECTOR", "DATA SOURCE", "WHAT"].map((heading) => ({ heading }));
  const rows = found.map(({ kind, id, collector, data_source, what }) =>
    [kind, String(id), collector, data_source, what].map(plainText),
  );
  return tableLines(columns, rows);
}
