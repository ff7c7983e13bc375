// How fast one key may ask one route. Two limits hold together: in any 60 seconds no more requests begin than the rate that
// `RateSearch` has found out, and no more than a burst, at first ten seconds' worth, begins at once.
//
// A 429 closes the gate for all; when it opens, one request goes ahead, and only its success lets the others follow, evenly
// spaced. Where a burst was refused though the minute had room, the burst shrinks and the rate stays.
import type { Lane } from "../model/connector.ts";
import { RatePace } from "./rate-pace.ts";
import { RateSearch } from "./rate-search.ts";
import type { Seams } from "./seams.ts";

/** Waits where a 429 names none: 2 s, doubled each time, 5 minutes at most. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 300_000;
/** The least wait, doubled while upstream goes on refusing: some name an instant that is too early, again and again. */
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_LEAST_WAIT_MS = 16_000;

/** Why a timer ends early; without a reason, each abort makes an exception with its stack. */
const SUPERSEDED = "superseded";

export interface BudgetRequest {
  readonly lane: Lane;
  /** Requests a minute that must not be exceeded, whatever upstream allows. */
  readonly ceiling: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Leave for one request. Exactly one of the three is called when its answer is known. */
export interface Grant {
  succeeded(): void;
  /** Upstream answered 429; returns in how many milliseconds the gate opens again. */
  limited(retryAfterMs: number | undefined): number;
  /** No answer, or one that tells nothing of the rate. */
  failed(): void;
}

export interface RateBudgetOptions extends Pick<Seams, "monotonicMs" | "sleep" | "random"> {
  /** The rate found out in an earlier life. */
  readonly remembered: number | undefined;
  /** Told of each notable change of the rate. */
  readonly remember: (perMinute: number) => void;
}

interface Waiter extends BudgetRequest {
  readonly admit: (grant: Grant) => void;
  waited: boolean;
}

interface Pass {
  readonly startedMs: number;
  readonly waited: boolean;
  readonly ceiling: number | undefined;
}

export class RateBudget {
  readonly #options: RateBudgetOptions;
  readonly #lanes: Record<Lane, Waiter[]> = { fresh: [], backlog: [] };
  readonly #search: RateSearch;
  readonly #pace = new RatePace();
  #remembered: number;
  #gateOpensMs = Number.NEGATIVE_INFINITY;
  #limited = false;
  #probe: Pass | undefined;
  #strikes = 0;
  #closedMs = Number.NEGATIVE_INFINITY;
  #timer: AbortController | undefined;

  constructor(options: RateBudgetOptions) {
    this.#options = options;
    this.#search = new RateSearch(options.remembered);
    this.#remembered = this.#search.rate;
  }

  /** Requests a minute that are allowed now. */
  perMinute(): number {
    return wholeRate(this.#search.rate);
  }

  /** Waits for leave. Fresh requests go before backlog, each lane in its order. Rejects with the signal's reason. */
  take(request: BudgetRequest): Promise<Grant> {
    const { signal } = request;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const lane = this.#lanes[request.lane];
      const abandon = () => {
        lane.splice(lane.indexOf(waiter), 1);
        reject(signal?.reason);
        this.#serve();
      };
      const admit = (grant: Grant) => {
        signal?.removeEventListener("abort", abandon);
        resolve(grant);
      };
      const waiter: Waiter = { ...request, admit, waited: false };
      signal?.addEventListener("abort", abandon, { once: true });
      lane.push(waiter);
      if (this.#pace.unused) this.#search.beginAt(request.ceiling ?? 0);
      this.#serve();
    });
  }

  #serve(): void {
    this.#timer?.abort(SUPERSEDED);
    this.#timer = undefined;
    for (let next = this.#next(); next; next = this.#next()) {
      const waitMs = this.#waitMs(next.ceiling);
      if (waitMs > 0) {
        next.waited = true;
        if (Number.isFinite(waitMs)) void this.#serveIn(waitMs);
        return;
      }
      this.#lanes[next.lane].shift();
      next.admit(this.#grant(next));
    }
  }

