// The life of one data source: scan when it is due, keep the queue of files going, and say what stands in the way.

import type { EngineActivity } from "../model/engine.ts";
import { CollectorError } from "../model/errors.ts";
import type { DataSourceState } from "../model/store.ts";
import { instantUs } from "../model/time.ts";
import { backoffMs } from "./backoff.ts";
import { createBell, rungWithin } from "./bell.ts";
import { recorded } from "./collect-file.ts";
import type { DiskGuard } from "./disk-guard.ts";
import { createFileQueue, type FileQueue } from "./file-queue.ts";
import type { MemoryGate } from "./memory-gate.ts";
import { createProgress, type Progress } from "./progress.ts";
import { peek, scan } from "./scan.ts";
import { dueScan } from "./schedule.ts";
import { feedContext, type SourceContext } from "./source-context.ts";
import { createWatch, type Watch } from "./watch.ts";

/** A refused key or setting is tried again this seldom, with one call: access may be granted without anybody telling us. */
export const REFUSED_RECHECK_MS = 15 * 60_000;
/** Where events come in, upstream's word on its newest one is of little use; where they stay away, it is the evidence. */
const NEWEST_EVERY_MS = 5 * 60_000;
const NEWEST_EVERY_QUIET_MS = 60_000;
const QUIET_MS = 30 * 60_000;
const FIRST_RETRY_MS = 5_000;
const MAX_RETRY_MS = 5 * 60_000;

export interface SourceLoopOptions {
  readonly ctx: SourceContext;
  readonly memory: MemoryGate;
  readonly askTwiceAtOnce: boolean;
  readonly disk: DiskGuard;
  /** See `EngineOptions`. */
  readonly giveUpAfterMs?: number | undefined;
}

/** A key refused outright, foreign events, a lost lease: no data source of the collector may go on. */
export function concernsCollector(error: unknown): boolean {
  if (!(error instanceof CollectorError)) return true;
  return (
    error.code === "fenced" ||
    error.reason === "foreign_principal" ||
    (error.code === "auth_failed" && error.status === 401)
  );
}

/** See the head of the file. One is made per data source and start; it does not outlive its signal. */
export class SourceLoop {
  /**
   * Resolves once a whole scan is behind and no file that can be had is in front, or the data source is refused, or nothing got
   * on for as long as it was to be waited for.
   */
  readonly caughtUp: Promise<void>;
  readonly #resolveCaughtUp: () => void;
  readonly #ctx: SourceContext;
  readonly #disk: DiskGuard;
  readonly #queue: FileQueue;
  readonly #bell = createBell();
  readonly #watch: Watch;
  readonly #progress: Progress;
  readonly #giveUpAfterMs: number | undefined;
  readonly #newest: Newest = { askedMs: 0, missingSince: undefined };
  #phase: EngineActivity["phase"] = "scanning";
  #nextScanAt: string | undefined;
  #failures = 0;
  /** The queue has failed, and no file was collected since: that files can be listed says nothing then. */
  #stuck = false;
  #scanned = false;
  #queueRun: Promise<void> | undefined;
  #queueFailure: unknown;

  constructor(options: SourceLoopOptions) {
    this.#progress = createProgress(options.ctx.store, options.ctx);
    this.#giveUpAfterMs = options.giveUpAfterMs;
    this.#ctx = { ...options.ctx, store: this.#progress.store };
    this.#disk = options.disk;
    this.#watch = createWatch(options.ctx.now);
    this.#queue = createFileQueue({
      ...options,
      ctx: this.#ctx,
      watch: this.#watch,
      room: options.disk.room,
      onEnded: (collected) => {
        if (collected) this.#stuck = false;
        this.#announceSoon();
      },
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.caughtUp = promise;
    this.#resolveCaughtUp = resolve;
  }

  scanNow(): void {
    this.#bell.ring();
  }

  activity(): Omit<EngineActivity, "key" | "requestsPerMinute"> {
    const fetching = this.#phase === "waiting" && this.#queue.inWork > 0;
    const { tally } = this.#ctx;
    return {
      work: this.#watch.slowest(),
      missingSince: this.#newest.missingSince,
      requests: tally.counts(),
      clockSkewMs: tally.clockSkewMs,
      phase: fetching ? "fetching" : this.#phase,
      nextScanAt: this.#nextScanAt,
      filesInWork: this.#queue.inWork,
    };
  }

