// The life of one destination: cut batches, send them, learn from the answers. Nothing here waits for another destination.
import type { Delivery, OpenBatch } from "../../model/delivery.ts";
import type { DeliveryActivity, DeliveryPhase, DestinationPlan } from "../../model/delivery-plan.ts";
import type { Sender } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import type { Logger } from "../../model/log.ts";
import { createBell, rungWithin } from "../bell.ts";
import type { MemoryGate } from "../memory-gate.ts";
import type { Sleep } from "../source-context.ts";
import { createTurn } from "../turn.ts";
import { attempt } from "./attempt.ts";
import { type BatchParts, bodiesHash, cutNext, type Loaded, load } from "./batches.ts";
import { createBreaker } from "./breaker.ts";
import { sendAgain } from "./letters.ts";
import { createMeter } from "./meter.ts";
import { createRefusals } from "./refusals.ts";

/** How often the log is looked at for what is new. */
const LOOK_EVERY_MS = 1_000;
/** A destination that refuses us is tried again this seldom: access may be granted without anybody telling us. */
const HALTED_RECHECK_MS = 15 * 60_000;
const STORE_RETRY_MS = 5_000;
/** What a batch takes in memory beside its bodies: the stored bytes, and the request that is made of it. */
const MEMORY_FACTOR = 3;

export interface DestinationLoopOptions extends BatchParts {
  readonly plan: DestinationPlan;
  readonly concurrency: number;
  readonly sender: Sender;
  readonly memory: MemoryGate;
  readonly sleep: Sleep;
  readonly random: () => number;
  readonly monotonicMs: () => number;
  readonly logger: Logger;
}

interface Job {
  readonly delivery: Delivery;
  readonly batch: OpenBatch;
  /** Undefined: it is read again. */
  readonly loaded: Loaded | undefined;
}

export class DestinationLoop {
  readonly #options: DestinationLoopOptions;
  readonly #breaker;
  readonly #meter;
  readonly #refusals = createRefusals();
  readonly #bell = createBell();
  readonly #turn = createTurn();
  readonly #inWork = new Set<number>();
  #phase: DeliveryPhase = "idle";
  #problem: DeliveryActivity["problem"];
  #haltedUntilMs: number | undefined;

  constructor(options: DestinationLoopOptions) {
    this.#options = options;
    this.#breaker = createBreaker(() => options.now().getTime(), options.random);
    this.#meter = createMeter(options.now);
  }

  wake(): void {
    this.#breaker.reset();
    this.#haltedUntilMs = undefined;
    this.#bell.ring();
  }

  activity(): DeliveryActivity {
    const { state, opensAtMs } = this.#breaker;
    const until = this.#haltedUntilMs ?? opensAtMs;
    return {
      destinationId: this.#options.plan.id,
      phase: this.#phase,
      problem: this.#problem,
      circuit: state,
      nextAttemptAt: until === undefined ? undefined : new Date(until).toISOString(),
      ...this.#meter.rates(),
      latencyP95Ms: this.#meter.latencyP95Ms,
      answers: this.#meter.answers,
    };
  }

