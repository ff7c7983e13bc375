// The product's delivery engine in this process, over a store that is there, to one webhook on this machine.
import { destinations } from "../src/destinations/index.ts";
import { DeliveryEngine } from "../src/engine/delivery/delivery-engine.ts";
import { createOutfit } from "../src/engine/delivery/outfit.ts";
import { systemResolve } from "../src/http/address-guard.ts";
import type { DeliveryStore } from "../src/model/delivery.ts";
import type { DestinationPlan } from "../src/model/delivery-plan.ts";
import { shaperOf } from "../src/normalize/shaper.ts";
import { systemMonotonicMs, systemRandom, systemRandomBytes, systemSleep } from "../src/runtime/clock.ts";
import type { SqliteReader } from "../src/store/sqlite/reader.ts";
import { quietLog } from "../src/testing/quiet-log.ts";
import type { CleanUp, Faults } from "./part.ts";

export interface Delivering {
  readonly store: DeliveryStore;
  readonly reader: SqliteReader;
  readonly dataDir: string;
  readonly url: string;
  readonly collectorIds: readonly string[];
  readonly faults: Faults;
  /** Time passes this much faster for the engine's waits, so that hours of them fit into minutes. */
  speed(): number;
}

/** Begins with all that is stored. */
export async function deliver(given: Delivering, cleanUp: CleanUp): Promise<DeliveryEngine> {
  const { store, reader, dataDir, url, collectorIds, faults } = given;
  let nowMs = Date.now();
  let atMs = systemMonotonicMs();
  const now = () => {
    nowMs += (systemMonotonicMs() - atMs) * given.speed();
    atMs = systemMonotonicMs();
    return new Date(nowMs);
  };
  const seams = {
    now,
    monotonicMs: systemMonotonicMs,
    random: systemRandom,
    sleep: (ms: number, signal: AbortSignal) => systemSleep(ms / given.speed(), signal),
  };
  const log = quietLog();
  const outfit = {
    ...seams,
    resolve: systemResolve,
    randomBytes: systemRandomBytes,
    proxy: undefined,
    version: "chaos",
  };
  const engine = new DeliveryEngine({
    ...seams,
    store,
    log: reader,
    kinds: destinations,
    shaperOf,
    outfitOf: (plan) => createOutfit({ ...outfit, dataDir, log }, plan.id, plan.settings),
    logger: log,
    onBug: (error) => faults.add(`a bug ended the delivery: ${error instanceof Error ? error.stack : String(error)}`),
  });
  cleanUp.add(() => engine.stop(0));
  await engine.apply([planFor(url, collectorIds)]);
  return engine;
}

function planFor(url: string, collectorIds: readonly string[]): DestinationPlan {
  const kind = destinations.find(({ name }) => name === "webhook")!;
  const settings = { url, body: "ndjson", allow_networks: "127.0.0.0/8" };
  return {
    id: "dest_chaos",
    name: "chaos",
    kind: "webhook",
    settings: kind.settings.parse(settings),
    settingsError: undefined,
    format: "raw",
    filter: undefined,
    masking: undefined,
    pseudonymKey: "00".repeat(32),
    collectors: collectorIds.map((id) => ({ id, name: id, connector: "chatgpt-enterprise" })),
    from: "start",
    paused: false,
    maxBatchEvents: undefined,
    maxBatchBytes: undefined,
    maxAgeMs: undefined,
  };
}

/** What the store says has become of everything: settled, and still to come. */
export async function tally(reader: SqliteReader) {
  const states = await reader.deliveries.deliveryStates();
  const sum = (of: (state: (typeof states)[number]) => number) => states.reduce((total, state) => total + of(state), 0);
  return {
    delivered: sum(({ delivered }) => delivered),
    dead: sum(({ dead }) => dead),
    pending: sum(({ behind, inBatches }) => behind + inBatches),
  };
}
