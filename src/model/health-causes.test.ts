import { expect, test } from "vitest";
import { aCollector } from "../testing/a-collector.ts";
import { aState } from "../testing/fake-reader.ts";
import type { EngineActivity } from "./engine.ts";
import type { HealthCause } from "./health.ts";
import { type HealthInput, healthOf, worstOf } from "./health-of.ts";
import type { DataSourceState, RecordedError } from "./store.ts";

const now = new Date("2026-07-15T12:00:00Z");
const key = { collectorId: "col_1", dataSource: "conversations" };
const collector = aCollector({
  settings: { workspace_id: "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa", base_url: "https://api.example/v1" },
  dataSources: ["conversations", "audit-log"],
});
const anError = (over: Partial<RecordedError> = {}): RecordedError => ({
  code: "unavailable",
  reason: "connect_timeout",
  message: "api.example did not accept the connection (someone@example.org said so)",
  action: "Look at the network",
  since: "2026-07-15T11:00:00Z",
  at: "2026-07-15T11:59:00Z",
  count: 9,
  ...over,
});
const activity = (over: Partial<EngineActivity> = {}): EngineActivity => ({
  key,
  phase: "waiting",
  nextScanAt: "2026-07-15T12:00:30Z",
  filesInWork: 0,
  requestsPerMinute: { "workspace.logs.list": 90, "workspace.logs.open": 45 },
  ...over,
});
const health = (state: Partial<DataSourceState>, over: Partial<HealthInput> = {}) =>
  healthOf({ state: aState(key, state), collector, now, diskPaused: false, vendor: "OpenAI", ...over });
const peer = (over: Partial<DataSourceState> = {}) => aState({ collectorId: "col_1", dataSource: "audit-log" }, over);
const told = (time: string) => ({ upstreamNewest: { time, askedAt: "2026-07-15T11:58:00Z" } });

const counts = aState(key).counts;

test.each<readonly [HealthCause, string, Partial<DataSourceState>, Partial<HealthInput>]>([
  ["collecting", "none", {}, {}],
  ["quiet", "none", { newestEvent: "2026-07-15T08:00:00Z" }, {}],
  ["nothing_yet", "none", { newestEvent: undefined }, {}],
  ["starting", "none", { scans: {} }, {}],
  ["catching_up", "none", { counts: { ...counts, filesPending: 4 } }, {}],
  ["stalled_upstream", "upstream", { newestEvent: "2026-07-15T09:00:00Z", ...told("2026-07-15T10:59:00Z") }, {}],
  ["key_refused", "key", { error: anError({ code: "auth_failed", reason: "key_refused", status: 401 }) }, {}],
  ["scope_missing", "key", { error: anError({ code: "auth_failed", reason: "scope_missing", status: 403 }) }, {}],
  ["configuration", "configuration", { error: anError({ code: "config_invalid", reason: "foreign_principal" }) }, {}],
  ["upstream_answers_wrong", "upstream", { error: anError({ code: "protocol", reason: "list_stuck" }) }, {}],
  ["network_ours", "network", { error: anError({ code: "protocol", reason: "html_answer" }) }, {}],
  ["network_ours", "network", { error: anError({ code: "protocol", reason: "wrong_base_url" }) }, {}],
  ["network_ours", "network", { error: anError({ reason: "dns_failed" }) }, {}],
  ["network_ours", "network", { error: anError() }, {}],
  ["network_theirs", "upstream", { error: anError({ reason: "connection_refused" }) }, {}],
  ["network_theirs", "upstream", { error: anError() }, { peers: [peer({ lastSuccessAt: "2026-07-15T11:30:00Z" })] }],
  ["network_ours", "network", { error: anError() }, { peers: [peer({ lastSuccessAt: "2026-07-15T10:30:00Z" })] }],
  ["network_theirs", "upstream", { error: anError() }, { others: [peer({ lastSuccessAt: "2026-07-15T11:30:00Z" })] }],
  ["upstream_failing", "upstream", { error: anError({ reason: undefined, status: 503 }) }, {}],
  ["throttled", "upstream", { error: anError({ code: "rate_limited", status: 429 }) }, {}],
  ["call_failed", "network", { error: anError({ since: "2026-07-15T11:59:30Z" }) }, {}],
  ["gap", "upstream", { counts: { ...counts, unacknowledgedGaps: 1 } }, {}],
  ["set_aside", "upstream", { counts: { ...counts, unacknowledgedQuarantined: 1 } }, {}],
  ["disk_full", "disk", {}, { diskPaused: true }],
  ["disk_full", "disk", { error: anError({ code: "storage" }) }, {}],
])("%s lies with %s", (cause, fault, state, over) => {
  expect(health(state, over)).toMatchObject({ cause, fault });
});

test.each<readonly [string, Partial<HealthInput>]>([
  ["an engine that does not answer", { engineSilentSince: new Date("2026-07-15T11:58:00Z") }],
  [
    "work of ours that does not move",
    { activity: activity({ work: { what: "looking for files", movedAt: "2026-07-15T11:58:00Z", outside: false } }) },
  ],
  ["a look that is due and does not begin", { activity: activity({ nextScanAt: "2026-07-15T11:58:00Z" }) }],
  ["a data source that the engine does not run", { engineSince: new Date("2026-07-15T11:00:00Z") }],
])("%s is Cistern's own fault, and said within two minutes", (_, over) => {
  expect(health({}, over)).toMatchObject({ health: "degraded", cause: "own_fault", fault: "us" });
});

