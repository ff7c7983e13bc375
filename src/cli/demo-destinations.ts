import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Cistern } from "../main.ts";
import type { NewDestination } from "../model/destinations.ts";
import type { DemoReceiver } from "./demo-receiver.ts";

/** Where the demo's files go: beside its data, to be looked into. */
export const demoFilesFolder = (dataDir: string): string => join(resolve(dataDir), "files");

/** By when events came in: by their own times, a month of history would become thousands of small files. */
const FEW_FILES = { path: "{data_source}/dt={date}", partition_by: "ingest_time" };

/** Files and syslog, made at the first run and brought in line with the receiver at each further one. Those that a person changed otherwise stay so. */
export function installDestinations({ destinations }: Cistern, dataDir: string, receiver: DemoReceiver): void {
  const folder = demoFilesFolder(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const network = { host: "127.0.0.1", port: receiver.port, transport: "tcp", allow_networks: "127.0.0.0/8" };
  for (const wanted of [
    aDestination({ name: "Demo files", kind: "files", settings: { folder, ...FEW_FILES }, format: "raw" }),
    aDestination({ name: "Demo syslog receiver", kind: "syslog", settings: network, format: "raw" }),
  ]) {
    const existing = destinations.destinations().find(({ name }) => name === wanted.name);
    if (existing === undefined) destinations.createDestination(wanted, {});
    else if (existing.kind === wanted.kind) {
      const settings = { ...existing.settings, ...wanted.settings };
      destinations.updateDestination(existing.id, { settings }, {}, () => []);
    }
  }
}

const aDestination = (facts: Pick<NewDestination, "name" | "kind" | "settings" | "format">): NewDestination => ({
  ...facts,
  filter: undefined,
  masking: undefined,
  collectorIds: undefined,
  from: "start",
  maxBatchEvents: undefined,
  maxBatchBytes: undefined,
  maxAgeMs: undefined,
  paused: false,
  managedBy: "console",
});
