// The staged connection test of the ClickHouse destination.
import type { CheckStep, StepOutcome } from "../../model/check.ts";
import type { Sent } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import { askClickhouse, type ClickhouseContext } from "./clickhouse-client.ts";
import { createTable, describeTable, engineOf, qualified } from "./clickhouse-table.ts";
import { rowColumns } from "./row.ts";
import { delivery, staged } from "./staged.ts";

interface Engine {
  readonly engine: string;
  readonly engine_full: string;
}

/** From the first connection to the marked event in the table; what comes after a failed step is skipped. */
export function checkClickhouse(
  context: ClickhouseContext,
  deliver: () => Promise<Sent>,
  signal: AbortSignal,
): AsyncGenerator<CheckStep> {
  const { settings, now } = context;
  let version: Promise<string>;
  return staged(now, [
    {
      id: "connect",
      title: "Connection",
      work: async () => {
        version = askClickhouse(context, { body: "SELECT version()", signal });
        await version.catch(unlessAnswered);
        return { state: "ok", detail: `${new URL(settings.url).host} answers` };
      },
    },
    {
      id: "sign-in",
      title: "Sign-in",
      work: async () => ({
        state: "ok",
        detail: `Signed in as ${settings.user}; ClickHouse ${(await version).trim()}`,
      }),
    },
    { id: "table", title: "Table", work: () => findTable(context, signal) },
    delivery(deliver, "The test event is in the table"),
  ]);
}

/** Any answer proves the connection; what it says is for the next step. */
function unlessAnswered(error: unknown): void {
  if (!(error instanceof CollectorError) || error.status === undefined) throw error;
}

async function findTable(context: ClickhouseContext, signal: AbortSignal): Promise<StepOutcome<undefined>> {
  const created = await ensureTable(context, signal);
  const lacking = await lackingColumns(context, signal);
  if (lacking.length > 0)
    throw new CollectorError("config_invalid", `The table ${qualified(context.settings)} lacks ${lacking.join(", ")}`, {
      reason: "table_unsuitable",
      action: "Add the columns, or name another table",
    });
  const detail = `${qualified(context.settings)} ${created ? "was created" : "is there"}`;
  const [engine] = rowsOf<Engine>(await askClickhouse(context, { body: engineOf(context.settings), signal }));
  if (engine === undefined || recognisesRepeats(engine)) return { state: "ok", detail };
  return {
    state: "warning",
    detail: `${detail}; with the engine ${engine.engine} as it is, it does not recognise a batch that comes again`,
    reason: "repeats_unrecognised",
    remedy: `ALTER TABLE ${qualified(context.settings)} MODIFY SETTING non_replicated_deduplication_window = 1000, or use a table that is replicated`,
  };
}

/** Creates the table where it is missing and that is wanted; true where it did. */
async function ensureTable(context: ClickhouseContext, signal: AbortSignal): Promise<boolean> {
  try {
    await askClickhouse(context, { body: describeTable(context.settings), signal });
    return false;
  } catch (error) {
    const isMissing = error instanceof CollectorError && error.reason === "table_missing";
    if (!isMissing || !context.settings.create_table) throw error;
    await askClickhouse(context, { body: createTable(context.settings), signal });
    return true;
  }
}

async function lackingColumns(context: ClickhouseContext, signal: AbortSignal): Promise<readonly string[]> {
  const there = rowsOf<{ name: string }>(
    await askClickhouse(context, { body: describeTable(context.settings), signal }),
  );
  return rowColumns.filter((column) => !there.some(({ name }) => name === column));
}

const rowsOf = <T>(text: string) => text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as T]));

const recognisesRepeats = ({ engine, engine_full }: Engine) =>
  /^(?:Replicated|Shared)\w*MergeTree$/.test(engine) ||
  /\bnon_replicated_deduplication_window = [1-9]/.test(engine_full);
