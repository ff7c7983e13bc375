// The composition root: everything is made here, once, and handed to whoever needs it. What runs where:
//
//   this thread    control.db, the API, the connection test
//   store thread   every write to cistern.db
//   engine thread  lists, downloads, prepares
//   reader thread  what people ask for, search included
//   index thread   follows the log into search.db
//   delivery thread  hands events to destinations; started with the first of them
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { MessagePort } from "node:worker_threads";
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
import type { Engine } from "./engine/engine.ts";
import { startFollowing } from "./follow-control.ts";
import { createOutbound, type Outbound } from "./http/outbound.ts";
import type { ProxySettings } from "./http/proxy.ts";
import type { DeliveryReader, DeliveryStore } from "./model/delivery.ts";
import type { DeliveryControl } from "./model/delivery-plan.ts";
import type { Logger } from "./model/log.ts";
import type { SearchIndex } from "./model/search.ts";
import type { Store, StoreReader } from "./model/store.ts";
import { answering } from "./runtime/answering.ts";
import { systemMonotonicMs, systemNow, systemRandom, systemRandomBytes, systemSleep } from "./runtime/clock.ts";
import { Lifetime } from "./runtime/lifetime.ts";
import { createLog, type LogLevel } from "./runtime/log.ts";
import { processMetrics } from "./runtime/metrics.ts";
import { remoteOf, startThread, type Thread } from "./runtime/threads.ts";
import { summaryOf } from "./search/summary.ts";
import { serverPolicy } from "./security/server-policy.ts";
import { startAlerts } from "./start-alerts.ts";
import { startReports } from "./start-reports.ts";
import { acquireDataDirLock } from "./store/sqlite/data-dir.ts";
import { version } from "./version.ts";

/** How long a stop waits for what is in work. A commit that does not make it is collected again: nothing is lost. */
const GRACE_MS = 10_000;

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

interface Rooms {
  readonly engine: Pick<
    Engine,
    "apply" | "activity" | "scanNow" | "forecastRewind" | "diskPaused" | "stop" | "caughtUp"
  >;
  readonly store: Store;
  readonly reader: StoreReader;
  readonly search: SearchIndex;
  readonly deliveries: DeliveryControl;
  readonly deliveryStore: DeliveryStore;
  readonly deliveryReader: DeliveryReader;
}

/** Four threads and the channels between them. One that ends on its own ends all of them: a half is worse than none. */
async function startThreads(
  options: CisternOptions & { readonly untilCaughtUp: boolean },
  lifetime: Lifetime,
  log: Logger,
): Promise<Rooms> {
  const { dataDir, logging, proxy, untilCaughtUp, giveUpAfterMs } = options;
  const closeWith = (close: () => Promise<void>) => lifetime.opened(close);
  const begin = (name: string, data: object, ports: readonly MessagePort[] = [], closing = closeWith): Thread => {
    const thread = startThread(`./threads/${name}`, import.meta.url, data, ports, (error) => {
      log.error(
        { thread: name, error: error.message, stack: error.stack },
        "a thread ended on its own; the process ends with it",
      );
      lifetime.breakOff(error);
    });
    // Whoever works with the thread that is gone may wait for it in vain.
    closing(() => thread.stop(lifetime.isBroken ? GRACE_MS : undefined));
    return thread;
  };
  const storeThread = begin("store-thread", { dataDir, log: logging });
  const store = remoteOf<Store>(storeThread.connect("store")).api;
  await store.disk();
  const readerThread = begin("reader-thread", { dataDir });
  const indexThread = (options.searchIndex ?? true) ? begin("index-thread", { dataDir, log: logging }) : undefined;
  const indexPort = indexThread?.connect("follower");
  const storePort = storeThread.connect("store");
  const engineData = { storePort, indexPort, version, proxy, log: logging, untilCaughtUp, giveUpAfterMs };
  const engineThread = begin("engine-thread", engineData, indexPort ? [storePort, indexPort] : [storePort]);
  const engine = remoteOf<Rooms["engine"]>(engineThread.connect("engine")).api;
  lifetime.opened(() => engine.stop(GRACE_MS));
  // It begins late and is closed in its place: whoever asks it, such as the alerts, is closed before.
  const late: (() => Promise<void>)[] = [];
  lifetime.opened(async () => {
    for (const close of late) await close();
  });
  const deliveries = deliveriesOnDemand(() => {
    const port = storeThread.connect("deliveries");
    const data = { dataDir, storePort: port, version, proxy, log: logging };
    const thread = begin("delivery-thread", data, [port], (close) => void late.push(close));
    return remoteOf<DeliveryControl>(thread.connect("deliveries")).api;
  });
  return {
    deliveries,
    deliveryStore: remoteOf<DeliveryStore>(storeThread.connect("deliveries")).api,
    deliveryReader: remoteOf<DeliveryReader>(readerThread.connect("deliveries")).api,
    store,
    engine: answering(engine, { now: systemNow, sleep: systemSleep }),
    reader: remoteOf<StoreReader>(readerThread.connect("reader")).api,
    search: remoteOf<SearchIndex>(readerThread.connect("search")).api,
  };
}

/** A thread costs memory: there is none until there is a destination. What it does ends with it. */
function deliveriesOnDemand(start: () => DeliveryControl): DeliveryControl {
  let started: DeliveryControl | undefined;
  return {
    async apply(plans) {
      if (plans.length > 0) started ??= start();
      await started?.apply(plans);
    },
    wake: async (destinationId) => await started?.wake(destinationId),
    activity: async () => (await started?.activity()) ?? [],
    stop: async (graceMs) => await started?.stop(graceMs),
  };
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
