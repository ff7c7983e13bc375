// How many requests a minute upstream lets through, found out from its answers alone.
//
// It begins at 45 and doubles with every ten successes that had to wait (as TCP's slow start), up to the first 429. From then on
// it holds a little less than what was let through in the minute before, and now and then tries for more: 2 %, and after each
// trial that goes well three times the step, so that a limit that was raised is soon found. A trial that fails is followed by
// a longer wait before the next one, in proportion to what it cost. Refusals in quick succession cut deeper each time: then
// the limit itself has sunk.

const MINUTE_MS = 60_000;
/** What every published limit of the upstreams known so far allows. */
export const STARTING_RATE = 45;
/** A rate above this is as good as none. */
const HIGHEST_RATE = 60_000;
const LOWEST_RATE = 5;
const DOUBLE_AFTER = 10;
/** Share of the rate, in whole requests and at least one, that stays between us and what was let through. */
const MARGIN = 0.02;
const DEEPEST_CUT = 0.3;
/** So often in succession may the rate that was held be refused after a trial before it counts as too high. */
const PATIENCE = 3;
/** Where less than this share of it was let through, it does at once. */
const SUNK = 0.9;
const FIRST_STEP = 0.02;
const STEP_GROWTH = 3;
/** A trial has gone well after this many minutes' worth of requests. */
const TRIAL_MINUTES = 1.25;
const SHORTEST_HOLD_MS = 60_000;
const LONGEST_HOLD_MS = 300_000;
/** A trial that cost a wait is followed by at least so many times that wait without one, up to an hour. */
const HOLD_PER_WAIT = 50;
const LONGEST_COSTLY_HOLD_MS = 3_600_000;
/** Larger steps overshoot, and what they cost says nothing of the next small one. */
const SMALL_STEP = 0.1;

/** A refusal, as far as it tells of the rate. */
export interface Refusal {
  readonly nowMs: number;
  /** Requests of the last minute that were not refused. */
  readonly accepted: number;
  /** How long nothing may be sent now. */
  readonly waitMs: number;
}

/** The rate of one budget. Time is given with each call and must not go back. */
export class RateSearch {
  #rate: number;
  #searching: boolean;
  #successes = 0;
  #trial = false;
  #step = FIRST_STEP;
  /** The rate that was held before the last trial; undefined once that proved too high. */
  #held: number | undefined;
  #refusedAtHeld = 0;
  #holdMs = SHORTEST_HOLD_MS;
  #heldSinceMs: number | undefined;
  #cutMs = Number.NEGATIVE_INFINITY;
  #quickCuts = 0;

  /** Without a remembered rate it begins by searching. */
  constructor(remembered: number | undefined) {
    this.#searching = remembered === undefined;
    this.#rate = clamp(remembered ?? STARTING_RATE);
  }

  /** Requests a minute that are allowed now; not a whole number. */
  get rate(): number {
    return this.#rate;
  }

  /** Whoever knows a ceiling need not search for the limit below it. Only before the first request. */
  beginAt(perMinute: number): void {
    if (this.#searching) this.#rate = Math.max(this.#rate, clamp(perMinute));
  }

  /** A success of a request that others had to wait for: only then is it known that the rate is too low. */
  succeeded(nowMs: number): void {
    if (this.#searching) {
      if (this.#counted(DOUBLE_AFTER)) this.#raise(1);
    } else if (this.#trial) {
      if (!this.#counted(this.#rate * TRIAL_MINUTES)) return;
      this.#step = Math.min(1, this.#step * STEP_GROWTH);
      this.#raise(this.#step);
    } else {
      this.#heldSinceMs ??= nowMs;
      if (nowMs - this.#heldSinceMs < this.#holdMs) return;
      this.#trial = true;
      this.#held = this.#rate;
      this.#raise(this.#step);
    }
  }

  /** A request that went at the rate was refused. Not for one that was sent to find out whether a wait is over. */
  refused({ nowMs, accepted, waitMs }: Refusal): void {
    const quick = nowMs - this.#cutMs < MINUTE_MS;
    this.#holdMs = this.#nextHoldMs(accepted, waitMs);
    this.#rate = clamp(this.#searching ? below(Math.max(accepted, STARTING_RATE)) : this.#cutRate(quick, accepted));
    this.#cutMs = nowMs;
    this.#heldSinceMs = nowMs;
    this.#searching = false;
    this.#trial = false;
    this.#step = FIRST_STEP;
    this.#successes = 0;
  }

  #cutRate(quick: boolean, accepted: number): number {
    const known = below(accepted);
    const afterTrial = quick ? this.#backFromTrial(known) : undefined;
    if (afterTrial !== undefined) return afterTrial;
    if (!this.#trial) this.#held = undefined;
    this.#refusedAtHeld = 0;
    this.#quickCuts = quick ? this.#quickCuts + 1 : 0;
    const cut = Math.min(DEEPEST_CUT, MARGIN * 2 ** this.#quickCuts);
    // What was let through is the better measure, unless a wait has kept it low.
    return Math.max(this.#rate * (1 - DEEPEST_CUT), Math.min(this.#rate * (1 - cut), known));
  }

  /** The limit lies between what was held and what was tried: halve the way. Undefined where it must have sunk below that. */
  #backFromTrial(known: number): number | undefined {
    const held = this.#held;
    if (held === undefined || known < held * SUNK) return undefined;
    if (this.#rate > held * (1 + MARGIN)) return Math.max(held, Math.min((this.#rate + held) / 2, known));
    // The trial has used up what upstream had saved up for us; that passes.
    this.#refusedAtHeld += 1;
    return this.#refusedAtHeld <= PATIENCE ? this.#rate : undefined;
  }

  #nextHoldMs(accepted: number, waitMs: number): number {
    // Refused out of the blue, far below what was allowed: everything that was known is old.
    if (!this.#trial) return accepted < this.#rate * SUNK ? SHORTEST_HOLD_MS : this.#holdMs;
    const longer = Math.min(LONGEST_HOLD_MS, this.#holdMs * 2);
    const cost = this.#step < SMALL_STEP ? HOLD_PER_WAIT * waitMs : 0;
    return Math.max(longer, Math.min(LONGEST_COSTLY_HOLD_MS, cost));
  }

  #counted(wanted: number): boolean {
    this.#successes += 1;
    return this.#successes >= wanted;
  }

  #raise(share: number): void {
    this.#successes = 0;
    this.#rate = clamp(this.#rate + Math.max(1, this.#rate * share));
  }
}

const below = (perMinute: number) => perMinute - Math.max(1, Math.floor(perMinute * MARGIN));

const clamp = (rate: number) => Math.min(HIGHEST_RATE, Math.max(LOWEST_RATE, rate));
