// The threads beside the one that serves:
//
//   store thread     every write to cistern.db
//   engine thread    lists, downloads, prepares
//   reader thread    what people ask for, search included
//   index thread     follows the log into search.db
//   delivery thread  hands events to destinations; started with the first of them
import type { MessagePort } from "node:worker_threads";
import type { Engine } from "./engine/engine.ts";
import type { ProxySettings } from "./http/proxy.ts";
import type { DeliveryReader, DeliveryStore } from "./model/delivery.ts";
import type { DeliveryControl } from "./model/delivery-plan.ts";
import type { Logger } from "./model/log.ts";
import type { SearchIndex } from "./model/search.ts";
import type { Store, StoreReader } from "./model/store.ts";
import { answering } from "./runtime/answering.ts";
import { systemNow, systemSleep } from "./runtime/clock.ts";
import type { Lifetime } from "./runtime/lifetime.ts";
import type { LogLevel } from "./runtime/log.ts";
import { remoteOf, startThread, type Thread } from "./runtime/threads.ts";
import { version } from "./version.ts";

/** How long a stop waits for what is in work. A commit that does not make it is collected again: nothing is lost. */
const GRACE_MS = 10_000;

export interface ThreadOptions {
  readonly dataDir: string;
  readonly logging: { readonly level: LogLevel; readonly pretty: boolean };
  readonly proxy?: ProxySettings | undefined;
  readonly untilCaughtUp: boolean;
  readonly giveUpAfterMs?: number | undefined;
  readonly searchIndex?: boolean | undefined;
}

/** What each thread offers to the others. */
export interface Rooms {
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

/** The threads and the channels between them. One that ends on its own ends all of them: a half is worse than none. */
export async function startThreads(options: ThreadOptions, lifetime: Lifetime, log: Logger): Promise<Rooms> {
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
