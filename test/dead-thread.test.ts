// A thread that fails, at start and later: the process says why in a sentence, leaves the folder free and ends with 1.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../src/cli/fixtures/run-cli.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";
import { acquireDataDirLock } from "../src/store/sqlite/data-dir.ts";
import { eventually } from "./served-product.ts";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");
const SCHEMA_1 = join(import.meta.dirname, "../src/store/sqlite/fixtures/schema-1.sql");
const quiet = { CISTERN_LOG_LEVEL: "silent" };

let folder: string;
let dataDir: string;
let sandbox: Sandbox;
let config: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cistern-dead-thread-"));
  dataDir = join(folder, "data");
  mkdirSync(dataDir);
  sandbox = await startSandbox({ port: 0, people: 4, days: 1, eventsPerDay: 20, ratePerMinute: 0, live: false });
  config = join(folder, "config.yaml");
  const settings = `{ token: ${sandbox.key}, workspace_id: ${sandbox.workspaceId}, base_url: "${sandbox.baseUrl}" }`;
  writeFileSync(
    config,
    `collectors:\n  - { name: a, connector: chatgpt-enterprise, data_sources: [audit-log], poll_interval: 1s, settings: ${settings} }\n`,
    { mode: 0o600 },
  );
});
afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

const commands = {
  serve: () => ["serve", "--listen", "127.0.0.1:0", "--data-dir", dataDir, "--config", config],
  run: () => ["run", "--data-dir", dataDir, "--config", config],
  "run --until-caught-up": () => ["run", "--until-caught-up", "--data-dir", dataDir, "--config", config],
} as const;
const names = Object.keys(commands) as (keyof typeof commands)[];

/** A store of an old schema, which a start brings up to date. */
function oldStore(): DatabaseSync {
  const db = new DatabaseSync(join(dataDir, "cistern.db"));
  db.exec("PRAGMA journal_mode = WAL");
  db.exec(readFileSync(SCHEMA_1, "utf8"));
  return db;
}

describe("a store that its thread cannot open ends the start with 1, why, and what to do:", () => {
  const told = (stderr: string) => stderr.slice(stderr.indexOf("cistern: "));

  test.each(names)("%s", async (name) => {
    const db = oldStore();
    db.exec("CREATE TABLE volume (in_the_way TEXT)");
    db.close();

    const { code, stdout, stderr } = await runCli(commands[name](), quiet);

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(told(stderr)).toMatch(/^cistern: an unexpected error: .* table volume already exists\n {2}\S.*\n$/);
    acquireDataDirLock(dataDir).release();
  });

  test("a database that another process keeps locked", async () => {
    const db = oldStore();
    db.exec("BEGIN IMMEDIATE");

    const { code, stderr } = await runCli(commands.serve(), quiet);

    db.close();
    expect(code).toBe(1);
    expect(told(stderr)).toBe(
      "cistern: Another process keeps the database locked\n  Stop the other process that writes to this data directory\n",
    );
    acquireDataDirLock(dataDir).release();
  });
});

describe("a thread that dies while it works ends the process with 1 and says so:", () => {
  test.each(names)("%s", async (name) => {
    // Or one of them would end well before anything can happen to it.
    sandbox.setQuirks({ serverErrors: 1 });
    const child = spawn(process.execPath, [MAIN, ...commands[name]()], {
      env: quiet,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: 60_000,
    });
    const said: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    await eventually("the collector has asked", async () => hasAsked());

    // No fault of the disk, and nothing that the program could expect: a table is gone.
    const db = new DatabaseSync(join(dataDir, "cistern.db"), { timeout: 5_000 });
    db.exec("ALTER TABLE sources RENAME TO elsewhere");
    db.close();
    const code = await ended;

    expect({ code, said: said.join("") }).toEqual({
      code: 1,
      said: expect.stringMatching(
        /cistern: an unexpected error: (?:the \w+ thread ended: )?no such table: sources\n {2}\S.*\n$/,
      ) as string,
    });
    acquireDataDirLock(dataDir).release();
  });
});

function hasAsked(): true | undefined {
  try {
    const db = new DatabaseSync(join(dataDir, "cistern.db"), { readOnly: true });
    try {
      return db.prepare("SELECT 1 FROM sources WHERE error IS NOT NULL").get() === undefined ? undefined : true;
    } finally {
      db.close();
    }
  } catch {
    // Not made yet.
    return undefined;
  }
}
