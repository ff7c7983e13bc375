// The thread that delivers: it reads the log on a connection of its own, and can be slow without anybody else being.
import type { MessagePort } from "node:worker_threads";
import { destinations } from "../destinations/index.ts";
import { DeliveryEngine } from "../engine/delivery/delivery-engine.ts";
import { createOutfit } from "../engine/delivery/outfit.ts";
import { systemResolve } from "../http/address-guard.ts";
import type { ProxySettings } from "../http/proxy.ts";
import type { DeliveryStore } from "../model/delivery.ts";
import { shaperOf } from "../normalize/shaper.ts";
import { systemMonotonicMs, systemNow, systemRandom, systemRandomBytes, systemSleep } from "../runtime/clock.ts";
import { createLog, type LogLevel } from "../runtime/log.ts";
import { crash, offer, remoteOf, standBehind, threadData } from "../runtime/threads.ts";
import { openSqliteReader } from "../store/sqlite/reader.ts";

export interface DeliveryThreadData {
  readonly dataDir: string;
  readonly storePort: MessagePort;
  readonly version: string;
  readonly proxy: ProxySettings | undefined;
  readonly log: { readonly level: LogLevel; readonly pretty: boolean };
}

standBehind(5);
const data = threadData<DeliveryThreadData>();
const log = createLog(data.log.level, data.log).child({ thread: "delivery" });
const reader = openSqliteReader(data.dataDir);
const seams = { now: systemNow, monotonicMs: systemMonotonicMs, sleep: systemSleep, random: systemRandom };
const { dataDir, version, proxy } = data;
const outfit = { ...seams, resolve: systemResolve, randomBytes: systemRandomBytes, dataDir, version, proxy, log };
const deliveries = new DeliveryEngine({
  ...seams,
  store: remoteOf<DeliveryStore>(data.storePort).api,
  log: reader,
  kinds: destinations,
  shaperOf,
  outfitOf: (plan) => createOutfit(outfit, plan.id, plan.settings),
  logger: log,
  onBug: crash,
});
offer({ deliveries }, async () => {
  await deliveries.stop(0);
  await reader.close();
});
