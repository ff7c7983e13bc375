// The thread that collects: lists, downloads, verifies, splits and hashes. What it has prepared goes to the store's thread.
import type { MessagePort, Transferable } from "node:worker_threads";
import { connectors } from "../connectors/index.ts";
import { Engine } from "../engine/engine.ts";
import { createOutbound } from "../http/outbound.ts";
import type { ProxySettings } from "../http/proxy.ts";
import { buffersOf } from "../model/event-columns.ts";
import type { FileCommit, Store } from "../model/store.ts";
import { systemMonotonicMs, systemNow, systemRandom, systemSleep } from "../runtime/clock.ts";
import { createLog, type LogLevel } from "../runtime/log.ts";
import { crash, letOthersIn, offer, remoteOf, standBehind, threadData } from "../runtime/threads.ts";
import type { SearchFollower } from "../search/follower.ts";
import { removalFromIndex } from "./index-removal.ts";

export interface EngineThreadData {
  readonly storePort: MessagePort;
  /** To the follower of the index thread; undefined where there is no index. */
  readonly indexPort: MessagePort | undefined;
  readonly version: string;
  readonly proxy: ProxySettings | undefined;
  readonly log: { readonly level: LogLevel; readonly pretty: boolean };
  readonly untilCaughtUp: boolean;
  readonly giveUpAfterMs: number | undefined;
}

/** A file's bytes and its events change hands instead of being copied. */
export function transferredWith(method: string, args: readonly unknown[]): readonly Transferable[] {
  if (method !== "commitFile") return [];
  const { bytes, events } = args[1] as FileCommit;
  return [bytes.buffer as ArrayBuffer, ...buffersOf(events)];
}

standBehind(5);
const data = threadData<EngineThreadData>();
const store = remoteOf<Store>(data.storePort, transferredWith).api;
const log = createLog(data.log.level, data.log).child({ thread: "engine" });
const known = new Map(await store.rates());
const seams = { now: systemNow, monotonicMs: systemMonotonicMs, sleep: systemSleep, random: systemRandom };
const outbound = createOutbound({
  ...seams,
  version: data.version,
  proxy: data.proxy,
  memory: {
    remembered: (id) => known.get(id),
    remember: (id, perMinute) => {
      store
        .rememberRate(id, perMinute)
        .catch((error: Error) => log.warn({ error: error.message }, "rate not remembered"));
    },
  },
});
const engine = new Engine({
  ...seams,
  letOthersIn,
  store,
  connectors,
  outbound,
  log,
  untilCaughtUp: data.untilCaughtUp,
  giveUpAfterMs: data.giveUpAfterMs,
  onBug: crash,
  onRemoved: data.indexPort && removalFromIndex(remoteOf<SearchFollower>(data.indexPort).api, log),
});
offer({ engine }, () => outbound.close());
