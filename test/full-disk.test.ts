// A disk that fills up: ingestion pauses, the server answers, nothing is lost, and it goes on by itself once there is space.
// With a disk of its own where mounting is permitted, and everywhere with a store that may not grow.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runCli } from "../src/cli/fixtures/run-cli.ts";
import { connectors } from "../src/connectors/index.ts";
import { Engine } from "../src/engine/engine.ts";
import { createOutbound } from "../src/http/outbound.ts";
import { systemMonotonicMs, systemNow, systemRandom, systemSleep } from "../src/runtime/clock.ts";
import { letOthersIn } from "../src/runtime/threads.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { openSqliteStore } from "../src/store/sqlite/store.ts";
import { aPlan } from "../src/testing/a-collector.ts";
import { quietLog } from "../src/testing/quiet-log.ts";
import { eventually, serveProduct, signIn } from "./served-product.ts";

const MB = 1024 ** 2;
const DISK_MB = 128;
const FILES = 6;
const LINES = 4_000;

const cleanUp: (() => unknown)[] = [];
afterEach(cleanNow);

/** A disk of its own on that folder, until the test ends; false where this user may not mount one. */
function mountDisk(folder: string): boolean {
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MB}m`, "tmpfs", folder]);
  if (status === 0) cleanUp.push(() => spawnSync("umount", ["-l", folder]));
  return status === 0;
}

async function cleanNow(): Promise<void> {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
}

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cistern-full-disk-"));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function bulk(): Promise<Sandbox> {
  const sandbox = await startSandbox({
    port: 0,
    live: false,
    ratePerMinute: 0,
    bulk: { files: FILES, linesPerFile: LINES, lineBytes: 1_000 },
  });
  cleanUp.push(() => sandbox.close());
  return sandbox;
}

// Where it may not mount, the other test stands for this one: it is left out, not skipped.
const mayMount = mountDisk(tempFolder());
await cleanNow();
if (mayMount)
  test("on a full disk collection pauses and says so, the server answers, and it goes on by itself with nothing lost", {
    timeout: 90_000,
  }, async () => {
    const disk = tempFolder();
    mountDisk(disk);
    const sandbox = await bulk();
    const ballast = join(disk, "ballast");
    const dataDir = join(disk, "data");
    writeFileSync(ballast, Buffer.alloc((DISK_MB - 40) * MB));
    const server = await serveProduct(dataDir);
    cleanUp.push(() => server.child.kill("SIGKILL"));
    const ask = await signIn(server);
    const settings = { token: sandbox.key, workspace_id: sandbox.workspaceId, base_url: sandbox.baseUrl };
    const made = await ask("POST", "/api/v1/collectors", {
      name: "prod",
      connector: "chatgpt-enterprise",
      dataSources: ["conversations"],
      settings,
    });
    expect(made).toMatchObject({ status: 201 });

    const paused = await eventually("collection pauses", async () => {
      const [one] = (await ask("GET", "/api/v1/collectors")).body.collectors;
      return one.health === "degraded" || one.health === "failed" ? one : undefined;
    });
    const events = await ask("GET", "/api/v1/events?limit=1");
    const system = await ask("GET", "/api/v1/system");
    const health = await ask("GET", "/healthz");
    const doctor = await runCli(["doctor", "--data-dir", dataDir]);
    const site = await ask("POST", "/api/v1/sites", { name: "while full" });
    rmSync(ballast);
    const reader = openSqliteReader(dataDir);
    cleanUp.push(() => reader.close());
    const counts = await eventually(
      "every file is collected",
      async () => {
        const [state] = await reader.dataSources();
        return state?.counts.filesDone === FILES ? state.counts : undefined;
      },
      40_000,
    );

    expect(paused.reason).toMatch(/disk/);
    expect([events.status, health.status, site.status]).toEqual([200, 200, 201]);
    expect(system.body).toMatchObject({ disk: { paused: true } });
    expect(doctor.code, doctor.stdout).toBe(0);
    expect(counts).toMatchObject({ events: FILES * LINES, filesPending: 0, quarantined: 0 });
    expect(statfsSync(disk).bfree).toBeGreaterThan(0);
  });

test("a store that may not grow pauses collection with whole files only, and the rest is collected once it may", {
  timeout: 60_000,
}, async () => {
  const dataDir = tempFolder();
  const sandbox = await bulk();
  const reader = async () => {
    const opened = openSqliteReader(dataDir);
    const [state] = await opened.dataSources();
    await opened.close();
    return state!;
  };

  const small = await collecting(sandbox, dataDir, { maxBytes: 12 * MB });
  await eventually("collection pauses", async () => (await small.engine.diskPaused()) || undefined);
  await small.close();
  const paused = await reader();
  const large = await collecting(sandbox, dataDir, {});
  await large.engine.caughtUp();
  await large.close();
  const whole = await reader();

  expect(paused.counts.events).toBe(paused.counts.filesDone * LINES);
  expect(paused.counts.filesDone).toBeLessThan(FILES);
  expect(paused.error).toMatchObject({ code: "storage", reason: "disk_full" });
  expect(whole.counts).toMatchObject({ events: FILES * LINES, filesDone: FILES, filesPending: 0, quarantined: 0 });
});

/** An engine at work on the bulk workspace, in this process. */
async function collecting(sandbox: Sandbox, dataDir: string, options: { readonly maxBytes?: number }) {
  const seams = {
    now: systemNow,
    monotonicMs: systemMonotonicMs,
    sleep: systemSleep,
    random: systemRandom,
    letOthersIn,
  };
  const store = await openSqliteStore(dataDir, options);
  const outbound = createOutbound({ ...seams, version: "test" });
  const bugs: unknown[] = [];
  const onBug = (error: unknown) => bugs.push(error);
  const engine = new Engine({ ...seams, store, connectors, outbound, log: quietLog(), untilCaughtUp: true, onBug });
  const given = { token: sandbox.key, workspace_id: sandbox.workspaceId, base_url: sandbox.baseUrl };
  await engine.apply([aPlan(connectors[0]!, given, { requestsPerMinute: 600 })]);
  const close = async () => {
    await engine.stop(5_000);
    await outbound.close();
    await store.close();
    expect(bugs).toEqual([]);
  };
  return { engine, close };
}
