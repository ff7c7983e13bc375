// The named moments at which a process can be stopped, and in which of its threads each one lies.

/** Points of a process that collects. */
export const collectingPoints = {
  "listing-before": "store-thread",
  "listing-recorded": "store-thread",
  "download-before": "engine-thread",
  "download-after": "engine-thread",
  verified: "engine-thread",
  "commit-before": "store-thread",
  "commit-begun": "store-thread",
  "commit-between-inserts": "store-thread",
  "commit-inserted": "store-thread",
  "commit-committed": "store-thread",
  "failure-noted": "store-thread",
  "scan-end-before": "store-thread",
  "scan-end-written": "store-thread",
  "scan-end-committed": "store-thread",
  "claim-moved": "store-thread",
  "index-batch": "index-thread",
  "index-before-commit": "index-thread",
  "index-committed": "index-thread",
} as const;

/** Points of a process whose collector has expired events to remove. */
export const retentionPoints = {
  "retention-removed": "store-thread",
  "retention-committed": "store-thread",
  "index-removal": "index-thread",
} as const;

/** Points of a start that upgrades the database. */
export const migrationPoints = {
  "migration-copying": "store-thread",
  "migration-copied": "store-thread",
  "migration-written": "store-thread",
} as const;

/** Points of `cistern backup`. */
export const backupPoints = {
  "backup-copying": "",
  "backup-copied": "",
  "backup-packing": "main",
  "backup-before-rename": "main",
} as const;

export const allPoints = { ...collectingPoints, ...retentionPoints, ...migrationPoints, ...backupPoints };

export type PointName = keyof typeof allPoints;

/** What the stopped process leaves in its report: the point, so that a kill from outside is not taken for one. */
export const pointVariables = {
  point: "CHAOS_POINT",
  /** At which passing of the point, from 1. */
  passing: "CHAOS_PASSING",
  signal: "CHAOS_SIGNAL",
  report: "CHAOS_REPORT",
  /** Set: the data folder's lock is not taken, so that a second process can take over from a frozen one. */
  noLock: "CHAOS_NO_LOCK",
} as const;
