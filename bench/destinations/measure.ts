// A destination beside the plainest client of the same server: the same events, the same batches.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { destinations } from "../../src/destinations/index.ts";
import { eventKey } from "../../src/model/event.ts";
import { shaperOf } from "../../src/normalize/shaper.ts";
import type { SqliteReader } from "../../src/store/sqlite/reader.ts";
import { deliver, planFor } from "../delivering.ts";
import type { GrownStore } from "../grown-store.ts";
import type { Facts, Line, Target } from "./target.ts";

const START_MS = 60_000;
const POLL_MS = 20;
const PAGE = 2_000;

export interface Stored {
  readonly store: GrownStore;
  readonly reader: SqliteReader;
  readonly dataDir: string;
  readonly collectorIds: readonly string[];
  /** Each event as a bare client sends it: what it is made of is not counted. */
  readonly lines: readonly Line[];
}

export interface Throughput {
  readonly server: string;
  /** From the log in the store to the server's acknowledgement, recorded. */
  readonly eventsPerSecond: number;
  readonly bareEventsPerSecond: number;
  readonly ratio: number;
}

/** First the product, then the bare client. Throws where an event is not delivered. */
export async function measureTarget(target: Target, stored: Stored): Promise<Throughput> {
  const { facts, end } = await startServer(target.kind);
  try {
    const seconds = await productSeconds(target, facts, stored);
    const bareSeconds = await clientSeconds(target, facts, stored.lines);
    return {
      server: target.server,
      eventsPerSecond: Math.round(stored.lines.length / seconds),
      bareEventsPerSecond: Math.round(stored.lines.length / bareSeconds),
      ratio: Number((bareSeconds / seconds).toFixed(2)),
    };
  } finally {
    await end();
  }
}

/** Everything that is stored, in the order of the log, as format `raw` has it. */
export async function linesOf(reader: SqliteReader, collectorIds: readonly string[]): Promise<readonly Line[]> {
  const shape = shaperOf(planFor("files", { folder: "/nowhere" }, collectorIds));
  const lines: Line[] = [];
  for (const collectorId of collectorIds) {
    const upTo = await reader.lastSeq(collectorId);
    for (let after = 0; after < upTo; ) {
      const { events, next } = await reader.readLog({ collectorId, after, upTo, limit: PAGE });
      for (const event of events) {
        const shaped = shape(event);
        if (typeof shaped !== "string") lines.push({ key: eventKey(event), body: shaped.body });
      }
      after = next ?? upTo;
    }
  }
  return lines;
}

async function productSeconds({ kind }: Target, { settings }: Facts, given: Stored): Promise<number> {
  const { store, reader, dataDir, collectorIds, lines } = given;
  const bugs: unknown[] = [];
  const plan = planFor(kind, settings, collectorIds);
  const startedAt = performance.now();
  const engine = await deliver({
    store: store.deliveries,
    reader,
    dataDir,
    plan,
    onBug: (error) => void bugs.push(error),
  });
  try {
    const last = new Map(await Promise.all(collectorIds.map(async (id) => [id, await reader.lastSeq(id)] as const)));
    // Positions alone: what all states come to is counted in the log, in this thread, and would be measured with it.
    const isThrough = async () => {
      const own = await store.deliveries.deliveries(plan.id);
      return own.length === last.size && own.every(({ collectorId, position }) => position >= last.get(collectorId)!);
    };
    while (!(await isThrough())) {
      if (bugs.length > 0) throw bugs[0];
      const [activity] = await engine.activity();
      if (activity?.phase === "halted") throw new Error(`${kind}: ${JSON.stringify(activity)}`);
      await sleep(POLL_MS);
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    const states = (await reader.deliveries.deliveryStates()).filter(({ destinationId }) => destinationId === plan.id);
    const delivered = states.reduce((sum, state) => sum + state.delivered, 0);
    if (delivered !== lines.length) throw new Error(`${kind} took ${delivered} of ${lines.length} events`);
    return seconds;
  } finally {
    await engine.stop(1_000);
  }
}

/** In batches of the destination's size, one after the other. */
async function clientSeconds(target: Target, facts: Facts, lines: readonly Line[]): Promise<number> {
  const { limits } = destinations.find(({ name }) => name === target.kind)!;
  // Room for what a service wants around each event.
  const batches = batchesOf(lines, { ...limits, bytes: limits.bytes * 0.7 });
  const client = await target.client(facts);
  const startedAt = performance.now();
  for (const batch of batches) await client.send(batch);
  const seconds = (performance.now() - startedAt) / 1_000;
  await client.close?.();
  return seconds;
}

function batchesOf(
  lines: readonly Line[],
  limits: { readonly events: number; readonly bytes: number },
): readonly Line[][] {
  const batches: Line[][] = [[]];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line.body);
    if (batches.at(-1)!.length >= limits.events || bytes + size > limits.bytes) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)!.push(line);
    bytes += size;
  }
  return batches;
}

async function startServer(kind: string): Promise<{ readonly facts: Facts; end(): Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "serve.ts"), kind], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const ended = exit.then(() => Promise.reject(new Error(`The server for ${kind} ended`)));
  ended.catch(() => undefined);
  const line = once(createInterface({ input: child.stdout }), "line", { signal: AbortSignal.timeout(START_MS) });
  const [text] = (await Promise.race([line, ended])) as [string];
  return {
    facts: JSON.parse(text) as Facts,
    async end() {
      child.stdin.end();
      const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await exit;
      clearTimeout(late);
    },
  };
}
