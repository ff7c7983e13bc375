// Runs one loop for each destination and keeps them as the plans say.
import type { DeliveryStore } from "../../model/delivery.ts";
import type { DeliveryActivity, DeliveryControl, DestinationPlan } from "../../model/delivery-plan.ts";
import type { Destination } from "../../model/destination.ts";
import type { Logger } from "../../model/log.ts";
import type { Shape } from "../../model/outgoing.ts";
import type { StoreReader } from "../../model/store.ts";
import { createMemoryGate } from "../memory-gate.ts";
import type { Sleep } from "../source-context.ts";
import { DestinationLoop } from "./destination-loop.ts";
import type { Outfit } from "./outfit.ts";

/** What all destinations together may hold. One batch that is larger is let in alone. */
const MEMORY_BYTES = 48 * 1024 * 1024;

export interface DeliveryEngineOptions {
  readonly store: DeliveryStore;
  readonly log: Pick<StoreReader, "readLog" | "lastSeq" | "eventsBySeq">;
  readonly kinds: readonly Destination[];
  readonly shaperOf: (plan: DestinationPlan) => Shape;
  readonly outfitOf: (plan: DestinationPlan) => Outfit;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly sleep: Sleep;
  readonly random: () => number;
  readonly logger: Logger;
  /** Hears of an error that is no CollectorError: a bug of ours. */
  readonly onBug: (error: unknown) => void;
}

interface Running {
  readonly plan: DestinationPlan;
  readonly loop: DestinationLoop | undefined;
  stop(): Promise<void>;
}

export class DeliveryEngine implements DeliveryControl {
  readonly #options: DeliveryEngineOptions;
  readonly #memory = createMemoryGate(MEMORY_BYTES);
  readonly #running = new Map<string, Running>();
  #applying: Promise<void> = Promise.resolve();

  constructor(options: DeliveryEngineOptions) {
    this.#options = options;
  }

  apply(plans: readonly DestinationPlan[]): Promise<void> {
    this.#applying = this.#applying.then(() => this.#apply(plans));
    return this.#applying;
  }

  async wake(destinationId: string): Promise<void> {
    this.#running.get(destinationId)?.loop?.wake();
  }

  async activity(): Promise<readonly DeliveryActivity[]> {
    return [...this.#running.values()].map(({ plan, loop }) => loop?.activity() ?? restingOf(plan));
  }

  async stop(_graceMs: number): Promise<void> {
    await this.apply([]);
  }

  async #apply(plans: readonly DestinationPlan[]): Promise<void> {
    const wanted = new Map(plans.map((plan) => [plan.id, plan]));
    for (const [id, running] of this.#running) {
      const plan = wanted.get(id);
      if (plan !== undefined && JSON.stringify(plan) === JSON.stringify(running.plan)) continue;
      await running.stop();
      this.#running.delete(id);
    }
    for (const plan of plans) if (!this.#running.has(plan.id)) this.#running.set(plan.id, this.#start(plan));
  }

  #start(plan: DestinationPlan): Running {
    const kind = this.#options.kinds.find(({ name }) => name === plan.kind);
    if (kind === undefined || plan.paused || plan.settingsError)
      return { plan, loop: undefined, stop: async () => undefined };
    const outfit = this.#options.outfitOf(plan);
    const sender = kind.open({ ...outfit.context, settings: plan.settings, format: plan.format });
    const loop = new DestinationLoop({ ...this.#loopParts(plan, kind), sender });
    const stop = new AbortController();
    const run = loop.run(stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) this.#options.onBug(error);
    });
    return {
      plan,
      loop,
      async stop() {
        stop.abort();
        await run;
        await sender.close();
        await outfit.close();
      },
    };
  }

  #loopParts(plan: DestinationPlan, kind: Destination) {
    const { store, log, shaperOf, now, sleep, random, monotonicMs, logger } = this.#options;
    const bytes = Math.min(kind.limits.bytes, plan.maxBatchBytes ?? kind.limits.bytes);
    return {
      plan,
      store,
      log,
      shape: shaperOf(plan),
      limits: {
        events: Math.min(kind.limits.events, plan.maxBatchEvents ?? kind.limits.events),
        bytes,
        eventBytes: kind.limits.eventBytes ?? kind.limits.bytes,
      },
      maxAgeMs: plan.maxAgeMs ?? kind.maxAgeMs,
      concurrency: kind.concurrency,
      memory: this.#memory,
      now,
      sleep,
      random,
      monotonicMs,
      logger: logger.child({ destination: plan.name }),
    };
  }
}

const restingOf = (plan: DestinationPlan): DeliveryActivity => ({
  destinationId: plan.id,
  phase: plan.paused ? "paused" : "unusable",
  problem: plan.settingsError && { ...plan.settingsError, code: "config_invalid", since: "" },
  circuit: "closed",
  nextAttemptAt: undefined,
  eventsPerSecond: 0,
  bytesPerSecond: 0,
  latencyP95Ms: undefined,
  answers: [],
});
