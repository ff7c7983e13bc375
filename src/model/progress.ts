import type { HealthCause, HealthReport } from "./health.ts";

/** Causes with which nothing is collected, although something could be or should be. */
const standing: ReadonlySet<HealthCause> = new Set([
  "settings_missing",
  "key_refused",
  "scope_missing",
  "configuration",
  "disk_full",
  "own_fault",
  "network_ours",
  "network_theirs",
  "upstream_failing",
  "upstream_answers_wrong",
  "throttled",
  "stalled_upstream",
]);

/**
 * Whether a data source makes no progress. One that is paused, quiet, catching up or has only just failed once is not stuck; nor is
 * one where something is lost for good, which is told and holds up nothing.
 */
export const isStuck = ({ cause, health }: HealthReport): boolean => health !== "running" && standing.has(cause);