  async #serveIn(ms: number): Promise<void> {
    const timer = new AbortController();
    this.#timer = timer;
    await this.#options.sleep(Math.ceil(ms), timer.signal);
    if (!timer.signal.aborted) this.#serve();
  }

  #next(): Waiter | undefined {
    return this.#lanes.fresh[0] ?? this.#lanes.backlog[0];
  }

  #waitMs(ceiling: number | undefined): number {
    if (this.#probe) return Number.POSITIVE_INFINITY;
    const now = this.#options.monotonicMs();
    const allowance = Math.max(1, wholeRate(Math.min(this.#search.rate, ceiling ?? Number.POSITIVE_INFINITY)));
    return Math.max(this.#gateOpensMs - now, this.#pace.waitMs(now, allowance));
  }

  #grant(waiter: Waiter): Grant {
    const now = this.#options.monotonicMs();
    this.#pace.begin(now);
    const pass: Pass = { startedMs: now, waited: waiter.waited, ceiling: waiter.ceiling };
    if (this.#limited) this.#probe = pass;
    return {
      succeeded: () => this.#settle(pass, () => this.#onSuccess(pass)),
      limited: (retryAfterMs) => this.#settle(pass, (wasProbe) => this.#onLimited(pass, wasProbe, retryAfterMs)),
      failed: () => this.#settle(pass, () => undefined),
    };
  }

  #settle<T>(pass: Pass, effect: (wasProbe: boolean) => T): T {
    const wasProbe = this.#probe === pass;
    if (wasProbe) this.#probe = undefined;
    const result = effect(wasProbe);
    this.#serve();
    return result;
  }

  #onSuccess(pass: Pass): void {
    // An answer to a request from before the gate closed says nothing of what is allowed now.
    if (this.#limited && pass.startedMs < this.#gateOpensMs) return;
    this.#limited = false;
    this.#strikes = 0;
    const strained = pass.waited || this.#next() !== undefined;
    const heldByCeiling = pass.ceiling !== undefined && this.#search.rate >= pass.ceiling;
    if (strained && !heldByCeiling) this.#change(() => this.#search.succeeded(this.#options.monotonicMs()));
  }

  #onLimited(pass: Pass, wasProbe: boolean, retryAfterMs: number | undefined): number {
    const nowMs = this.#options.monotonicMs();
    this.#pace.refused(pass.startedMs);
    this.#limited = true;
    // Requests that were under way when the gate closed were sent at the old rate: they are no reason for another cut.
    const stale = pass.startedMs <= this.#closedMs;
    const waitMs = this.#waitAfter(retryAfterMs, stale);
    this.#gateOpensMs = Math.max(this.#gateOpensMs, nowMs + waitMs);
    this.#pace.restartAt(this.#gateOpensMs);
    if (!stale) this.#closedMs = nowMs;
    // What was sent to find out whether the wait is over only says that it is not.
    if (!stale && !wasProbe && !this.#pace.halveBurst(nowMs, this.#search.rate)) {
      const accepted = this.#pace.accepted(nowMs);
      this.#change(() => this.#search.refused({ nowMs, accepted, waitMs }));
    }
    return this.#gateOpensMs - nowMs;
  }

  #waitAfter(retryAfterMs: number | undefined, stale: boolean): number {
    const doubled = 2 ** this.#strikes;
    if (!stale) this.#strikes += 1;
    const least = Math.min(LONGEST_LEAST_WAIT_MS, SHORTEST_WAIT_MS * doubled);
    if (retryAfterMs !== undefined) return Math.max(least, retryAfterMs);
    return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * doubled) * (0.5 + this.#options.random() / 2);
  }

  /** Remembers what is no mere trial: a tenth more, or anything less. */
  #change(effect: () => void): void {
    const before = this.#search.rate;
    effect();
    const { rate } = this.#search;
    if (rate === before) return;
    this.#pace.raised(rate - before);
    if (rate > before && rate < this.#remembered * 1.1) return;
    this.#remembered = rate;
    this.#options.remember(this.perMinute());
  }
}

// 49 is kept as 48.999… where it comes from 50 × 0.98.
const wholeRate = (rate: number) => Math.floor(rate + 1e-6);
