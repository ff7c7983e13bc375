// ClickHouse over its HTTP interface: one insert a batch, which the server knows again by the batch's id.
import { defineDestination, type Sender, type Sent } from "../model/destination.ts";
import type { Batch } from "../model/outgoing.ts";
import { checkClickhouse } from "./parts/clickhouse-check.ts";
import { askClickhouse, type ClickhouseContext } from "./parts/clickhouse-client.ts";
import { ClickhouseSettings } from "./parts/clickhouse-settings.ts";
import { insertRows, insertSettings } from "./parts/clickhouse-table.ts";
import { gzipped } from "./parts/gzip.ts";
import { toRow } from "./parts/row.ts";
import { testBatch } from "./parts/test-batch.ts";

export const clickhouse = defineDestination<ClickhouseSettings>({
  name: "clickhouse",
  title: "ClickHouse",
  description: "Rows in a table of a ClickHouse server or of ClickHouse Cloud.",
  group: "database",
  settings: ClickhouseSettings,
  address: ["url"],
  formats: ["raw", "ecs", "ocsf", "ocsf-1.9"],
  guarantee: "deduplicated_for_a_while",
  guaranteeNote:
    "The server recognises a repeat of one of the last thousand batches; a later repeat is a second row with the same key until parts are merged, and never shows in a query with FINAL.",
  // Few and large inserts: each is a part on the server's disk, which has to be merged.
  limits: { events: 10_000, bytes: 16_000_000, eventBytes: 100_000_000 },
  maxAgeMs: 5_000,
  concurrency: 1,
  open: (context): Sender => ({
    send: (batch, signal) => send(context, batch, signal),
    check: (test, signal) => checkClickhouse(context, () => send(context, testBatch(test), signal), signal),
    close: async () => undefined,
  }),
});

async function send(context: ClickhouseContext, { id, events }: Batch, signal: AbortSignal): Promise<Sent> {
  signal.throwIfAborted();
  const lines = events.map((event) => `${JSON.stringify(toRow(event))}\n`);
  await askClickhouse(context, {
    parameters: { query: insertRows(context.settings), ...insertSettings(id) },
    body: await gzipped(lines.join("")),
    signal,
  });
  return {};
}
