// The server's own process killed with SIGKILL again and again while it collects: nothing lost, nothing doubled, bytes equal.
import { type ChildProcess, spawn } from "node:child_process";
import { hash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";

const KILLS = 20;
/** More than the lives before the last one can finish, so that each of them has a transaction to be killed in. */
const FILES = 32;
const LINES = 4_000;
const SQLITE_BUSY = 5;
const START = join(import.meta.dirname, "../src/cli/main.ts");
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

test(`${KILLS} kills while it collects, half of them inside a file's transaction`, { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "cistern-kill-"));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  const sandbox = await startSandbox({
    port: 0,
    live: false,
    ratePerMinute: 0,
    bulk: { files: FILES, linesPerFile: LINES, lineBytes: 1_000 },
  });
  cleanUp.push(() => sandbox.close());
  const dataDir = join(folder, "data");
  const config = writeConfig(folder, sandbox);

  let inTransaction = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const server = serve(config, dataDir);
    if (kill % 2 === 1) await untilAnotherFile(dataDir, 900 + 137 * (kill % 7));
    else if (await untilFileTransaction(dataDir)) inTransaction += 1;
    await killNow(server);
  }
  const last = serve(config, dataDir);
  const events = await untilComplete(dataDir, FILES);
  await killNow(last);

  expect(inTransaction).toBe(KILLS / 2);
  expect(await storedHashes(dataDir)).toEqual(publishedHashes(sandbox));
  expect(events).toBe(FILES * LINES);
});

function writeConfig(folder: string, sandbox: Sandbox): string {
  const path = join(folder, "config.yaml");
  const settings = `{ token: ${sandbox.key}, workspace_id: ${sandbox.workspaceId}, base_url: "${sandbox.baseUrl}" }`;
  const collector = `  - name: killed\n    connector: chatgpt-enterprise\n    settings: ${settings}\n    data_sources: [conversations]\n    requests_per_minute: 600\n`;
  writeFileSync(path, `collectors:\n${collector}`, { mode: 0o600 });
  return path;
}

function serve(config: string, dataDir: string): ChildProcess {
  const args = [START, "serve", "--config", config, "--data-dir", dataDir, "--listen", "127.0.0.1:0"];
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  cleanUp.push(() => child.kill("SIGKILL"));
  return child;
}

async function killNow(child: ChildProcess): Promise<void> {
  expect(child.exitCode, "the server ended on its own").toBeNull();
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

/** Until one more file is done, or so long: a life that may run on would leave nothing for the ones after it. */
async function untilAnotherFile(dataDir: string, mostMs: number): Promise<void> {
  const deadline = performance.now() + mostMs;
  const before = await filesDone(dataDir);
  while (performance.now() < deadline && (await filesDone(dataDir)) === before) await sleep(10);
}

async function filesDone(dataDir: string): Promise<number> {
  if (!existsSync(join(dataDir, "cistern.db"))) return 0;
  const reader = openSqliteReader(dataDir);
  try {
    return (await reader.dataSources())[0]?.counts.filesDone ?? 0;
  } finally {
    await reader.close();
  }
}

/**
 * Resolves with true while a file's transaction is open: the write lock is held for longer than any of the short ones
 * (ledger rows, counters) take. Once everything is collected there is none any more; then it gives up.
 */
async function untilFileTransaction(dataDir: string): Promise<boolean> {
  const deadline = performance.now() + 20_000;
  let heldSince: number | undefined;
  while (performance.now() < deadline) {
    if (!isLocked(dataDir)) heldSince = undefined;
    else if (heldSince === undefined) heldSince = performance.now();
    else if (performance.now() - heldSince > 25) return true;
    await sleep(1);
  }
  return false;
}

function isLocked(dataDir: string): boolean {
  const path = join(dataDir, "cistern.db");
  // Opening what is not there yet would make it.
  if (!existsSync(path) || statSync(path).size === 0) return false;
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec("BEGIN IMMEDIATE");
    db.exec("ROLLBACK");
    return false;
  } catch (error) {
    // Extended codes, such as that of a recovery under way, have the plain one in their low byte.
    if (((error as { errcode?: number }).errcode ?? 0) % 256 !== SQLITE_BUSY) throw error;
    return true;
  } finally {
    db.close();
  }
}

async function untilComplete(dataDir: string, files: number): Promise<number> {
  const deadline = performance.now() + 120_000;
  while (performance.now() < deadline) {
    await sleep(200);
    const reader = openSqliteReader(dataDir);
    const [state] = await reader.dataSources();
    await reader.close();
    if (state?.counts.filesDone === files && state.counts.filesPending === 0) return state.counts.events;
  }
  throw new Error("The server did not finish in time");
}

async function storedHashes(dataDir: string): Promise<string[]> {
  const reader = openSqliteReader(dataDir);
  const collectorId = (await reader.dataSources())[0]!.key.collectorId;
  const hashes: string[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: Awaited<ReturnType<typeof reader.readLog>> = await reader.readLog({
      collectorId,
      after,
      upTo: Number.MAX_SAFE_INTEGER,
      limit: 2_000,
    });
    hashes.push(...page.events.map(({ raw }) => hash("sha256", raw)));
    after = page.next;
  }
  await reader.close();
  return hashes.sort();
}

function publishedHashes(sandbox: Sandbox): string[] {
  const files = [...sandbox.published({ type: "CONVERSATION_MESSAGE" })];
  const lines = files.flatMap(({ bytes }) =>
    bytes
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== ""),
  );
  return [...new Set(lines.map((line) => hash("sha256", line)))].sort();
}
