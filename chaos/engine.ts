// The engine in this process, on whatever store it is given.

import { connectors } from "../src/connectors/index.ts";
import { Engine } from "../src/engine/engine.ts";
import { createOutbound } from "../src/http/outbound.ts";
import type { Collector, CollectorPlan } from "../src/model/collector.ts";
import type { Store } from "../src/model/store.ts";
import { systemMonotonicMs, systemRandom, systemSleep } from "../src/runtime/clock.ts";
import { letOthersIn } from "../src/runtime/threads.ts";
import type { Sandbox } from "../src/sandbox/sandbox.ts";
import { aPlan } from "../src/testing/a-collector.ts";
import { quietLog } from "../src/testing/quiet-log.ts";

/** The engine's clock runs so many times faster than the one on the wall, so that waits for a retry are short. */
const SPEED = 100;

export interface RunningEngine {
  readonly engine: Engine;
  /** Ends it; resolves with what was a fault of ours. */
  stop(): Promise<readonly string[]>;
}

/** An engine that ends when it has caught up. Its clock begins with the sandbox's. */
export function engineOn(store: Store, sandbox: Pick<Sandbox, "now">): RunningEngine {
  const now = () => new Date(sandbox.now() + performance.now() * (SPEED - 1));
  const sleep: typeof systemSleep = (ms, signal) => systemSleep(ms / SPEED, signal);
  const seams = { now, monotonicMs: systemMonotonicMs, sleep: systemSleep, random: systemRandom, letOthersIn };
  const outbound = createOutbound({ ...seams, version: "chaos" });
  const bugs: string[] = [];
  const onBug = (error: unknown) => bugs.push(`the engine broke: ${String(error)}`);
  const parts = { ...seams, sleep, store, connectors, outbound, log: quietLog(), untilCaughtUp: true, onBug };
  const engine = new Engine(parts);
  const stop = async () => {
    await engine.stop(5_000 * SPEED);
    await outbound.close();
    return bugs;
  };
  return { engine, stop };
}

/** A collector on the sandbox. */
export function planFor(
  sandbox: Pick<Sandbox, "key" | "workspaceId" | "baseUrl">,
  change: Partial<Collector>,
): CollectorPlan {
  const given = { token: sandbox.key, workspace_id: sandbox.workspaceId, base_url: sandbox.baseUrl };
  const fast = { requestsPerMinute: 60_000, id: "col_chaos", name: "chaos" };
  return aPlan(connectors[0]!, given, { ...fast, ...change });
}