test.each<readonly [string, Partial<HealthInput>]>([
  ["an engine that was asked a moment ago", { engineSilentSince: new Date("2026-07-15T11:59:30Z") }],
  [
    "a wait for upstream",
    { activity: activity({ work: { what: "a file", movedAt: "2026-07-15T11:30:00Z", outside: true } }) },
  ],
  ["a start", { engineSince: new Date("2026-07-15T11:59:30Z") }],
  ["work under way", { activity: activity({ nextScanAt: undefined, phase: "scanning" }) }],
])("%s is nobody's fault", (_, over) => {
  expect(health({}, over).cause).toBe("collecting");
});

test("upstream that goes on telling newer events is stalled from the first that no file has brought", () => {
  const state = { newestEvent: "2026-07-15T09:00:00Z", ...told("2026-07-15T11:57:00Z") };

  expect(health(state).cause).toBe("quiet");
  expect(health(state, { activity: activity({ missingSince: "2026-07-15T10:30:00Z" }) })).toMatchObject({
    cause: "stalled_upstream",
    reason: expect.stringContaining("2026-07-15 10:30:00 UTC"),
  });
});

test("a stall asks for OpenAI's support, with a message that holds ids and times and nothing else", () => {
  const error = anError({ since: "2026-07-15T11:59:30Z", reason: "answer_timeout" });
  const stalled = health(
    { ...told("2026-07-15T10:00:00Z"), newestEvent: "2026-07-15T09:00:00.123456Z" },
    { upstreamType: "CONVERSATION_MESSAGE", peers: [peer()] },
  );
  const failing = health({ error: { ...error, since: "2026-07-15T11:00:00Z", status: 503, reason: undefined } });

  expect(stalled.action).toContain("Contact OpenAI support");
  expect(stalled.support).toContain("Workspace ID: 9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa");
  expect(stalled.support).toContain("Event type: CONVERSATION_MESSAGE");
  expect(stalled.support).toContain("Newest event received: 2026-07-15 09:00:00 UTC");
  expect(stalled.support).toContain("Newest event that the API reports: 2026-07-15 10:00:00 UTC");
  expect(failing.support).toContain("First failing request: 2026-07-15 11:00:00 UTC (503, unavailable)");
  expect(failing.support).not.toContain("someone@example.org");
  expect(failing.support).not.toContain("@");
});

test("each state carries its facts with times in UTC", () => {
  const { evidence } = health({ error: anError() }, { peers: [peer(), peer({ error: anError() })] });
  const facts = Object.fromEntries(evidence.map(({ fact, value }) => [fact, value]));

  expect(facts).toMatchObject({
    "First failing call": "2026-07-15 11:00:00 UTC (connect_timeout)",
    "Latest failing call": "2026-07-15 11:59:00 UTC, 9 in all",
    "Last call that went well": "2026-07-15 12:00:00 UTC",
    "Other data sources of this collector": "1 of 2 without a fault",
  });
});

test("a backlog is given a time by what came in lately, and else by the requests that are allowed", () => {
  const state = { counts: { ...counts, filesPending: 90, filesPendingBytes: 9_000_000 } };
  const peers = [peer({ counts: { ...counts, filesPending: 45 } })];

  expect(health(state, { recentBytes: 900_000, activity: activity(), peers }).forecast).toEqual({
    seconds: 9_000,
    at: "2026-07-15T14:30:00.000Z",
    by: "measured",
  });
  expect(health(state, { activity: activity(), peers }).forecast).toMatchObject({ seconds: 180, by: "allowance" });
  expect(health(state).forecast).toBeUndefined();
});

test.each([
  ["ok", "2026-07-10T12:00:00Z"],
  ["warning", "2026-06-28T12:00:00Z"],
  ["critical", "2026-06-18T12:00:00Z"],
] as const)("headroom is %s where the oldest file ended %s", (level, oldestPending) => {
  const { headroom } = health({ oldestPending, counts: { ...counts, filesPending: 1 } });

  expect(headroom?.level).toBe(level);
});

test("a first collection that will be done in time is no cause for alarm, though its oldest files end soon", () => {
  const state = {
    oldestPending: "2026-06-15T13:00:00Z",
    counts: { ...counts, filesPending: 4_000, filesPendingBytes: 4e9 },
  };

  expect(health(state, { recentBytes: 1e8 }).headroom).toMatchObject({ seconds: 3_600, level: "ok" });
  expect(health(state, { recentBytes: 1e6 }).headroom?.level).toBe("critical");
});

test("a collector that stands still counts down from its last look, paused or not", () => {
  const state = { scannedTo: "2026-06-18T12:00:00Z" };
  const pausedOne = { collector: { ...collector, paused: true } };

  expect(health(state, pausedOne)).toMatchObject({ health: "paused", headroom: { level: "critical" } });
});

test("the collector speaks with its gravest data source and its shortest headroom", () => {
  const failed = health({ error: anError({ code: "auth_failed" }) });
  const late = health({ scannedTo: "2026-06-18T12:00:00Z" });

  expect(worstOf([late, failed])).toMatchObject({ health: "failed", headroom: { level: "critical" } });
});
