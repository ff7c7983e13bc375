export const healthStates = [
  "starting",
  "running",
  "catching_up",
  "idle",
  "degraded",
  "stalled_upstream",
  "failed",
  "paused",
] as const;

export type Health = (typeof healthStates)[number];

/** A state with the one sentence that says why, and the one action, where something can be done. */
export interface HealthReport {
  readonly health: Health;
  readonly reason: string;
  readonly action: string | undefined;
  /** Who has to act, or is at fault: shown beside the state. */
  readonly fault: "none" | "us" | "network" | "upstream" | "key" | "configuration" | "disk";
}
