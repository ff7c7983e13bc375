// The real engine, store and connector against the sandbox over real sockets, on one simulated clock that waits for the sockets:
// an hour passes in seconds, and a request takes no time.
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, expect } from "vitest";
import { connectors } from "../../src/connectors/index.ts";
import { Engine } from "../../src/engine/engine.ts";
import { systemResolve } from "../../src/http/address-guard.ts";
import { createRateBudgets } from "../../src/http/rate-budgets.ts";
import { createTransport, httpLimits, type Transport } from "../../src/http/transport.ts";
import { createUpstream, keyFingerprint } from "../../src/http/upstream.ts";
import { systemMonotonicMs, systemSleep } from "../../src/runtime/clock.ts";
import { letOthersIn } from "../../src/runtime/threads.ts";
import type { SandboxOptions } from "../../src/sandbox/options.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import { type OpenOptions, openSqliteStore } from "../../src/store/sqlite/store.ts";
import { fakeClock } from "../../src/testing/fake-clock.ts";
import { quietLog } from "../../src/testing/quiet-log.ts";
import { dataDir } from "./engine-on-sandbox.ts";

const STEP_MS = 500;

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** A sandbox whose clock is the engine's, and an engine that has not begun. */
export async function steppedWorld(
  options: SandboxOptions & { readonly startAt: string },
  storage: Pick<OpenOptions, "maxBytes"> = {},
) {
  const clock = fakeClock(options.startAt);
  const { now, monotonicMs, sleep, random } = clock;
  const sandbox = await startSandbox({ port: 0, ...options, now: () => now().getTime(), sleep });
  cleanUp.push(() => sandbox.close());
  const traffic = { open: 0 };
  const wires = { monotonicMs: systemMonotonicMs, sleep: systemSleep, resolve: systemResolve, limits: httpLimits };
  const real = createTransport({ ...wires, proxy: undefined, ca: undefined });
  const transport = counting(real, traffic);
  const budgets = createRateBudgets(clock, { remembered: () => undefined, remember: () => undefined });
  const parts = { transport, budgets, now, userAgent: "cistern/test" };
  const path = await dataDir();
  const store = await openSqliteStore(path, storage);
  const reader = openSqliteReader(path);
  const bugs: unknown[] = [];
  const engine = new Engine({
    now,
    sleep,
    random,
    letOthersIn,
    store,
    connectors,
    log: quietLog(),
    untilCaughtUp: false,
    onBug: (error) => bugs.push(error),
    outbound: {
      createUpstream: (access) => createUpstream(parts, access),
      rates: (credential) => budgets.rates(keyFingerprint(credential)),
      probe: () => {
        throw new Error("nothing is probed here");
      },
      close: () => real.close(),
    },
  });
  cleanUp.push(async () => {
    const stopped = engine.stop(0);
    await clock.advance(1);
    await stopped;
    await real.close();
    await reader.close();
    await store.close();
    expect(bugs).toEqual([]);
  });
  /** Lets so much time pass; at each step everything that is on the wire arrives. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= STEP_MS) {
      await clock.advance(Math.min(STEP_MS, left));
      for (let quiet = 0; quiet < 5; quiet = traffic.open === 0 ? quiet + 1 : 0) await turn();
    }
  };
  return { sandbox, engine, store, reader, pass, now, monotonicMs };
}

/** Counts what is on the wire, bodies included. */
function counting(transport: Transport, traffic: { open: number }): Transport {
  return {
    ...transport,
    async get(url, request) {
      traffic.open += 1;
      try {
        const response = await transport.get(url, request);
        if (response.body === null) return response;
        traffic.open += 1;
        const ended = new TransformStream<Uint8Array, Uint8Array>({
          flush: () => {
            traffic.open -= 1;
          },
          cancel: () => {
            traffic.open -= 1;
          },
        });
        const { status, statusText, headers } = response;
        return new Response(response.body.pipeThrough(ended), { status, statusText, headers });
      } finally {
        traffic.open -= 1;
      }
    },
  };
}
