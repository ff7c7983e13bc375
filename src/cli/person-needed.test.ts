import { describe, expect, test } from "vitest";
import type { CollectorPlan } from "../model/collector.ts";
import type { DataSourceState } from "../model/store.ts";
import { needsOf } from "./person-needed.ts";

const aPlan = (change: object = {}, settingsError?: CollectorPlan["settingsError"]) =>
  ({
    collector: {
      id: "col_1",
      name: "prod",
      dataSources: ["audit-log"],
      pausedDataSources: [],
      paused: false,
      ...change,
    },
    settingsError,
  }) as unknown as CollectorPlan;

const aState = (change: Partial<DataSourceState> = {}, counts: Partial<DataSourceState["counts"]> = {}) =>
  ({
    key: { collectorId: "col_1", dataSource: "audit-log" },
    scans: { poll: "2026-07-15T00:00:00Z" },
    error: undefined,
    counts: { unacknowledgedGaps: 0, unacknowledgedQuarantined: 0, ...counts },
    ...change,
  }) as DataSourceState;

const reasons = (plan: CollectorPlan, ...states: DataSourceState[]) =>
  needsOf([plan], states).map(({ reason }) => reason);

describe("a person is needed", () => {
  test("for a key that is refused, with what to do", () => {
    const error = {
      code: "auth_failed",
      message: "The key is refused",
      action: "Enter a new one",
    } as DataSourceState["error"];

    expect(needsOf([aPlan()], [aState({ error })])).toEqual([
      { collector: "prod", data_source: "audit-log", reason: "The key is refused", action: "Enter a new one" },
    ]);
  });

  test("for gaps and for what was set aside, until somebody acknowledges them", () => {
    const counts = { unacknowledgedGaps: 2, unacknowledgedQuarantined: 1 };

    expect(reasons(aPlan(), aState({}, counts))).toEqual([
      "2 gaps that upstream can no longer fill",
      "1 line or file set aside",
    ]);
  });

  test("where nothing has run, no scan has ended, or the settings cannot be had", () => {
    const settingsError = { reason: "secret_key_missing", message: "The key is missing", action: "Enter it" };

    expect(reasons(aPlan(), aState({}, { filesPending: 2 }))).toEqual(["2 files could not be fetched yet"]);
    expect(reasons(aPlan())).toEqual(["It has not run yet"]);
    expect(reasons(aPlan(), aState({ scans: {} }))).toEqual(["No scan has ended whole yet"]);
    expect(reasons(aPlan({}, settingsError), aState())).toEqual(["The key is missing"]);
  });
});

test("nobody is needed where all went well, or where it is paused", () => {
  expect(reasons(aPlan(), aState())).toEqual([]);
  expect(reasons(aPlan({ paused: true }))).toEqual([]);
  expect(reasons(aPlan({ pausedDataSources: ["audit-log"] }))).toEqual([]);
});