  /** Runs until the signal aborts. Throws what concerns the whole collector: see `concernsCollector`. */
  async run(): Promise<void> {
    const ctx = this.#ctx;
    const giveUp = this.#giveUp();
    while (!ctx.signal.aborted) {
      const rung = this.#bell.next();
      const waitMs = await this.#attempt();
      this.#nextScanAt = new Date(ctx.now().getTime() + waitMs).toISOString();
      await rungWithin(rung, waitMs, ctx.sleep, ctx.signal);
    }
    await Promise.all([this.#queueRun, giveUp]);
  }

  async #giveUp(): Promise<void> {
    const patienceMs = this.#giveUpAfterMs;
    if (patienceMs === undefined) return;
    if (!(await this.#progress.stuck(patienceMs, () => this.#disk.paused))) return;
    this.#ctx.log.warn({ durationMs: patienceMs }, "not waited for any longer: nothing could be collected meanwhile");
    this.#resolveCaughtUp();
  }

  /** One scan; returns how long to wait after it. */
  async #attempt(): Promise<number> {
    try {
      if (this.#queueFailure !== undefined) throw this.#takeQueueFailure();
      await this.#disk.room(this.#ctx.signal);
      await this.#pass();
      if (!this.#stuck) this.#failures = 0;
      this.#phase = "waiting";
      return this.#ctx.pollIntervalMs;
    } catch (error) {
      if (this.#ctx.signal.aborted) return 0;
      if (!(error instanceof CollectorError) || concernsCollector(error)) throw error;
      this.#failures += 1;
      this.#phase = "backing_off";
      if (error.code !== "rate_limited") this.#progress.lookFailed();
      if (error.code === "storage") this.#disk.full();
      await keepError(this.#ctx, error);
      if (isRefused(error)) this.#resolveCaughtUp();
      return waitAfter(error, this.#failures, this.#ctx.random);
    }
  }

  async #pass(): Promise<void> {
    this.#phase = "scanning";
    await this.#watch.during("looking for files", (work) => this.#look({ ...this.#ctx, work }));
    await this.#announce();
  }

  async #look(ctx: SourceContext): Promise<void> {
    const state = await stateAfterRewind(ctx);
    const due = dueScan(state, ctx.now());
    if (state.cursor === undefined && (await peek(ctx)) > 0) this.#startQueue();
    const { kind, listed, fresh } = await scan(ctx, due, () => this.#startQueue());
    if (fresh > 0) ctx.log.info({ kind, listed, fresh }, "scan found new files");
    this.#scanned = true;
    this.#startQueue();
    await askNewest(ctx, this.#newest);
  }

  #startQueue(): void {
    this.#queueRun ??= this.#queue.run().catch((error: unknown) => {
      this.#queueFailure = error;
      this.#queueRun = undefined;
      this.#bell.ring();
    });
    this.#queue.wake();
  }

  // A store that cannot be read now is met again by the next scan, which says so.
  #announceSoon(): void {
    this.#announce().catch((error: unknown) => {
      this.#queueFailure ??= error;
      this.#bell.ring();
    });
  }

  #takeQueueFailure(): unknown {
    const failure = this.#queueFailure;
    this.#queueFailure = undefined;
    this.#stuck = true;
    return failure;
  }

  async #announce(): Promise<void> {
    const ctx = this.#ctx;
    if (!this.#scanned || ctx.signal.aborted) return;
    const { counts, rewind } = await ctx.store.state(ctx.key);
    const rewinding = rewind?.phase === "requested" || rewind?.phase === "rereading";
    if (counts.filesPending === 0 && !rewinding) this.#resolveCaughtUp();
  }
}

async function stateAfterRewind(ctx: SourceContext): Promise<DataSourceState> {
  const state = await ctx.store.state(ctx.key);
  if (state.rewind?.phase !== "requested") return state;
  if (await ctx.store.applyRewind(ctx.lease, ctx.key, ctx.now().toISOString()))
    ctx.log.info({}, "the cursor was moved back, as an operator asked for");
  return await ctx.store.state(ctx.key);
}

const isRefused = ({ code }: CollectorError) =>
  code === "auth_failed" || code === "config_invalid" || code === "rejected";

function waitAfter(error: CollectorError, failures: number, random: () => number): number {
  if (isRefused(error)) return REFUSED_RECHECK_MS;
  return error.retryAfterMs ?? backoffMs(failures, { firstMs: FIRST_RETRY_MS, maxMs: MAX_RETRY_MS, random });
}

/** Writes the error down for people to see. On a full disk that may fail as well: then the log has it. */
export async function keepError(ctx: SourceContext, error: CollectorError): Promise<void> {
  ctx.log.warn({ code: error.code, reason: error.reason }, error.message);
  try {
    await ctx.store.recordError(ctx.lease, ctx.key, recorded(ctx, error));
  } catch (second) {
    if (!(second instanceof CollectorError) || second.code !== "storage") throw second;
    ctx.log.error({ code: second.code }, "the error could not be written down: the disk is full or failing");
  }
}

interface Newest {
  askedMs: number;
  /** See `EngineActivity`. */
  missingSince: string | undefined;
}

/** What upstream says its newest event is: evidence for health, so a failure here stops nothing. */
async function askNewest(ctx: SourceContext, asked: Newest): Promise<void> {
  const nowMs = ctx.now().getTime();
  const { newestEvent } = await ctx.store.state(ctx.key);
  asked.missingSince = stillMissing(asked.missingSince, newestEvent);
  const quiet = newestEvent === undefined || nowMs - usOf(newestEvent) / 1_000 > QUIET_MS;
  const everyMs = quiet ? NEWEST_EVERY_QUIET_MS : NEWEST_EVERY_MS;
  if (!ctx.feed.newest || Math.abs(nowMs - asked.askedMs) < everyMs) return;
  asked.askedMs = nowMs;
  try {
    const newest = await ctx.feed.newest(feedContext(ctx, "fresh"));
    asked.missingSince ??= stillMissing(newest, newestEvent);
    await ctx.store.recordUpstreamNewest(ctx.lease, ctx.key, newest, ctx.now().toISOString());
  } catch (error) {
    if (!(error instanceof CollectorError) || error.code === "fenced") throw error;
    ctx.log.debug({ code: error.code, reason: error.reason }, "upstream did not say what its newest event is");
  }
}

/** The event's time, while nothing as new as it is held. */
const stillMissing = (time: string | undefined, held: string | undefined) =>
  time !== undefined && usOf(time) > usOf(held ?? "") ? time : undefined;

const usOf = (text: string) => instantUs(text) ?? 0;
