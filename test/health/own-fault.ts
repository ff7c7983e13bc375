// Cistern's own fault: a data source whose look for files hangs past its budget, although nobody is waited for.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { factsOf } from "../../src/api/data-source-status.ts";
import { observe } from "../../src/api/observe.ts";
import { Engine } from "../../src/engine/engine.ts";
import { createOutbound } from "../../src/http/outbound.ts";
import type { Connector } from "../../src/model/connector.ts";
import type { HealthReport } from "../../src/model/health.ts";
import { answering } from "../../src/runtime/answering.ts";
import { systemMonotonicMs, systemNow, systemRandom, systemSleep } from "../../src/runtime/clock.ts";
import { letOthersIn } from "../../src/runtime/threads.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { aPlan } from "../../src/testing/a-collector.ts";
import { fakeConnector } from "../../src/testing/fake-connector.ts";
import { quietLog } from "../../src/testing/quiet-log.ts";
import { eventually } from "../served-product.ts";

/** A connector with a fault of the kind that nobody foresees: its list neither asks anything nor returns. */
const hanging: Connector = {
  ...fakeConnector,
  resolve(name) {
    const source = fakeConnector.resolve(name);
    return source && { ...source, list: () => new Promise<never>(() => {}) };
  },
};

/**
 * The real engine on the real store with that connector, until it is named; `speed` is how much faster its clock runs than the one on
 * the wall.
 */
export async function ownFault(speed = 1): Promise<{ readonly report: HealthReport; readonly seconds: number }> {
  const folder = mkdtempSync(join(tmpdir(), "cistern-own-fault-"));
  const startedMs = systemMonotonicMs();
  const startedAt = systemNow();
  const now = () => new Date(startedAt.getTime() + (systemMonotonicMs() - startedMs) * speed);
  const sleep: typeof systemSleep = (ms, signal) => systemSleep(ms / speed, signal);
  const store = await openSqliteStore(folder);
  const reader = openSqliteReader(folder);
  const outbound = createOutbound({
    now,
    monotonicMs: systemMonotonicMs,
    sleep,
    random: systemRandom,
    version: "test",
  });
  const bugs: unknown[] = [];
  const engine = new Engine({
    now,
    monotonicMs: systemMonotonicMs,
    sleep,
    random: systemRandom,
    letOthersIn,
    store,
    connectors: [hanging],
    outbound,
    log: quietLog(),
    untilCaughtUp: false,
    onBug: (error) => bugs.push(error),
  } as ConstructorParameters<typeof Engine>[0]);
  const settings = { token: "made-up-key", workspace: "w1", base_url: "http://127.0.0.1:9/v1" };
  const plan = aPlan(hanging, settings, { updatedAt: startedAt.toISOString(), createdAt: startedAt.toISOString() });
  try {
    await engine.apply([plan]);
    const observers = { reader, engine: answering(engine, { now, sleep }), startedAt, now };
    const look = async () => {
      const [fact] = factsOf(plan, await observe(observers), hanging);
      return fact?.report.cause === "own_fault" ? fact.report : undefined;
    };
    const report = await eventually("the fault of our own", look, 180_000);
    if (bugs.length > 0) throw bugs[0];
    return { report, seconds: (now().getTime() - startedAt.getTime()) / 1_000 };
  } finally {
    await engine.stop(100);
    await outbound.close();
    await reader.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
