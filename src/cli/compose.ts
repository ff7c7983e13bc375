// Where the commands get the other rooms from. Each is loaded when it is first asked for, so that a small command starts fast.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Configuration } from "../config/configuration.ts";
import { nameKey } from "../config/names.ts";
import { nearest } from "../config/nearest.ts";
import { renderProblem } from "../config/problems.ts";
import type { OpenControl } from "../control/open-control.ts";
import type { Outbound } from "../http/outbound.ts";
import type { ProxySettings } from "../http/proxy.ts";
import type { Cistern, CisternOptions } from "../main.ts";
import type { CollectorPlan } from "../model/collector.ts";
import type { Connector } from "../model/connector.ts";
import type { Control } from "../model/control.ts";
import type { DeliveryReader } from "../model/delivery.ts";
import type { Destination } from "../model/destination.ts";
import type { ConnectionTester } from "../model/engine.ts";
import { CollectorError } from "../model/errors.ts";
import type { StoreReader } from "../model/store.ts";
import type { SqliteStore } from "../store/sqlite/store.ts";
import { version } from "../version.ts";
import { type Cli, environmentOf, say } from "./cli.ts";

export const CONTROL_DATABASE = "control.db";
export const STORE_DATABASE = "cistern.db";
export const SECRET_KEY = "secret.key";

/** A data folder, opened for reading beside whatever runs on it. */
export interface DataFolder {
  readonly reader: StoreReader;
  readonly control: OpenControl["control"];
  readonly secretKey: OpenControl["secretKey"];
  readonly destinations: OpenControl["destinations"];
  readonly deliveries: DeliveryReader;
  close(): Promise<void>;
}

/** Throws `config_invalid` with the remedy where the folder holds no data, or data of another version. */
export async function openForReading(cli: Cli, dataDir: string): Promise<DataFolder> {
  requireDataFolder(dataDir);
  const { openSqliteReader } = await import("../store/sqlite/reader.ts");
  const { control, secretKey, destinations } = await openControlOf(cli, dataDir, true);
  try {
    const reader = openSqliteReader(dataDir);
    const { deliveries } = reader;
    const close = async () => {
      control.close();
      await reader.close();
    };
    return { reader, control, secretKey, destinations, deliveries, close };
  } catch (error) {
    control.close();
    throw error;
  }
}

/** control.db of an existing data folder: accounts, tokens, collectors, sites and secrets. */
export async function openControlOf(cli: Cli, dataDir: string, readOnly: boolean): Promise<OpenControl> {
  requireDataFolder(dataDir);
  const { openControl } = await import("../control/open-control.ts");
  const { systemRandomBytes } = await import("../runtime/clock.ts");
  return openControl({
    path: join(dataDir, CONTROL_DATABASE),
    secretKeyPath: join(dataDir, SECRET_KEY),
    secretKey: environmentOf(cli).secretKey,
    now: cli.now,
    randomBytes: systemRandomBytes,
    readOnly,
  });
}

/** Refuses a folder in which no server has ever run: nothing is to be made in a place that was named by mistake. */
export function requireDataFolder(dataDir: string): void {
  if (holdsData(dataDir)) return;
  const missing = existsSync(dataDir) ? "holds no data of Cistern" : "does not exist";
  throw new CollectorError("config_invalid", `The data folder ${dataDir} ${missing}`, {
    reason: "data_dir_missing",
    action: "Name the right one with --data-dir, or start the server once to make it",
  });
}

/** Whether a server has ever run on the folder. Throws `storage` where this user may not even look. */
export function holdsData(dataDir: string): boolean {
  try {
    return statSync(join(dataDir, CONTROL_DATABASE), { throwIfNoEntry: false }) !== undefined;
  } catch (cause) {
    // Below a file there is nothing.
    if ((cause as NodeJS.ErrnoException).code === "ENOTDIR") return false;
    throw new CollectorError("storage", `The data folder ${dataDir} may not be used by this user`, {
      cause,
      reason: "cannot_open",
      action: "Run the command as the user who runs Cistern, or name another folder with --data-dir",
    });
  }
}

/** Every connector of this version. */
export const knownConnectors = async (): Promise<readonly Connector[]> =>
  (await import("../connectors/index.ts")).connectors;

/** Every kind of destination of this version. */
export const knownDestinations = async (): Promise<readonly Destination[]> =>
  (await import("../destinations/index.ts")).destinations;

