import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openSearchIndex } from "../src/search/search-index.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { startProcess } from "./start-process.ts";

export interface ProductRound {
  readonly dataDir: string;
  readonly baseUrl: string;
  readonly workspaceId: string;
  readonly index: "on" | "off";
  readonly events: number;
  /** Whether people ask its API meanwhile. */
  readonly asked?: boolean;
}

export interface ProductFigures {
  /** From the word to collect until the last event is stored. */
  readonly eventsPerSecond: number;
  /** Until the last event can be found; undefined without the index. */
  readonly indexedPerSecond: number | undefined;
  readonly peakRssMb: number;
  /** Undefined where nobody asked. */
  readonly api: ApiFigures | undefined;
}

export interface ApiFigures {
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly signInMs: number;
  readonly slowest: string;
}

const PATIENCE_MS = 300_000;
/** Twenty requests a second, one after the other. */
const ASK_EVERY_MS = 50;

/** Starts the product on an empty data dir and lets it collect everything. */
export async function measureProduct(round: ProductRound): Promise<ProductFigures> {
  const product = await startProcess("bench/product.ts", [
    round.dataDir,
    round.baseUrl,
    round.workspaceId,
    round.index,
  ]);
  const { address, pid } = JSON.parse(product.firstLine) as { address: string; pid: number };
  const reader = openSqliteReader(round.dataDir);
  const storedNow = async () => (await reader.dataSources())[0]?.counts.events ?? 0;
  const asking = round.asked ? startAsking(address) : undefined;
  const started = performance.now();
  product.child.stdin?.write("go\n");
  await until(async () => (await storedNow()) >= round.events);
  const storedSeconds = (performance.now() - started) / 1_000;
  const indexedSeconds = round.index === "on" ? await secondsUntilIndexed(round, started) : undefined;
  const api = await asking?.stop();
  const peakRssMb = peakRss(pid);
  await reader.close();
  const ended = new Promise((resolve) => product.child.once("exit", resolve));
  product.stop();
  await ended;
  const perSecond = (seconds: number) => Math.round(round.events / seconds);
  return {
    eventsPerSecond: perSecond(storedSeconds),
    indexedPerSecond: indexedSeconds && perSecond(indexedSeconds),
    peakRssMb,
    api,
  };
}

async function secondsUntilIndexed(round: ProductRound, started: number): Promise<number> {
  const index = openSearchIndex(round.dataDir);
  await until(async () => {
    const { indexedSeq } = await index.progress();
    return indexedSeq >= round.events;
  });
  await index.close();
  return (performance.now() - started) / 1_000;
}

async function until(done: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error("The product did not finish in time");
    await sleep(20);
  }
}

const peakRss = (pid: number) =>
  Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024);

/** Asks what a person at the console asks, sign-ins included, one request after the other. */
function startAsking(address: string) {
  const times: { ms: number; what: string }[] = [];
  const stop = new AbortController();
  const running = (async () => {
    const cookie = await signIn(address, times);
    const paths = [
      "/api/v1/collectors",
      "/api/v1/events?limit=50",
      "/api/v1/events/histogram?buckets=100",
      "/api/v1/system",
    ];
    for (let turn = 0; !stop.signal.aborted; turn++) {
      // About one request in a hundred is a sign-in, which costs a password hash.
      if (turn % 100 === 99) await signIn(address, times);
      else
        await timed(times, paths[turn % paths.length]!, () =>
          fetch(address + paths[turn % paths.length], { headers: { cookie } }),
        );
      await sleep(ASK_EVERY_MS);
    }
  })();
  return {
    async stop(): Promise<ApiFigures> {
      stop.abort();
      await running;
      const sorted = times.toSorted((a, b) => a.ms - b.ms);
      const at = (share: number) =>
        Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.ms ?? 0).toFixed(1));
      const signIns = sorted.filter(({ what }) => what === "sign-in");
      return {
        requests: sorted.length,
        signInMs: Math.round(signIns[Math.floor(signIns.length / 2)]?.ms ?? 0),
        p50Ms: at(0.5),
        p99Ms: at(0.99),
        slowest: `${sorted.at(-1)?.what} ${Math.round(sorted.at(-1)?.ms ?? 0)} ms`,
      };
    },
  };
}

async function signIn(address: string, times: { ms: number; what: string }[]): Promise<string> {
  const body = JSON.stringify({ name: "bench", password: "bench-of-the-cistern" });
  const headers = { "content-type": "application/json", "x-cistern": "1", origin: address };
  const response = await timed(times, "sign-in", () =>
    fetch(`${address}/api/v1/session`, { method: "POST", headers, body }),
  );
  return (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

async function timed(
  times: { ms: number; what: string }[],
  what: string,
  ask: () => Promise<Response>,
): Promise<Response> {
  const started = performance.now();
  const response = await ask();
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${what} answered ${response.status}`);
  times.push({ ms: performance.now() - started, what });
  return response;
}
