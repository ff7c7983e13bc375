// The product's delivery engine in this process, over a store that is there, to one destination.
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

export interface Delivering {
  readonly store: DeliveryStore;
  readonly reader: SqliteReader;
  readonly dataDir: string;
  readonly plan: DestinationPlan;
  readonly onBug: (error: unknown) => void;
  /** Time passes this much faster for the engine's waits, so that hours of them fit into minutes. */
  readonly speed?: () => number;
}

/** Begins with all that is stored; stop the engine when it is done. */
export async function deliver(given: Delivering): Promise<DeliveryEngine> {
  const { store, reader, dataDir, plan, onBug, speed = () => 1 } = given;
  let nowMs = Date.now();
  let atMs = systemMonotonicMs();
  const now = () => {
    nowMs += (systemMonotonicMs() - atMs) * speed();
    atMs = systemMonotonicMs();
    return new Date(nowMs);
  };
  const seams = {
    now,
    monotonicMs: systemMonotonicMs,
    random: systemRandom,
    sleep: (ms: number, signal: AbortSignal) => systemSleep(ms / speed(), signal),
  };
  const log = quietLog();
  const outfit = {
    ...seams,
    resolve: systemResolve,
    randomBytes: systemRandomBytes,
    proxy: undefined,
    version: "bench",
  };
  const engine = new DeliveryEngine({
    ...seams,
    store,
    log: reader,
    kinds: destinations,
    shaperOf,
    outfitOf: ({ id, settings }) => createOutfit({ ...outfit, dataDir, log }, id, settings),
    logger: log,
    onBug,
  });
  await engine.apply([plan]);
  return engine;
}

/** Everything that collectors have, from the start, to one destination. */
export function planFor(
  kindName: string,
  settings: Readonly<Record<string, unknown>>,
  collectorIds: readonly string[],
): DestinationPlan {
  const kind = destinations.find(({ name }) => name === kindName);
  if (kind === undefined) throw new Error(`There is no kind of destination ${kindName}`);
  return {
    id: `dest_${kindName}`,
    name: kindName,
    kind: kindName,
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
  const letters = await reader.deliveries.waitingLetters();
  const sum = (of: (state: (typeof states)[number]) => number) => states.reduce((total, state) => total + of(state), 0);
  return {
    delivered: sum(({ delivered }) => delivered),
    dead: [...letters.values()].reduce((total, count) => total + count, 0),
    pending: sum(({ behind, inBatches }) => behind + inBatches),
  };
}
