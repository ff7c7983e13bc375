// When the next request may begin: no more than the allowance within any minute, and no more than a burst at once.
const MINUTE_MS = 60_000;
/** Share of the allowance that may begin at once, until upstream refuses a burst. */
const BURST = 1 / 6;
const SMALLEST_BURST = 1;
/** What began within this time beyond what the rate gives is a burst. */
const BURST_MS = 5_000;

/** Time is given with each call and must not go back. */
export class RatePace {
  /** When the requests of the last minute began, oldest first. */
  #begun: number[] = [];
  /** Those of them that were refused. */
  #refused: number[] = [];
  #tokens: number | undefined;
  #refilledMs = 0;
  #burst = Number.POSITIVE_INFINITY;

  get unused(): boolean {
    return this.#begun.length === 0;
  }

  /** How long the next request has to wait; 0 or less: not at all. */
  waitMs(now: number, allowance: number): number {
    this.#begun = withinMinute(this.#begun, now);
    this.#refill(now, allowance);
    const surplus = this.#begun.length - allowance;
    const windowMs = surplus < 0 ? 0 : this.#begun[surplus]! + MINUTE_MS - now;
    // Else what is saved up meanwhile would make up for the wait at once, faster than the allowance.
    if (windowMs > 0) this.#tokens = Math.min(1, this.#tokens!);
    const missing = 1 - this.#tokens!;
    const paceMs = missing < 1e-6 ? 0 : (missing * MINUTE_MS) / allowance;
    return Math.max(windowMs, paceMs, this.#refilledMs - now);
  }

  /** One begins. `waitMs` has been asked just before. */
  begin(now: number): void {
    this.#begun.push(now);
    this.#tokens! -= 1;
  }

  /** The request that began then was refused. */
  refused(startedMs: number): void {
    this.#refused.push(startedMs);
  }

  /** How many of the last minute were not refused. */
  accepted(now: number): number {
    this.#begun = withinMinute(this.#begun, now);
    this.#refused = withinMinute(this.#refused, now);
    return this.#begun.length - this.#refused.length;
  }

  /** More is allowed from now on: what that gives at once. */
  raised(by: number): void {
    if (this.#tokens !== undefined && by > 0) this.#tokens += by * BURST;
  }

  /** Nothing begins before that instant, and then evenly spaced instead of all at once. */
  restartAt(ms: number): void {
    this.#tokens = 1;
    this.#refilledMs = ms;
  }

  /** Whether it was a burst that was refused, and not the minute: then it is halved from now on. */
  halveBurst(now: number, rate: number): boolean {
    const lately = this.#begun.filter((begun) => begun > now - BURST_MS).length;
    if (this.accepted(now) > rate / 2 || lately <= (rate * BURST_MS) / MINUTE_MS + 2) return false;
    if (this.#burst <= SMALLEST_BURST) return false;
    this.#burst = Math.max(SMALLEST_BURST, Math.min(this.#burst, rate * BURST) / 2);
    return true;
  }

  #refill(now: number, allowance: number): void {
    if (now < this.#refilledMs) return;
    const most = Math.max(1, Math.min(this.#burst, allowance * BURST));
    const grown = (this.#tokens ?? most) + ((now - this.#refilledMs) * allowance) / MINUTE_MS;
    this.#tokens = Math.min(most, grown);
    this.#refilledMs = now;
  }
}

function withinMinute(times: number[], now: number): number[] {
  const kept = times.findIndex((at) => at > now - MINUTE_MS);
  if (kept > 0) times.splice(0, kept);
  return kept === -1 ? [] : times;
}
