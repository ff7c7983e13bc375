// The composition root: everything is made here, once, and handed to whoever needs it. What runs where:
//
//   this thread  control.db, the API, the connection test
//   the others   see start-threads.ts
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createApi } from "./api/app.ts";
import { settingsParser } from "./api/plans.ts";
import { resumeRemovals } from "./api/removals.ts";
import { type ServedApi, serveApi } from "./api/server.ts";
import { consoleFiles, docsReader } from "./assets.ts";
import { applyAlerts } from "./config/apply-alerts.ts";
import { type Applied, applyConfiguration } from "./config/apply-configuration.ts";
import { applyDestinations } from "./config/apply-destinations.ts";
import type { Configuration } from "./config/configuration.ts";
import { connectors } from "./connectors/index.ts";
import { type OpenControl, openControl } from "./control/open-control.ts";
import { deliveryParts } from "./delivery-parts.ts";
import { destinationKinds } from "./destination-kinds.ts";
import { createConnectionTester } from "./engine/connection-test.ts";
import { startFollowing } from "./follow-control.ts";
import { createOutbound, type Outbound } from "./http/outbound.ts";
import type { ProxySettings } from "./http/proxy.ts";
import type { Logger } from "./model/log.ts";
import type { StoreReader } from "./model/store.ts";
import { systemMonotonicMs, systemNow, systemRandom, systemRandomBytes, systemSleep } from "./runtime/clock.ts";
import { Lifetime } from "./runtime/lifetime.ts";
import { createLog, type LogLevel } from "./runtime/log.ts";
import { processMetrics } from "./runtime/metrics.ts";
import { summaryOf } from "./search/summary.ts";
import { serverPolicy } from "./security/server-policy.ts";
import { startAlerts } from "./start-alerts.ts";
import { startReports } from "./start-reports.ts";
import { type Rooms, startThreads } from "./start-threads.ts";
import { acquireDataDirLock } from "./store/sqlite/data-dir.ts";
import { version } from "./version.ts";

export interface ServerOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly publicUrl?: string | undefined;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly trustedProxies: readonly string[];
}

export interface CisternOptions {
  readonly dataDir: string;
  readonly logging: { readonly level: LogLevel; readonly pretty: boolean };
  readonly configuration?: Configuration | undefined;
  /** Absent: the engine only. */
  readonly server?: ServerOptions | undefined;
  readonly untilCaughtUp?: boolean | undefined;
  /** With `untilCaughtUp`: how long a data source that cannot get on is waited for. */
  readonly giveUpAfterMs?: number | undefined;
  /** The key that wraps secrets, where the environment gives it instead of the data dir's file. */
  readonly secretKey?: string | undefined;
  readonly proxy?: ProxySettings | undefined;
  /** False: events are kept and delivered, not searched. Default true. */
  readonly searchIndex?: boolean | undefined;
  readonly forceNetworkFs?: boolean | undefined;
  readonly demo?: boolean | undefined;
}

export interface Cistern {
  /** `http://127.0.0.1:7411`; undefined without a server. */
  readonly address: string | undefined;
  /** To be shown once; undefined once an account exists. */
  readonly setupToken: string | undefined;
  readonly control: OpenControl["control"];
  readonly access: OpenControl["access"];
  readonly destinations: OpenControl["destinations"];
  readonly reader: StoreReader;
  /** Applies what control.db now says to the engine. */
  refresh(): Promise<void>;
  /** Resolves when every collector has caught up with upstream, or cannot. */
  caughtUp(): Promise<void>;
  /** Resolves when a thread has ended on its own: nothing can go on, and `stop` says why. */
  readonly broken: Promise<void>;
  /** Ends everything and lets go of the data folder. Rejects with what ended a thread on its own, if one did. */
  stop(): Promise<void>;
}

/** Starts everything, or nothing: what fails on the way is thrown after what had begun is stopped. */
export async function startCistern(options: CisternOptions): Promise<Cistern> {
  const lifetime = new Lifetime();
  try {
    return await start(options, lifetime);
  } catch (error) {
    await lifetime.close();
    throw error;
  }
}

