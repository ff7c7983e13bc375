// An engine with the real store and connector against the sandbox, over real sockets.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect } from "vitest";
import { connectors } from "../../src/connectors/index.ts";
import { Engine } from "../../src/engine/engine.ts";
import { createOutbound } from "../../src/http/outbound.ts";
import type { Collector, CollectorPlan } from "../../src/model/collector.ts";
import type { Connector } from "../../src/model/connector.ts";
import type { StoredEvent } from "../../src/model/event.ts";
import { systemMonotonicMs, systemNow, systemRandom, systemSleep } from "../../src/runtime/clock.ts";
import { letOthersIn } from "../../src/runtime/threads.ts";
import type { SandboxOptions } from "../../src/sandbox/options.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { aPlan } from "../../src/testing/a-collector.ts";
import { quietLog } from "../../src/testing/quiet-log.ts";

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** The engine's clock runs this much faster than the one on the wall, so that waits for a retry are short. */
const SPEED = 100;

/** A small company on a working day, gone when the test ends. */
export async function sandboxWith(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({
    port: 0,
    days: 1,
    people: 4,
    eventsPerDay: 200,
    live: false,
    ratePerMinute: 0,
    startAt: "2026-11-18T16:00:00Z",
    ...options,
  });
  cleanUp.push(() => sandbox.close());
  return sandbox;
}

export async function dataDir(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "cistern-engine-"));
  cleanUp.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

interface EngineOptions {
  readonly untilCaughtUp?: boolean;
  readonly giveUpAfterMs?: number;
  readonly connectors?: readonly Connector[];
}

/** An engine on a data dir, its reader, and its orderly end. A bug of ours fails the test. */
export async function engineOn(path: string, options: EngineOptions = {}) {
  const store = await openSqliteStore(path);
  const seams = {
    now: systemNow,
    monotonicMs: systemMonotonicMs,
    sleep: systemSleep,
    random: systemRandom,
    letOthersIn,
  };
  const outbound = createOutbound({ ...seams, version: "test" });
  const bugs: unknown[] = [];
  const startedMs = systemMonotonicMs();
  const now = () => new Date(Date.now() + (systemMonotonicMs() - startedMs) * (SPEED - 1));
  const sleep: typeof systemSleep = (ms, signal) => systemSleep(ms / SPEED, signal);
  const log = quietLog();
  const engine = new Engine({
    ...seams,
    now,
    sleep,
    store,
    connectors: options.connectors ?? connectors,
    outbound,
    log,
    untilCaughtUp: options.untilCaughtUp ?? true,
    giveUpAfterMs: options.giveUpAfterMs,
    onBug: (error) => bugs.push(error),
  });
  const reader = openSqliteReader(path);
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await engine.stop(5_000);
    await outbound.close();
    await reader.close();
    await store.close();
    expect(bugs).toEqual([]);
  };
  cleanUp.push(close);
  return { engine, store, reader, log, close };
}

export function planFor(
  sandbox: Sandbox,
  change: Partial<Collector> = {},
  settings: Record<string, unknown> = {},
): CollectorPlan {
  const given = { token: sandbox.key, workspace_id: sandbox.workspaceId, base_url: sandbox.baseUrl, ...settings };
  const placed = {
    requestsPerMinute: 60_000,
    dataSources: ["conversations", "audit-log"],
    siteId: "site_1",
    timezone: "Europe/Berlin",
  };
  return {
    ...aPlan(connectors[0]!, given, { ...placed, ...change }),
    site: { id: "site_1", name: "hq", createdAt: "2026-01-01T00:00:00Z" },
  };
}

type Reader = Awaited<ReturnType<typeof engineOn>>["reader"];

export async function stored(reader: Reader, collectorId = "col_test"): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: Awaited<ReturnType<Reader["readLog"]>> = await reader.readLog({
      collectorId,
      after,
      upTo: Number.MAX_SAFE_INTEGER,
      limit: 500,
    });
    events.push(...page.events);
    after = page.next;
  }
  return events;
}

/** Every line of every file that upstream holds of this type, repeats included. */
export function linesOf(sandbox: Sandbox, type: string): string[] {
  const text = [...sandbox.published({ type, scope: "workspace" })].map(({ bytes }) =>
    Buffer.from(bytes).toString("utf8"),
  );
  return text.flatMap((file) => file.split("\n")).filter((line) => line.trim() !== "");
}

/** Distinct lines that upstream holds of these types, sorted. */
export function expected(sandbox: Sandbox, types: readonly string[]): string[] {
  const lines = new Set<string>();
  for (const type of types) for (const line of linesOf(sandbox, type)) lines.add(line);
  return [...lines].sort();
}

export const rawOf = (events: readonly StoredEvent[]) =>
  events.map(({ raw }) => Buffer.from(raw).toString("utf8")).sort();

export const stateOf = async (reader: Reader, dataSource: string) =>
  (await reader.dataSources()).find(({ key }) => key.dataSource === dataSource)!;
