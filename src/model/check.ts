/** One step of a connection test, told when it starts and again when it has ended. */
export interface CheckStep {
  /** Stable, such as `dns`, `tls`, `key`, `workspace`, `data-source:conversations`, `clock`. */
  readonly id: string;
  readonly title: string;
  readonly state: "running" | "ok" | "warning" | "failed" | "skipped";
  /** What was found, one sentence; never a secret. */
  readonly detail?: string | undefined;
  /** What to do about it, where the step failed or warns. */
  readonly remedy?: string | undefined;
  /** The stable reason of a failure, such as `scope_missing`. */
  readonly reason?: string | undefined;
  readonly durationMs?: number | undefined;
}
