import type { CheckStep } from "../model/check.ts";
import type { CollectorPlan } from "../model/collector.ts";
import type { ConnectionTester, EngineActivity, EngineControl } from "../model/engine.ts";

/** An engine that only notes what it is asked. */
export function fakeEngine() {
  const asked = {
    plans: [] as readonly CollectorPlan[],
    applied: 0,
    scans: [] as string[],
    activity: [] as EngineActivity[],
    diskPaused: false,
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
