import type { HealthReport } from "../model/health.ts";

/** The report of a data source that is fine. */
export const aReport = (change: Partial<HealthReport> = {}): HealthReport => ({
  health: "running",
  cause: "collecting",
  reason: "The newest event is 5 min old",
  summary: "The newest event is 5 min old",
  action: undefined,
  fault: "none",
  evidence: [],
  support: undefined,
  forecast: undefined,
  headroom: undefined,
  ...change,
});
