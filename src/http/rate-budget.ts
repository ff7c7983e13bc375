// How fast one key may ask one route. Two limits hold together: in any 60 seconds no more requests begin than the allowance,
// and no more than ten seconds' worth begin at once.
//
// The allowance is found out: it begins at 45 a minute, doubles with every ten successes that had to wait (as TCP's slow
// start), is cut at the first 429 to a little below what was really sent, and from then on grows by 2 % for each whole
// allowance used. A budget that nobody strains does not grow. A 429 closes the gate for all; when it opens, one request goes
// ahead, and only its success lets the others follow.
import type { Lane } from "../model/connector.ts";
import type { Seams } from "./seams.ts";

const MINUTE_MS = 60_000;
/** What every published limit of the upstreams known so far allows. */
export const STARTING_RATE = 45;
/** A rate above this is as good as none. */
const HIGHEST_RATE = 60_000;
const LOWEST_RATE = 5;
const DOUBLE_AFTER = 10;
const GROWTH = 0.02;
const CUT = 0.8;
/** Share of the allowance that may begin at once. */
const BURST = 1 / 6;
/** Waits where a 429 names none: 15 s, doubled each time, 5 minutes at most. */
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 300_000;
const SHORTEST_WAIT_MS = 1_000;

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
  /** When the requests of the last minute began, oldest first. */
  #begun: number[] = [];
  #rate: number;
  #searching: boolean;
  #successes = 0;
  #remembered: number;
  #tokens: number | undefined;
  #refilledMs = 0;
  #gateOpensMs = Number.NEGATIVE_INFINITY;
  #limited = false;
  #probe: Pass | undefined;
  #strikes = 0;
  #cutMs = Number.NEGATIVE_INFINITY;
  #timer: AbortController | undefined;

  constructor(options: RateBudgetOptions) {
    this.#options = options;
    this.#searching = options.remembered === undefined;
    this.#rate = clamp(options.remembered ?? STARTING_RATE);
    this.#remembered = this.#rate;
  }

  /** Requests a minute that are allowed now. */
  perMinute(): number {
    return Math.floor(this.#rate);
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
      // Whoever knows a ceiling need not search for the limit below it.
      if (this.#searching && this.#begun.length === 0) this.#rate = Math.max(this.#rate, clamp(request.ceiling ?? 0));
      this.#serve();
    });
  }

  #serve(): void {
    this.#timer?.abort();
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
    const allowance = Math.max(1, Math.floor(Math.min(this.#rate, ceiling ?? this.#rate)));
    this.#forget(now);
    this.#refill(now, allowance);
    const surplus = this.#begun.length - allowance;
    const windowMs = surplus < 0 ? 0 : this.#begun[surplus]! + MINUTE_MS - now;
    const missing = 1 - this.#tokens!;
    const burstMs = missing < 1e-6 ? 0 : (missing * MINUTE_MS) / allowance;
    return Math.max(this.#gateOpensMs - now, windowMs, burstMs);
  }

  #grant(waiter: Waiter): Grant {
    const now = this.#options.monotonicMs();
    this.#begun.push(now);
    this.#tokens! -= 1;
    const pass: Pass = { startedMs: now, waited: waiter.waited, ceiling: waiter.ceiling };
    if (this.#limited) this.#probe = pass;
    return {
      succeeded: () => this.#settle(pass, () => this.#onSuccess(pass)),
      limited: (retryAfterMs) => this.#settle(pass, () => this.#onLimited(pass, retryAfterMs)),
      failed: () => this.#settle(pass, () => undefined),
    };
  }

  #settle<T>(pass: Pass, effect: () => T): T {
    const wasProbe = this.#probe === pass;
    if (wasProbe) this.#probe = undefined;
    const result = effect();
    this.#serve();
    return result;
  }

  #onSuccess(pass: Pass): void {
    // An answer to a request from before the gate closed says nothing of what is allowed now.
    if (this.#limited && pass.startedMs < this.#gateOpensMs) return;
    this.#limited = false;
    this.#strikes = 0;
    const strained = pass.waited || this.#next() !== undefined;
    const heldByCeiling = pass.ceiling !== undefined && this.#rate >= pass.ceiling;
    if (!strained || heldByCeiling) return;
    this.#successes += 1;
    if (this.#successes < (this.#searching ? DOUBLE_AFTER : this.#rate)) return;
    this.#successes = 0;
    this.#change(this.#searching ? this.#rate * 2 : this.#rate + Math.max(1, this.#rate * GROWTH));
  }

  #onLimited(pass: Pass, retryAfterMs: number | undefined): number {
    const now = this.#options.monotonicMs();
    this.#limited = true;
    const waitMs = retryAfterMs === undefined ? this.#guessedWaitMs() : Math.max(SHORTEST_WAIT_MS, retryAfterMs);
    this.#gateOpensMs = Math.max(this.#gateOpensMs, now + waitMs);
    // Requests that were under way at the last cut were sent at the old rate: they are no reason for another one.
    if (pass.startedMs > this.#cutMs) this.#cut(now);
    return this.#gateOpensMs - now;
  }

  #guessedWaitMs(): number {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#strikes);
    this.#strikes += 1;
    return longest * (0.5 + this.#options.random() / 2);
  }

  #cut(now: number): void {
    this.#forget(now);
    this.#searching = false;
    this.#successes = 0;
    this.#cutMs = now;
    // While searching the rate runs far ahead; what was really sent is the better measure.
    this.#change(CUT * Math.min(this.#rate, Math.max(this.#begun.length, STARTING_RATE)));
  }

  #change(rate: number): void {
    const before = this.#rate;
    this.#rate = clamp(rate);
    if (this.#rate > before && this.#tokens !== undefined) this.#tokens += (this.#rate - before) * BURST;
    const notable = Math.abs(this.#rate - this.#remembered) >= this.#remembered / 10;
    if (!notable && this.#rate > before) return;
    this.#remembered = this.#rate;
    this.#options.remember(this.perMinute());
  }

  #forget(now: number): void {
    const kept = this.#begun.findIndex((begun) => begun > now - MINUTE_MS);
    if (kept > 0) this.#begun.splice(0, kept);
    else if (kept === -1) this.#begun = [];
  }

  #refill(now: number, allowance: number): void {
    const most = Math.max(1, allowance * BURST);
    const grown = (this.#tokens ?? most) + ((now - this.#refilledMs) * allowance) / MINUTE_MS;
    this.#tokens = Math.min(most, grown);
    this.#refilledMs = now;
  }
}

const clamp = (rate: number) => Math.min(HIGHEST_RATE, Math.max(LOWEST_RATE, rate));
