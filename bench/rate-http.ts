// Four collectors with one key collect a backlog from the sandbox, which enforces its limits, over real sockets. Every clock runs
// faster by the same factor, so that an hour of limits takes minutes.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connectors } from "../src/connectors/index.ts";
import { Engine } from "../src/engine/engine.ts";
import { createOutbound } from "../src/http/outbound.ts";
import type { CollectorPlan } from "../src/model/collector.ts";
import { systemMonotonicMs, systemNow, systemRandom, systemSleep } from "../src/runtime/clock.ts";
import { letOthersIn } from "../src/runtime/threads.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";
import { openSqliteStore } from "../src/store/sqlite/store.ts";
import { aPlan } from "../src/testing/a-collector.ts";
import { quietLog } from "../src/testing/quiet-log.ts";

export interface HttpRun {
  /** Downloads a minute that the sandbox lets through. */
  readonly limit: number;
  readonly collectors: number;
  /** Of the sped-up clock. */
  readonly learningMinutes: number;
  readonly measuredMinutes: number;
  readonly speed: number;
}

/** What was used of the download limit after learning, and what was refused. */
export async function measureOverHttp(run: HttpRun) {
  const folder = mkdtempSync(join(tmpdir(), "cistern-rate-"));
  const seams = fasterBy(run.speed);
  const sandbox = await startSandbox({
    port: 0,
    live: false,
    now: () => seams.now().getTime(),
    sleep: seams.sleep,
    rateLimits: { list: 100, download: run.limit, other: 100 },
    bulk: { files: run.limit * (run.learningMinutes + run.measuredMinutes), linesPerFile: 2 },
  });
  const store = await openSqliteStore(folder);
  const outbound = createOutbound({ ...seams, version: "bench" });
  const failures: unknown[] = [];
  const onBug = (error: unknown) => void failures.push(error);
  const log = quietLog();
  const engine = new Engine({ ...seams, letOthersIn, store, connectors, outbound, log, untilCaughtUp: false, onBug });
  try {
    await engine.apply(Array.from({ length: run.collectors }, (_, place) => planFor(sandbox, place)));
    const before = await countsAfter(sandbox, run.learningMinutes, run.speed);
    const after = await countsAfter(sandbox, run.measuredMinutes, run.speed);
    if (failures.length > 0) throw failures[0];
    const passed = after.passed - before.passed;
    const refused = after.refused - before.refused;
    return {
      ...run,
      used: share(passed / (run.limit * run.measuredMinutes)),
      refused: share(refused / (passed + refused)),
      learning: {
        used: share(before.passed / (run.limit * run.learningMinutes)),
        refused: share(before.refused / (before.passed + before.refused)),
      },
    };
  } finally {
    await engine.stop(1_000 * run.speed);
    await Promise.all([outbound.close(), store.close(), sandbox.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function fasterBy(speed: number) {
  const startedMs = systemMonotonicMs();
  const startedAt = systemNow().getTime();
  const monotonicMs = () => (systemMonotonicMs() - startedMs) * speed;
  return {
    monotonicMs,
    now: () => new Date(startedAt + monotonicMs()),
    sleep: (ms: number, signal: AbortSignal) => systemSleep(ms / speed, signal),
    random: systemRandom,
  };
}

async function countsAfter(sandbox: Sandbox, minutes: number, speed: number) {
  await pause((minutes * 60_000) / speed);
  const { requests } = sandbox.counters;
  return { passed: requests["download 307"] ?? 0, refused: requests["download 429"] ?? 0 };
}

function planFor(sandbox: Sandbox, place: number): CollectorPlan {
  const given = { token: sandbox.key, workspace_id: sandbox.workspaceId, base_url: sandbox.baseUrl };
  return aPlan(connectors[0]!, given, { id: `col_${place}`, name: `collector ${place}` });
}

const share = (value: number) => Number(value.toFixed(4));