  /** Runs until the signal aborts. Throws what is a bug of ours. */
  async run(signal: AbortSignal): Promise<void> {
    const { plan, store, concurrency } = this.#options;
    const open = () =>
      store.openDeliveries(
        plan.id,
        plan.collectors.map(({ id }) => id),
        plan.from,
      );
    while (!signal.aborted && !(await this.#withStore(open, signal))) {}
    await Promise.all(Array.from({ length: concurrency }, () => this.#slot(signal)));
  }

  async #slot(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const rung = this.#bell.next();
      const waitMs = await this.#withStore(() => this.#step(signal), signal);
      if (waitMs !== undefined && waitMs > 0 && !signal.aborted)
        await rungWithin(rung, waitMs, this.#options.sleep, signal);
    }
  }

  /** Does one thing. Returns how long to wait before the next. */
  async #step(signal: AbortSignal): Promise<number> {
    const heldBackMs = this.#heldBackMs();
    if (heldBackMs > 0 || !this.#breaker.tryNow())
      return Math.max(100, Math.min(heldBackMs || LOOK_EVERY_MS, HALTED_RECHECK_MS));
    const letters = await this.#letters(signal);
    if (letters !== undefined) return letters;
    const next = await this.#turn(() => this.#next());
    if ("waitMs" in next) {
      // Nothing was tried: the breaker must not wait for its outcome.
      if (this.#breaker.state === "trying") this.#breaker.reset();
      return next.waitMs;
    }
    try {
      return await this.#send(next, signal);
    } finally {
      this.#inWork.delete(next.batch.number);
    }
  }

  #heldBackMs(): number {
    const until = this.#haltedUntilMs ?? this.#breaker.opensAtMs;
    return until === undefined ? 0 : Math.max(0, until - this.#options.now().getTime());
  }

  async #letters(signal: AbortSignal): Promise<number | undefined> {
    const { plan, store, log, sender, shape, now, logger } = this.#options;
    if (this.#inWork.size > 0) return undefined;
    const [letter] = await store.lettersToSend(plan.id, 1);
    if (letter === undefined) return undefined;
    const error = await sendAgain({ store, log, sender, shape, now, signal, logger }, letter);
    if (error === undefined) this.#wentOn();
    else await this.#wentWrong(error, undefined);
    return 0;
  }

  /** The next batch that is due: one that is open, or one that is cut now. Called by one slot at a time. */
  async #next(): Promise<Job | { readonly waitMs: number }> {
    const { plan, store } = this.#options;
    let waitMs = LOOK_EVERY_MS;
    let isAtRest = this.#inWork.size === 0;
    for (const delivery of await store.deliveries(plan.id)) {
      const open = await store.openBatches(delivery.id);
      if (open.length > 0) isAtRest = false;
      const due = this.#firstDue(open);
      if (due) return this.#taken({ delivery, batch: due, loaded: undefined });
      if (this.#options.concurrency === 1 && open.length > 0) continue;
      if (open.length >= this.#options.concurrency) continue;
      const cut = await cutNext(this.#options, delivery);
      if (cut.kind === "batch") return this.#taken({ delivery, batch: cut.batch, loaded: cut.loaded });
      if (cut.kind !== "end") isAtRest = false;
      if (cut.kind === "moved") waitMs = 0;
      if (cut.kind === "wait") waitMs = Math.min(waitMs, cut.ms);
      if (cut.kind === "end" && delivery.replay !== undefined && open.length === 0)
        await store.endReplayDelivery(delivery.id, this.#options.now().toISOString());
      if (cut.kind === "wait") this.#phase = "waiting";
    }
    if (isAtRest) this.#rest();
    return { waitMs };
  }

  /** Nothing is left to be tried, so nothing stands in the way: a replay that could not be sent may have been cancelled. */
  #rest(): void {
    this.#breaker.succeeded();
    this.#problem = undefined;
    this.#haltedUntilMs = undefined;
    this.#phase = "idle";
  }

  #taken(job: Job): Job {
    this.#inWork.add(job.batch.number);
    return job;
  }

  #firstDue(open: readonly OpenBatch[]): OpenBatch | undefined {
    const now = this.#options.now().toISOString();
    const free = open.filter(({ number }) => !this.#inWork.has(number));
    const isDue = ({ nextAt }: OpenBatch) => nextAt === undefined || nextAt <= now;
    if (this.#options.concurrency > 1) return free.find(isDue);
    // In the order of the log: the first one, or none.
    const [first] = open;
    return first !== undefined && free.includes(first) && isDue(first) ? first : undefined;
  }

  async #send({ delivery, batch, loaded }: Job, signal: AbortSignal): Promise<number> {
    const { memory, limits, logger } = this.#options;
    const release = await memory.enter(Math.max(batch.bytes, limits.eventBytes / 8) * MEMORY_FACTOR, signal);
    if (release === undefined) return 0;
    try {
      if (!this.#problem) this.#phase = "delivering";
      const ready = loaded ?? (await load(this.#options, delivery, batch));
      if (
        batch.sha256 !== "" &&
        batch.attempts > 0 &&
        batch.only === undefined &&
        bodiesHash(ready.events) !== batch.sha256
      )
        logger.info(
          { batch: batch.batchId },
          "a batch is sent again with other bytes: settings, version or stored events have changed",
        );
      const { verdict, answer, counts } = await attempt(
        { ...this.#options, signal },
        { delivery, batch, loaded: ready },
      );
      if (answer) this.#meter.note(answer);
      const allRefused = this.#refusals.note(counts, answer?.detail);
      if (allRefused) await this.#wentWrong(allRefused, undefined);
      else if (verdict.kind === "went_on") this.#wentOn();
      else await this.#wentWrong(verdict.error, batch);
      return 0;
    } finally {
      release();
    }
  }

  #wentOn(): void {
    if (this.#problem) this.#options.logger.info({}, "delivery goes on");
    this.#breaker.succeeded();
    this.#problem = undefined;
    this.#haltedUntilMs = undefined;
    this.#phase = "delivering";
  }

  async #wentWrong(error: CollectorError, batch: OpenBatch | undefined): Promise<void> {
    const { store, now, logger } = this.#options;
    const halted = error.code === "auth_failed" || error.code === "config_invalid";
    const waitMs = halted ? HALTED_RECHECK_MS : this.#breaker.failed(error.retryAfterMs);
    if (halted) {
      this.#breaker.failed();
      this.#haltedUntilMs = now().getTime() + waitMs;
    }
    this.#phase = halted ? "halted" : "retrying";
    const { code, reason, message, action, status } = error;
    const at = now().toISOString();
    if (this.#problem?.code !== code || this.#problem.reason !== reason)
      logger.warn({ code, reason }, halted ? `delivery halted: ${message}` : `delivery waits: ${message}`);
    this.#problem = { code, reason, message, action, since: this.#problem?.since ?? at };
    // When it is due is the breaker's to say: after a restart it is tried at once.
    if (batch) await store.failBatch(batch.number, { code, reason, message, action, status, at }, at);
  }

  /** A store that does not answer now is asked again. */
  async #withStore<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof CollectorError) || error.code !== "storage") throw error;
      this.#options.logger.warn({ code: error.code, reason: error.reason }, error.message);
      await this.#options.sleep(STORE_RETRY_MS, signal);
      return undefined;
    }
  }
}
