import { afterEach, beforeEach, expect, test } from "vitest";
import { openControl } from "../control/open-control.ts";
import type { DeliveryState } from "../model/delivery.ts";
import type { DeliveryActivity } from "../model/delivery-plan.ts";
import type { NewDestination } from "../model/destinations.ts";
import { serverPolicy } from "../security/server-policy.ts";
import { apiUnderTest } from "../testing/fake-api.ts";
import { createApi } from "./app.ts";

let api: ReturnType<typeof apiUnderTest>;
beforeEach(() => {
  api = apiUnderTest({ createApi, openControl, serverPolicy });
});
afterEach(() => api.close());

const named = (name: string, paused: boolean): NewDestination => ({
  name,
  kind: "fake-hook",
  settings: { url: "https://soc.example" },
  format: "raw",
  filter: undefined,
  masking: undefined,
  collectorIds: undefined,
  from: "start",
  maxBatchEvents: undefined,
  maxBatchBytes: undefined,
  maxAgeMs: undefined,
  paused,
  managedBy: "console",
});

const aState = (destinationId: string, over: Partial<DeliveryState>): DeliveryState => ({
  id: 1,
  destinationId,
  collectorId: "col_1",
  replay: undefined,
  start: 0,
  cut: 10,
  position: 5,
  end: undefined,
  dataSource: undefined,
  fromUs: undefined,
  toUs: undefined,
  behind: 7,
  inBatches: 5,
  oldestAt: "2026-07-15T12:00:00.000Z",
  openBatches: 1,
  error: undefined,
  delivered: 100,
  filtered: 3,
  withdrawn: 0,
  ...over,
});

const halted: DeliveryActivity = {
  destinationId: "",
  phase: "halted",
  problem: undefined,
  circuit: "open",
  nextAttemptAt: undefined,
  eventsPerSecond: 0,
  bytesPerSecond: 0,
  latencyP95Ms: undefined,
  answers: [],
};

test("each destination has its metrics, the sums of its collectors, replays apart", async () => {
  const { id } = api.destinations.createDestination(named("soc", false), {});
  api.destinations.createDestination(named("lake", true), {});
  api.delivered.activity = [{ ...halted, destinationId: id }];
  api.delivered.states = [
    aState(id, {}),
    aState(id, { id: 2, collectorId: "col_2", oldestAt: "2026-07-15T11:59:30.000Z", delivered: 11 }),
    aState(id, { id: 3, replay: 1, delivered: 1_000 }),
  ];

  api.delivered.waiting = new Map([[id, 4]]);

  const text = await (await api.sendTo("GET", "/metrics", { as: "viewer" })).text();

  for (const line of [
    'pending_events{destination="soc",kind="fake-hook"} 24',
    'oldest_pending_seconds{destination="soc",kind="fake-hook"} 60',
    'delivered_events_total{destination="soc",kind="fake-hook"} 111',
    'dead_letters{destination="soc",kind="fake-hook"} 4',
    'phase{destination="soc",kind="fake-hook",phase="halted"} 1',
    'phase{destination="soc",kind="fake-hook",phase="idle"} 0',
    'pending_events{destination="lake",kind="fake-hook"} 0',
    'oldest_pending_seconds{destination="lake",kind="fake-hook"} 0',
    'phase{destination="lake",kind="fake-hook",phase="paused"} 1',
  ])
    expect(text).toContain(`cistern_delivery_${line}\n`);
});
