import type { Command } from "commander";
import type { DeliveryState } from "../../model/delivery.ts";
import type { InstalledDestination } from "../../model/destinations.ts";
import { type Cli, print, printJson, say } from "../cli.ts";
import { type DataFolder, openForReading } from "../compose.ts";
import { dataDirOf, dataDirOption, defineCommand } from "../define-command.ts";
import { plainText } from "../plain-text.ts";
import { orDash, spokenNumber, tableLines } from "../table.ts";

const text = {
  summary: "show where each destination stands",
  description:
    "Reads the data folder; works while a server runs on it. What only the running server knows, such as rates, is in its console.",
  examples: [
    ["cistern destinations list", "a table"],
    ["cistern destinations list --json", "with the positions in each collector's log"],
  ],
} as const;

interface Options {
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function listCommand(cli: Cli): Command {
  return defineCommand("list", text)
    .addOption(dataDirOption())
    .action(async (options: Options) => {
      const folder = await openForReading(cli, dataDirOf(cli, options));
      try {
        const found = await listed(folder);
        if (options.json) printJson(cli, { destinations: found });
        else if (found.length === 0)
          say(cli, "There is no destination. cistern destinations kinds lists what there can be.");
        else for (const line of lines(found)) print(cli, line);
      } finally {
        await folder.close();
      }
    });
}

type Listed = Awaited<ReturnType<typeof listed>>[number];

async function listed({ destinations, deliveries, control }: DataFolder) {
  const [states, letters] = await Promise.all([deliveries.deliveryStates(), deliveries.waitingLetters()]);
  const names = new Map(control.collectors().map(({ id, name }) => [id, name]));
  return destinations.destinations().map((one) => {
    const own = states.filter(({ destinationId }) => destinationId === one.id);
    return { ...jsonOf(one, own, (id) => names.get(id) ?? id), dead_letters: letters.get(one.id) ?? 0 };
  });
}

function jsonOf(destination: InstalledDestination, own: readonly DeliveryState[], nameOf: (id: string) => string) {
  const live = own.filter(({ replay }) => replay === undefined);
  const sum = (of: (state: DeliveryState) => number) => live.reduce((total, state) => total + of(state), 0);
  const error = own.find((state) => state.error !== undefined)?.error;
  const pending = sum(pendingOf);
  const { id, name, kind, format, paused, managedBy } = destination;
  return {
    ...{ id, name, kind, format, paused, managed_by: managedBy },
    state: stateOf(paused, live.length > 0, error !== undefined, pending),
    pending,
    oldest_pending_at: live.flatMap(({ oldestAt }) => oldestAt ?? []).sort()[0],
    delivered: sum((state) => state.delivered),
    filtered: sum((state) => state.filtered),
    withdrawn: sum((state) => state.withdrawn),
    error: error && {
      code: error.code,
      reason: error.reason,
      message: error.message,
      action: error.action,
      since: error.since,
    },
    replays: [...new Set(own.flatMap(({ replay }) => replay ?? []))],
    collectors: live.map((state) => ({
      name: nameOf(state.collectorId),
      ...{ start: state.start, position: state.position, cut: state.cut },
      pending: pendingOf(state),
      oldest_pending_at: state.oldestAt,
    })),
  };
}

const pendingOf = ({ behind, inBatches }: DeliveryState) => behind + inBatches;

function stateOf(paused: boolean, begun: boolean, inTrouble: boolean, pending: number) {
  if (paused) return "paused" as const;
  if (!begun) return "not_begun" as const;
  if (inTrouble) return "in_trouble" as const;
  return pending > 0 ? ("behind" as const) : ("settled" as const);
}

function lines(found: readonly Listed[]): readonly string[] {
  const table = tableLines(
    [
      ...["NAME", "KIND", "STATE"].map((heading) => ({ heading })),
      ...["PENDING", "DELIVERED", "DEAD LETTERS"].map((heading) => ({ heading, align: "right" as const })),
      { heading: "OLDEST PENDING" },
    ],
    found.map((one) => [
      plainText(one.name),
      one.kind,
      one.state.replaceAll("_", " "),
      ...[one.pending, one.delivered, one.dead_letters].map(spokenNumber),
      orDash(one.oldest_pending_at),
    ]),
  );
  return [...table, ...found.flatMap(troubleLines)];
}

function troubleLines({ name, error }: Listed): readonly string[] {
  if (error === undefined) return [];
  const said = `${plainText(name)}: ${plainText(error.message)} (since ${error.since})`;
  return ["", said, ...(error.action === undefined ? [] : [`  ${plainText(error.action)}`])];
}