async function start(options: CisternOptions, lifetime: Lifetime): Promise<Cistern> {
  const { dataDir, untilCaughtUp = false } = options;
  const log = createLog(options.logging.level, options.logging);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = acquireDataDirLock(dataDir, { force: options.forceNetworkFs ?? false });
  lifetime.opened(() => lock.release());
  const control = openControlOf(options);
  lifetime.opened(() => control.control.close());
  if (options.configuration) {
    tellApplied(log, applyConfiguration(control.control, options.configuration, connectors));
    applyAlerts(control.alerts, options.configuration.alerts);
    applyDestinations(control.destinations, options.configuration.destinations, control.control.collectors());
  }

  const rooms = await startThreads({ ...options, untilCaughtUp }, lifetime, log);
  const refresh = async () => {
    await rooms.engine.apply(control.control.plans(settingsParser(connectors)));
    await rooms.deliveries.apply(control.destinations.destinationPlans(destinationKinds.parse));
  };
  // The API answers while the engine's thread is still loading; what is asked of it meanwhile waits.
  const parts = { options, control, rooms, log, lifetime, startedAt: systemNow() };
  const alerts = startAlertsOf(parts, () => options.server?.publicUrl ?? server?.address);
  let server: ServedApi | undefined;
  if (options.server) server = await startServer(options.server, { ...parts, alerts });
  startFollowing({ changedByOthers: control.changedByOthers, refresh, sleep: systemSleep, log }, lifetime);
  await refresh();
  return {
    address: server?.address,
    setupToken: options.server && control.access.issueSetupToken(),
    control: control.control,
    access: control.access,
    destinations: control.destinations,
    reader: rooms.reader,
    refresh,
    caughtUp: () => rooms.engine.caughtUp(),
    broken: lifetime.broken,
    stop: () => lifetime.close(),
  };
}

function tellApplied(log: Logger, { created, updated, released }: Applied): void {
  for (const name of created) log.info({ collector: name }, "collector created from the configuration file");
  for (const name of updated) log.info({ collector: name }, "collector changed by the configuration file");
  for (const name of released) {
    log.warn(
      { collector: name },
      "collector is no longer in the configuration file: paused, and managed in the console",
    );
  }
}

function openControlOf({ dataDir, secretKey }: CisternOptions): OpenControl {
  return openControl({
    path: join(dataDir, "control.db"),
    secretKeyPath: join(dataDir, "secret.key"),
    secretKey,
    now: systemNow,
    randomBytes: systemRandomBytes,
  });
}

interface Parts {
  readonly options: CisternOptions;
  readonly control: OpenControl;
  readonly rooms: Rooms;
  readonly log: Logger;
  readonly lifetime: Lifetime;
  readonly startedAt: Date;
}

function startAlertsOf(
  { options, control, rooms, log, lifetime, startedAt }: Parts,
  console: () => string | undefined,
) {
  const { engine, reader, deliveries, deliveryReader } = rooms;
  const { proxy } = options;
  return startAlerts({
    opened: control,
    engine,
    reader,
    deliveries,
    deliveryReader,
    startedAt,
    proxy,
    console,
    lifetime,
    log,
  });
}

async function startServer(
  server: ServerOptions,
  {
    options,
    control,
    rooms,
    log,
    lifetime,
    startedAt,
    alerts,
  }: Parts & { readonly alerts: ReturnType<typeof startAlerts> },
): Promise<ServedApi> {
  const outbound: Outbound = createOutbound({
    version,
    proxy: options.proxy,
    now: systemNow,
    monotonicMs: systemMonotonicMs,
    sleep: systemSleep,
    random: systemRandom,
  });
  lifetime.opened(() => outbound.close());
  const { listen, publicUrl, tls, trustedProxies } = server;
  const app = createApi({
    ...control,
    ...rooms,
    ...alerts,
    tester: createConnectionTester(connectors, outbound, systemNow),
    reports: startReports(options.dataDir, control.control, rooms),
    connectors,
    ...deliveryParts({ ...options, control, log }),
    docs: docsReader(),
    console: consoleFiles(),
    policy: serverPolicy({ listenHost: listen.host, publicUrl, trustedProxies }),
    describe: ({ raw, type }) => summaryOf(raw, type),
    now: systemNow,
    randomBytes: systemRandomBytes,
    log,
    version,
    startedAt,
    demo: options.demo ?? false,
    publicUrl,
    processMetrics: processMetrics(),
  });
  const served = await serveApi(app, { listen, tls, trustedProxies, sleep: systemSleep });
  lifetime.opened(() => served.close());
  // Goes on with what an earlier process had begun to delete; short transactions, so nobody has to wait for it.
  void resumeRemovals({ control: control.control, store: rooms.store, log });
  return served;
}
