// One collector at work: its lease, a loop per data source, and what stops or holds up all of them.
import type { Collector, CollectorPlan } from "../model/collector.ts";
import type { Connector, DataSource } from "../model/connector.ts";
import type { EngineActivity } from "../model/engine.ts";
import { CollectorError } from "../model/errors.ts";
import type { Lease } from "../model/store.ts";
import { createBell, rungWithin } from "./bell.ts";
import type { EngineParts } from "./engine.ts";
import { createTally, type Tally } from "./request-tally.ts";
import { applyRetention } from "./retention.ts";
import type { SourceContext } from "./source-context.ts";
import { concernsCollector, keepError, REFUSED_RECHECK_MS, SourceLoop } from "./source-loop.ts";
import { unwatched } from "./watch.ts";

const RETENTION_EVERY_MS = 3_600_000;

/** Runs one plan until it is stopped. A changed plan is a new loop. */
export class CollectorLoop {
  readonly #parts: EngineParts;
  readonly #plan: CollectorPlan;
  readonly #connector: Connector;
  readonly #stop = new AbortController();
  readonly #bell = createBell();
  readonly #settled = Promise.withResolvers<void>();
  readonly #tallies = new Map<string, Tally>();
  /** Taken once: a loop that is asked to go on after a pause must not take the collector from an engine that has replaced it. */
  #lease: Lease | undefined;
  #sources: ReadonlyMap<string, SourceLoop> = new Map();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: EngineParts, plan: CollectorPlan, connector: Connector) {
    this.#parts = parts;
    this.#plan = plan;
    this.#connector = connector;
  }

  /** `onBug` hears of what no error code explains: the collector has ended because of it. */
  start(onBug: (error: unknown) => void): void {
    this.#running = this.#run()
      .catch(onBug)
      .finally(() => this.#settled.resolve());
  }

  /** Ends what is in work and returns when nothing of this collector runs any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Resolves when every data source has caught up or is refused, or the collector has stopped. */
  get caughtUp(): Promise<void> {
    return this.#settled.promise;
  }

  scanNow(): void {
    this.#bell.ring();
    for (const source of this.#sources.values()) source.scanNow();
  }

  activity(): readonly EngineActivity[] {
    const { collector, settings } = this.#plan;
    const requestsPerMinute = this.#parts.outbound.rates(this.#connector.credential(settings));
    return [...this.#sources].map(([dataSource, source]) => ({
      key: { collectorId: collector.id, dataSource },
      ...source.activity(),
      requestsPerMinute,
    }));
  }

  async #run(): Promise<void> {
    const { log } = this.#parts;
    const signal = this.#stop.signal;
    while (!signal.aborted) {
      const rung = this.#bell.next();
      const error = await this.#pass();
      if (signal.aborted || error === undefined) return;
      this.#settled.resolve();
      if (error.code === "fenced") {
        return log.error(
          { collector: this.#plan.collector.name },
          "stopped: another engine has taken over this collector",
        );
      }
      await rungWithin(rung, REFUSED_RECHECK_MS, this.#parts.sleep, signal);
    }
  }

  /** Leases, runs every data source, and returns what ended them all; undefined after a stop. */
  async #pass(): Promise<CollectorError | undefined> {
    const feeds = activeFeeds(this.#plan.collector, this.#connector);
    this.#lease ??= await this.#parts.store.lease(
      this.#plan.collector.id,
      feeds.map(({ name }) => name),
    );
    const lease = this.#lease;
    const pass = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, pass.signal]);
    const contexts = feeds.map((feed) => this.#context(lease, feed, signal));
    this.#sources = new Map(contexts.map((ctx) => [ctx.feed.name, new SourceLoop({ ...this.#parts, ctx })]));
    void Promise.all([...this.#sources.values()].map(({ caughtUp }) => caughtUp)).then(() => this.#settled.resolve());
    const loops = [...[...this.#sources.values()].map((source) => source.run()), this.#retain(contexts, signal)];
    const ended = await Promise.allSettled(
      loops.map((loop) =>
        loop.catch((error: unknown) => {
          pass.abort();
          throw error;
        }),
      ),
    );
    const failures = ended.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
    return failures.length === 0 ? undefined : await this.#judge(failures[0], contexts);
  }

  /** A refusal is written beside every data source; anything that is no CollectorError is a bug and ends the process. */
  async #judge(error: unknown, contexts: readonly SourceContext[]): Promise<CollectorError> {
    if (!(error instanceof CollectorError) || !concernsCollector(error)) throw error;
    if (error.code === "fenced") return error;
    try {
      for (const ctx of contexts) await keepError(ctx, error);
      return error;
    } catch (second) {
      if (second instanceof CollectorError && second.code === "fenced") return second;
      throw second;
    }
  }

  #context(lease: Lease, feed: DataSource, signal: AbortSignal): SourceContext {
    const { outbound, store, now, sleep, random, letOthersIn, preparing, log } = this.#parts;
    const { collector, site, settings } = this.#plan;
    const credential = this.#connector.credential(settings);
    const { requestsPerMinute, start, overlapMs, pollIntervalMs } = collector;
    return {
      store,
      lease,
      key: { collectorId: collector.id, dataSource: feed.name },
      feed,
      settings,
      upstream: (lane) => outbound.createUpstream({ credential, lane, requestsPerMinute }),
      stamp: { siteName: site?.name, siteId: site?.id, timezone: collector.timezone },
      start,
      overlapMs,
      pollIntervalMs,
      timezone: collector.timezone ?? "UTC",
      now,
      sleep,
      random,
      letOthersIn,
      preparing,
      log: log.child({ collector: collector.name, dataSource: feed.name }),
      signal,
      work: unwatched,
      tally: this.#tallyOf(feed.name),
    };
  }

  /** One per data source, which outlives a pass: a counter must not go back. */
  #tallyOf(dataSource: string): Tally {
    const tally = this.#tallies.get(dataSource) ?? createTally(this.#parts.now);
    this.#tallies.set(dataSource, tally);
    return tally;
  }

  async #retain(contexts: readonly SourceContext[], signal: AbortSignal): Promise<void> {
    const { retentionDays } = this.#plan.collector;
    if (retentionDays === undefined) return;
    while (!signal.aborted) {
      for (const { store, lease, key, now, log } of contexts) {
        const { onRemoved } = this.#parts;
        const removed = await applyRetention(store, lease, key, { retentionDays, now: now(), signal, onRemoved });
        if (removed > 0) log.info({ removed, retentionDays }, "removed events older than the collector keeps");
      }
      await this.#parts.sleep(RETENTION_EVERY_MS, signal);
    }
  }
}

function activeFeeds(collector: Collector, connector: Connector): DataSource[] {
  return collector.dataSources
    .filter((name) => !collector.pausedDataSources.includes(name))
    .flatMap((name) => connector.resolve(name) ?? []);
}
