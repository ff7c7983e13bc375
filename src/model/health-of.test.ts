import { expect, test } from "vitest";
import { collectorDefaults } from "./collector.ts";
import { healthOf, worstOf } from "./health-of.ts";
import type { DataSourceState, RecordedError } from "./store.ts";

const now = new Date("2026-07-15T12:00:00Z");
const counts = {
  events: 10,
  bytes: 10,
  duplicates: 0,
  conflicts: 0,
  quarantined: 0,
  unacknowledgedQuarantined: 0,
  filesDone: 90,
  filesPending: 0,
  filesPendingBytes: 0,
  unacknowledgedGaps: 0,
};
const aState = (over: Partial<DataSourceState> = {}): DataSourceState => ({
  key: { collectorId: "col_1", dataSource: "conversations" },
  cursor: "2026-07-15T11:50:00Z",
  scannedTo: "2026-07-15T11:59:00Z",
  completeThrough: undefined,
  claimMovedBack: 0,
  scans: { poll: "2026-07-15T11:59:00Z" },
  lastSuccessAt: undefined,
  error: undefined,
  upstreamNewest: undefined,
  newestEvent: "2026-07-15T11:45:00Z",
  lastIngestedAt: undefined,
  counts,
  oldestPending: undefined,
  ...over,
});
const collector = {
  ...collectorDefaults,
  id: "col_1",
  name: "c",
  connector: "x",
  settings: {},
  dataSources: ["conversations"],
  pausedDataSources: [] as string[],
  siteId: undefined,
  timezone: undefined,
  start: undefined,
  retentionDays: undefined,
  paused: false,
  managedBy: "console" as const,
  createdAt: "",
  updatedAt: "",
};
const anError = (over: Partial<RecordedError>): RecordedError => ({
  code: "unavailable",
  reason: undefined,
  message: "No answer from api.example",
  action: "Look at the network",
  since: "2026-07-15T11:00:00Z",
  at: "2026-07-15T11:59:00Z",
  count: 9,
  ...over,
});
const health = (state: Partial<DataSourceState>, over: object = {}) =>
  healthOf({ state: aState(state), collector, now, diskPaused: false, ...over });

test.each([
  ["running", {}],
  ["starting", { scans: {} }],
  ["catching_up", { counts: { ...counts, filesPending: 10 }, oldestPending: "2026-07-10T12:00:00Z" }],
  ["idle", { newestEvent: "2026-07-15T08:00:00Z" }],
  ["idle", { newestEvent: undefined }],
  [
    "stalled_upstream",
    { upstreamNewest: { time: "2026-07-15T10:30:00Z", askedAt: "" }, newestEvent: "2026-07-15T09:00:00Z" },
  ],
  ["failed", { error: anError({ code: "auth_failed" }) }],
  ["failed", { error: anError({ code: "config_invalid", reason: "foreign_principal" }) }],
  ["degraded", { error: anError({ code: "protocol" }) }],
  ["degraded", { error: anError({}) }],
  ["running", { error: anError({ since: "2026-07-15T11:59:30Z" }) }],
  ["running", { error: anError({ code: "rate_limited", since: "2026-07-15T11:50:00Z" }) }],
  ["degraded", { error: anError({ code: "rate_limited" }) }],
  ["degraded", { counts: { ...counts, unacknowledgedGaps: 1 } }],
  ["degraded", { counts: { ...counts, unacknowledgedQuarantined: 2 } }],
] as const)("is %s with %j", (expected, state) => {
  expect(health(state)).toMatchObject({ health: expected });
});

test("a call that has just failed is said, and never passed off as nothing new", () => {
  const error = anError({ since: "2026-07-15T11:59:30Z" });

  expect(health({ error, newestEvent: "2026-07-15T08:00:00Z" })).toMatchObject({
    health: "running",
    reason: expect.stringContaining("No answer from api.example"),
  });
  expect(health({ error, scans: {} })).toMatchObject({
    health: "starting",
    reason: expect.stringContaining("No answer from api.example"),
  });
});

test("a pause by a person outweighs everything else", () => {
  const paused = { collector: { ...collector, paused: true } };
  expect(health({ error: anError({ code: "auth_failed" }) }, paused).health).toBe("paused");
});

test("a secret that cannot be opened fails the collector and says what to do", () => {
  const settingsError = { reason: "secret_key_missing", message: "The key is missing", action: "Enter it" };
  expect(health({}, { settingsError })).toMatchObject({
    health: "failed",
    reason: "The key is missing",
    action: "Enter it",
  });
});

test("a full disk is said, whatever the data source was doing", () => {
  expect(health({}, { diskPaused: true })).toMatchObject({ health: "degraded", fault: "disk" });
});

test("the gravest data source speaks for the collector", () => {
  const reports = [health({}), health({ error: anError({ code: "auth_failed" }) }), health({ newestEvent: undefined })];
  expect(worstOf(reports).health).toBe("failed");
});
