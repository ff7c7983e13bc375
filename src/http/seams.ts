/** Waits; ends early, without an error, when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Time and dice as outbound HTTP needs them; built once, where the process is put together. */
export interface Seams {
  /** The wall clock, for what other machines print. */
  readonly now: () => Date;
  /** Milliseconds that only ever grow, for intervals and limits. */
  readonly monotonicMs: () => number;
  readonly sleep: Sleep;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}
