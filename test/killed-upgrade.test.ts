// A server killed while it copies its database before an upgrade: the next start upgrades as if nothing had been.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { currentSchema, schemaVersion } from "../src/store/sqlite/migrate.ts";
import { openSqliteReader } from "../src/store/sqlite/reader.ts";
import { serveProduct } from "./served-product.ts";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");
const SCHEMA_1 = join(import.meta.dirname, "../src/store/sqlite/fixtures/schema-1.sql");
/** So much that a copy takes many steps. */
const FILLER_MB = 120;

let folder: string;
let dataDir: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-killed-upgrade-"));
  dataDir = join(folder, "data");
  mkdirSync(dataDir);
  const db = new DatabaseSync(join(dataDir, "cistern.db"));
  db.exec("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  db.exec(readFileSync(SCHEMA_1, "utf8"));
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${FILLER_MB})
    INSERT INTO meta SELECT 'filler ' || i, randomblob(1000000) FROM n`);
  db.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What an upgrade must not touch. */
function heldIn(path: string) {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    const sound = db.prepare("PRAGMA integrity_check").get();
    const events = db.prepare("SELECT seq, source, event_id, time, hex(raw) AS raw FROM events ORDER BY seq").all();
    const filler = db.prepare("SELECT count(*) AS rows, sum(length(value)) AS bytes FROM meta").get();
    return { sound, events, filler, schema: schemaVersion(db) };
  } finally {
    db.close();
  }
}

const backups = () => (existsSync(join(dataDir, "backups")) ? readdirSync(join(dataDir, "backups")).sort() : []);

/** Starts the server and kills it once the copy has begun; returns what stood in `backups` then. */
async function killInTheCopy(): Promise<readonly string[]> {
  const args = [MAIN, "serve", "--listen", "127.0.0.1:0", "--data-dir", dataDir];
  const child = spawn(process.execPath, args, { stdio: "ignore", timeout: 30_000 });
  const ended = once(child, "exit");
  const part = join(dataDir, "backups", "before-2.db.part");
  while (child.exitCode === null && (!existsSync(part) || statSync(part).size === 0)) await sleep(1);
  child.kill("SIGKILL");
  await ended;
  return backups();
}

test("a kill in the copy before an upgrade costs nothing, and leaves no half copy", { timeout: 90_000 }, async () => {
  const { schema: _, ...before } = heldIn(join(dataDir, "cistern.db"));

  const afterFirst = await killInTheCopy();
  const afterSecond = await killInTheCopy();
  const untouched = heldIn(join(dataDir, "cistern.db"));
  const server = await serveProduct(dataDir, { env: { CISTERN_LOG_LEVEL: "warn" } });
  const code = await server.stop();

  for (const names of [afterFirst, afterSecond]) {
    expect(names).toContain("before-2.db.part");
    expect(names).not.toContain("before-2.db");
  }
  expect(untouched).toEqual({ ...before, schema: 1 });
  expect(code).toBe(0);
  expect(backups().filter((name) => !/^before-\d+\.db$/.test(name))).toEqual([]);
  expect(heldIn(join(dataDir, "backups", "before-2.db"))).toEqual({ ...before, schema: 1 });
  expect(heldIn(join(dataDir, "cistern.db"))).toMatchObject({ ...before, schema: currentSchema() });
  const reader = openSqliteReader(dataDir);
  const [state] = await reader.dataSources();
  await reader.close();
  expect(state?.counts.events).toBeGreaterThan(0);
});