/** The configuration file that the option or the environment names, read and found right; its warnings are said. */
export async function configurationOf(cli: Cli, file: string): Promise<Configuration> {
  const { readConfiguration } = await import("../config/read-configuration.ts");
  const configuration = readConfiguration(file, {
    env: cli.variables,
    connectors: await knownConnectors(),
    destinations: await knownDestinations(),
  });
  for (const warning of configuration.warnings) say(cli, `warning: ${renderProblem(warning)}`);
  return configuration;
}

/** The collector of that name, upper and lower case alike; otherwise a refusal with the nearest right name. */
export function collectorNamed<Named extends { readonly name: string }>(
  collectors: readonly Named[],
  name: string,
  what = "collector",
  lister = "cistern status",
): Named {
  const found = collectors.find((collector) => nameKey(collector.name) === nameKey(name));
  if (found) return found;
  const names = collectors.map((collector) => collector.name);
  const near = nearest(name, names);
  const known = names.length > 0 && names.length <= 12 ? `There is ${names.join(", ")}` : `${lister} lists them`;
  throw new CollectorError("rejected", `There is no ${what} '${name}'`, {
    reason: "usage",
    action: near === undefined ? known : `Did you mean '${near}'?`,
  });
}

/** For small writes while a server may run: the store's own transactions keep the two apart. */
export async function openStoreBesideServer(cli: Cli, dataDir: string): Promise<SqliteStore> {
  // The reader refuses a store of another version, which only the server may bring up to date.
  await (await openForReading(cli, dataDir)).close();
  const { openSqliteStore } = await import("../store/sqlite/store.ts");
  return openSqliteStore(dataDir);
}

/** Tests connections with this process's proxy and certificates. Close it, or its connections keep the process alive. */
export async function connectionTester(
  cli: Cli,
): Promise<{ readonly tester: ConnectionTester; readonly close: () => Promise<void> }> {
  const { createConnectionTester } = await import("../engine/connection-test.ts");
  const outbound = await openOutbound(cli);
  const tester = createConnectionTester(await knownConnectors(), outbound, cli.now);
  return { tester, close: () => outbound.close() };
}

/** The way out with this process's proxy. Close it, or its connections keep the process alive. */
export async function openOutbound(cli: Cli): Promise<Outbound> {
  const { createOutbound } = await import("../http/outbound.ts");
  const clock = await import("../runtime/clock.ts");
  return createOutbound({
    version,
    now: cli.now,
    monotonicMs: clock.systemMonotonicMs,
    sleep: clock.systemSleep,
    random: clock.systemRandom,
    proxy: await proxyOf(cli),
  });
}

/** The proxy that the environment names; undefined where there is none. */
export async function proxyOf(cli: Cli): Promise<ProxySettings | undefined> {
  const { bypassList } = await import("../http/proxy.ts");
  const { https, none } = environmentOf(cli).proxy;
  return https === undefined ? undefined : { url: https, bypass: bypassList(none ?? "") };
}

/** What every start has in common: the data folder, logs on standard error, the key and the proxy of the environment. */
export async function startOptions(cli: Cli, dataDir: string): Promise<CisternOptions> {
  const { secretKey, logLevel } = environmentOf(cli);
  const logging = { level: logLevel, pretty: cli.stderr.isTTY ?? false };
  return { dataDir, logging, secretKey, proxy: await proxyOf(cli) };
}

/** Starts engine and server in this process. What cannot be opened is refused before anything runs. */
export async function start(cli: Cli, options: CisternOptions): Promise<Cistern> {
  holdsData(options.dataDir);
  const { examineStore } = await import("../store/sqlite/before-start.ts");
  const upgrade = examineStore(options.dataDir);
  if (upgrade !== undefined) {
    const copies = join(options.dataDir, "backups");
    const { from, to } = upgrade;
    say(cli, `The data have schema ${from}; they are brought to schema ${to}. A copy is kept in ${copies}.`);
  }
  const { startCistern } = await import("../main.ts");
  return startCistern(options);
}

/** Does the work while no server can start on the data folder. Refused, naming the other process, where one runs. */
export async function whileNothingRuns<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const { acquireDataDirLock } = await import("../store/sqlite/data-dir.ts");
  const lock = acquireDataDirLock(dataDir, { force: true });
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Every collector with its settings read by its connector. */
export async function plansOf(control: Pick<Control, "plans">): Promise<readonly CollectorPlan[]> {
  const { settingsParser } = await import("../api/plans.ts");
  return control.plans(settingsParser(await knownConnectors()));
}
