// The product as a simulated life runs it: engine, connector and rate budgets as they are; time, dice, network and disk from the world.

import { chatgptEnterprise } from "../src/connectors/chatgpt-enterprise/connector.ts";
import { Engine } from "../src/engine/engine.ts";
import { createRateBudgets } from "../src/http/rate-budgets.ts";
import type { Transport } from "../src/http/transport.ts";
import { createUpstream } from "../src/http/upstream.ts";
import type { CollectorPlan } from "../src/model/collector.ts";
import type { Logger } from "../src/model/log.ts";
import type { Store } from "../src/model/store.ts";
import type { SqliteStore } from "../src/store/sqlite/store.ts";
import { aPlan } from "../src/testing/a-collector.ts";
import type { Plan } from "./plan.ts";
import { sources, WORKSPACE } from "./published.ts";
import type { Life, Scheduler } from "./scheduler.ts";

const TERABYTE = 1e12;

export interface LifeParts {
  readonly life: Life;
  readonly store: SqliteStore;
  /** Rates found out in earlier lives. */
  readonly remembered: ReadonlyMap<string, number>;
  readonly scheduler: Scheduler;
  readonly startMs: number;
  readonly random: () => number;
  /** How wrong our clock is. */
  readonly skewMs: () => number;
  readonly transport: Transport;
  readonly looksFull: () => boolean;
  readonly onBug: (error: unknown) => void;
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** The engine of one life; it does nothing until it is given a plan. */
export function makeEngine(parts: LifeParts): Engine {
  const { life, store, scheduler, startMs, random, remembered } = parts;
  const seams = {
    now: () => new Date(scheduler.now + parts.skewMs()),
    monotonicMs: () => scheduler.now - startMs,
    random,
    sleep: (ms: number, signal: AbortSignal) => sleep(scheduler, life, ms, signal),
  };
  const memory = {
    remembered: (id: string) => remembered.get(id),
    remember: (id: string, perMinute: number) => void store.rememberRate(id, perMinute).catch(() => undefined),
  };
  const budgets = createRateBudgets(seams, memory);
  const outlet = { transport: parts.transport, budgets, now: seams.now, userAgent: "cistern/sim" };
  return new Engine({
    ...seams,
    store: withDisk(store, parts.looksFull),
    connectors: [chatgptEnterprise],
    outbound: {
      createUpstream: (access) => createUpstream(outlet, access),
      probe: () => {
        throw new Error("nothing is probed here");
      },
      rates: () => ({}),
      close: async () => undefined,
    },
    letOthersIn: () => new Promise((resolve) => scheduler.after(0, life, resolve)),
    log: silent,
    untilCaughtUp: false,
    onBug: parts.onBug,
  });
}

function sleep(scheduler: Scheduler, life: Life, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    let over = false;
    const wake = () => {
      if (over) return;
      over = true;
      signal.removeEventListener("abort", wake);
      resolve();
    };
    signal.addEventListener("abort", wake, { once: true });
    scheduler.after(ms, life, wake);
  });
}

function withDisk(store: SqliteStore, looksFull: () => boolean): Store {
  const disk = async () => {
    const freeBytes = looksFull() ? 1_000 : TERABYTE;
    return { databaseBytes: 0, walBytes: 0, searchBytes: 0, freeBytes, totalBytes: 2 * TERABYTE };
  };
  return new Proxy<Store>(store, {
    get(target, name) {
      if (name === "disk") return disk;
      const own: unknown = Reflect.get(target, name, target);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}

/** One collector of both data sources. */
export function collectorPlan({ overlapMs, pollIntervalMs, retentionDays, timezone }: Plan): CollectorPlan {
  const given = { token: "sk-sim", workspace_id: WORKSPACE, base_url: "https://api.sim/v1" };
  const dataSources = sources.map(({ name }) => name);
  const change = { dataSources, overlapMs, pollIntervalMs, retentionDays, timezone };
  return aPlan(chatgptEnterprise, given, change);
}
