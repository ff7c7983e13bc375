// Runs the collectors it is given: starts what is new, restarts what changed, stops what is gone.

import type { Outbound } from "../http/outbound.ts";
import type { CollectorPlan } from "../model/collector.ts";
import type { Connector } from "../model/connector.ts";
import type { EngineActivity, EngineControl } from "../model/engine.ts";
import type { Logger } from "../model/log.ts";
import type { RewindForecast } from "../model/rewind.ts";
import type { Store } from "../model/store.ts";
import { CollectorLoop } from "./collector-loop.ts";
import { createDiskGuard, type DiskGuard } from "./disk-guard.ts";
import { createMemoryGate, type MemoryGate } from "./memory-gate.ts";
import type { OnRemoved } from "./retention.ts";
import { forecastRewind } from "./rewind-forecast.ts";
import type { Sleep } from "./source-context.ts";
import { createTurn, type Turn } from "./turn.ts";

/** Downloads that wait for their commit hold at most this much. */
const MEMORY_BYTES = 32 * 1024 * 1024;

export interface EngineOptions {
  readonly store: Store;
  readonly connectors: readonly Connector[];
  readonly outbound: Outbound;
  readonly now: () => Date;
  readonly sleep: Sleep;
  readonly random: () => number;
  /** Resolves after whatever else waits in this thread has had its turn. */
  readonly letOthersIn: () => Promise<void>;
  readonly log: Logger;
  /** The run ends when it has caught up: a missing file is asked for twice at once instead of an hour apart. */
  readonly untilCaughtUp: boolean;
  /** A data source counts as caught up once it could not get on for so long; undefined: it is waited for without end. */
  readonly giveUpAfterMs?: number | undefined;
  /** Hears of a bug of ours that ended a collector; the process must not go on as if nothing were. */
  readonly onBug: (error: unknown) => void;
  /** Hears of what retention has removed, so that what is derived from the log can follow. */
  readonly onRemoved?: OnRemoved | undefined;
}

/** What the loops of a collector share. */
export interface EngineParts extends EngineOptions {
  readonly memory: MemoryGate;
  /** Two files prepared side by side would be ready together: the store would wait for both, and then with nothing beside it. */
  readonly preparing: Turn;
  readonly disk: DiskGuard;
  readonly askTwiceAtOnce: boolean;
}

interface Running {
  readonly fingerprint: string;
  readonly loop: CollectorLoop;
}

export class Engine implements EngineControl {
  readonly #parts: EngineParts;
  readonly #stop = new AbortController();
  readonly #running = new Map<string, Running>();
  readonly #watching: Promise<void>;
  #applying: Promise<void> = Promise.resolve();

  constructor(options: EngineOptions) {
    const disk = createDiskGuard(options.store, options);
    const memory = createMemoryGate(MEMORY_BYTES);
    this.#parts = { ...options, disk, memory, preparing: createTurn(), askTwiceAtOnce: options.untilCaughtUp };
    this.#watching = disk.watch(this.#stop.signal).catch(options.onBug);
  }

  apply(plans: readonly CollectorPlan[]): Promise<void> {
    this.#applying = this.#applying.then(() => this.#applyNow(plans));
    return this.#applying;
  }

  async activity(): Promise<readonly EngineActivity[]> {
    return [...this.#running.values()].flatMap(({ loop }) => loop.activity());
  }

  async scanNow(collectorId: string): Promise<void> {
    this.#running.get(collectorId)?.loop.scanNow();
  }

  forecastRewind(plan: CollectorPlan, dataSource: string, to: string): Promise<RewindForecast> {
    return forecastRewind({ ...this.#parts, signal: this.#stop.signal }, plan, dataSource, to);
  }

  async diskPaused(): Promise<boolean> {
    return this.#parts.disk.paused;
  }

  /** Resolves when every collector has caught up with upstream, or cannot. */
  async caughtUp(): Promise<void> {
    await this.#applying;
    await Promise.all([...this.#running.values()].map(({ loop }) => loop.caughtUp));
  }

  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    await this.#applying;
    const ended = Promise.all([this.#watching, ...[...this.#running.values()].map(({ loop }) => loop.stop())]);
    const grace = new AbortController();
    await Promise.race([ended, this.#parts.sleep(graceMs, grace.signal)]);
    grace.abort();
    this.#running.clear();
  }

  async #applyNow(plans: readonly CollectorPlan[]): Promise<void> {
    const wanted = new Map(plans.filter(canRun).map((plan) => [plan.collector.id, plan]));
    for (const [id, { fingerprint, loop }] of this.#running) {
      const plan = wanted.get(id);
      if (plan && fingerprintOf(plan) === fingerprint) continue;
      this.#running.delete(id);
      await loop.stop();
    }
    for (const [id, plan] of wanted) if (!this.#running.has(id)) this.#begin(id, plan);
  }

  #begin(id: string, plan: CollectorPlan): void {
    const connector = this.#parts.connectors.find(({ name }) => name === plan.collector.connector);
    if (!connector || this.#stop.signal.aborted) return;
    const loop = new CollectorLoop(this.#parts, plan, connector);
    this.#running.set(id, { fingerprint: fingerprintOf(plan), loop });
    loop.start(this.#parts.onBug);
  }
}

const canRun = ({ collector, settingsError }: CollectorPlan) => !collector.paused && settingsError === undefined;

// Renaming a collector, or reading it again from the file, is no reason to stop it.
function fingerprintOf({ collector, site, settings }: CollectorPlan): string {
  const { name, updatedAt, createdAt, managedBy, ...rest } = collector;
  return JSON.stringify([rest, site, settings]);
}
