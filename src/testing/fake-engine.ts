import type { CheckStep } from "../model/check.ts";
import type { CollectorPlan } from "../model/collector.ts";
import type { ConnectionTester, EngineActivity, EngineControl } from "../model/engine.ts";
import type { RewindForecast } from "../model/rewind.ts";

const none = { files: 0, bytes: 0 };
const noForecast: RewindForecast = {
  key: { collectorId: "", dataSource: "" },
  to: "",
  cursor: "2026-07-15T00:00:00Z",
  listed: none,
  oldestListed: undefined,
  toFetch: none,
  waiting: none,
  here: none,
  gone: none,
  hereIds: [],
  after: undefined,
  requests: 1,
};

/** An engine that only notes what it is asked. */
export function fakeEngine() {
  const asked = {
    plans: [] as readonly CollectorPlan[],
    applied: 0,
    scans: [] as string[],
    activity: [] as EngineActivity[],
    diskPaused: false,
    forecasts: [] as string[],
    forecast: noForecast as RewindForecast | Error,
  };
  const engine: EngineControl = {
    async apply(plans) {
      asked.plans = plans;
      asked.applied += 1;
    },
    activity: async () => asked.activity,
    async scanNow(collectorId) {
      asked.scans.push(collectorId);
    },
    async forecastRewind(plan, dataSource, to) {
      asked.forecasts.push(`${plan.collector.id} ${dataSource} ${to}`);
      if (asked.forecast instanceof Error) throw asked.forecast;
      return { ...asked.forecast, key: { collectorId: plan.collector.id, dataSource }, to };
    },
    diskPaused: async () => asked.diskPaused,
    stop: async () => {},
  };
  return { asked, engine };
}

/** A connection test that tells the steps given, and remembers the settings it was asked with. */
export function fakeTester() {
  const asked = {
    settings: [] as unknown[],
    steps: [{ id: "key", title: "Key", state: "ok" }] as CheckStep[],
    failure: undefined as Error | undefined,
  };
  const tester: ConnectionTester = {
    async *test(_connector, settings) {
      asked.settings.push(settings);
      for (const step of asked.steps) yield step;
      if (asked.failure) throw asked.failure;
    },
  };
  return { asked, tester };
}
