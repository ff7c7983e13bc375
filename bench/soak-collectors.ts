// Collectors on a sped-up clock, in a process of their own: engine, store and index as the product has them. Run:
// node bench/soak-collectors.ts JSON; prints a line of JSON once it runs, then one for each stretch of the clock.

import { connectors } from "../src/connectors/index.ts";
import { Engine } from "../src/engine/engine.ts";
import { createOutbound } from "../src/http/outbound.ts";
import { httpLimits } from "../src/http/transport.ts";
import type { CollectorPlan } from "../src/model/collector.ts";
import { systemSleep } from "../src/runtime/clock.ts";
import { createLog } from "../src/runtime/log.ts";
import { letOthersIn } from "../src/runtime/threads.ts";
import { openSearchFollower } from "../src/search/follower.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { openSqliteStore } from "../src/store/sqlite/store.ts";
import { aPlan } from "../src/testing/a-collector.ts";
import type { SoakSample, SoakTask } from "./measure-soak.ts";
import { spedUp } from "./sped-up.ts";

const DATA_SOURCES = ["conversations", "audit-log", "auth-log", "app-log"];
const INDEX_POLL_MS = 50;
const MEGABYTE = 2 ** 20;

const task: SoakTask = JSON.parse(process.argv[2] ?? "");
const seams = spedUp(task);
const log = createLog("error", { pretty: false });
const store = await openSqliteStore(task.dataDir);
const reader = openSqliteReader(task.dataDir);
const outbound = createOutbound({ ...seams, version: "bench", limits: slowedDown(task.speed) });
const onBug = (error: unknown) => {
  throw error;
};
const engine = new Engine({ ...seams, letOthersIn, store, connectors, outbound, log, untilCaughtUp: false, onBug });
const stop = new AbortController();
const follower = openSearchFollower(task.dataDir, reader, { pollMs: INDEX_POLL_MS });
const following = follower.run(stop.signal, systemSleep);
await engine.apply(Array.from({ length: task.collectors }, (_, place) => planFor(place)));
say({ pid: process.pid });
process.on("SIGTERM", () => stop.abort());

for (let at = 0; !stop.signal.aborted; at += task.sampleMinutes) {
  await seams.sleep(Math.max(0, at * 60_000 - seams.monotonicMs()), stop.signal);
  if (!stop.signal.aborted) say(await sample());
}
await engine.stop(1_000 * task.speed);
await following;
await follower.close();
await Promise.all([outbound.close(), reader.close()]);
await store.close();

async function sample(): Promise<SoakSample> {
  const states = await reader.dataSources();
  const { rss, heapUsed } = process.memoryUsage();
  const sum = (of: "events" | "filesDone" | "filesPending") =>
    states.reduce((total, { counts }) => total + counts[of], 0);
  return {
    hour: seams.monotonicMs() / 3_600_000,
    rssMb: rss / MEGABYTE,
    heapMb: heapUsed / MEGABYTE,
    events: sum("events"),
    files: sum("filesDone"),
    pending: sum("filesPending"),
  };
}

/** Sockets take real time: what is allowed them on the sped-up clock is more by as much. */
function slowedDown(speed: number) {
  const { connectMs, headersMs, idleMs, totalMs, speedWindowMs, minBytesPerSecond } = httpLimits;
  return {
    connectMs: connectMs * speed,
    headersMs: headersMs * speed,
    idleMs: idleMs * speed,
    totalMs: totalMs * speed,
    speedWindowMs: speedWindowMs * speed,
    minBytesPerSecond: minBytesPerSecond / speed,
  };
}

function planFor(place: number): CollectorPlan {
  const given = { token: task.key, workspace_id: task.workspace_id, base_url: task.base_url };
  const change = {
    id: `col_${place}`,
    name: `collector ${place}`,
    dataSources: DATA_SOURCES,
    requestsPerMinute: 60_000,
  };
  return aPlan(connectors[0]!, given, change);
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
