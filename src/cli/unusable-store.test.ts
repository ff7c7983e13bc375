import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSqliteStore } from "../store/sqlite/store.ts";
import { fillDataDir } from "./fixtures/data-dir.ts";
import { runCli } from "./fixtures/run-cli.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "cistern-unusable-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const quiet = { CISTERN_LOG_LEVEL: "silent" };
const serve = () => runCli(["serve", "--listen", "127.0.0.1:0", "--data-dir", dataDir], quiet);

describe("the server is not started, with a sentence and what to do, on a store", () => {
  test("that a newer program has written", async () => {
    await (await openSqliteStore(dataDir)).close();
    const db = new DatabaseSync(join(dataDir, "cistern.db"));
    db.exec("INSERT INTO migrations VALUES (99, 'later', '2030-01-01T00:00:00Z')");
    db.close();
    const before = readFileSync(join(dataDir, "cistern.db"));

    const { code, stdout, stderr } = await serve();

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^cistern: The database has schema 99, and this version of Cistern knows schemas up to \d+\n {2}\S/,
    );
    expect(readFileSync(join(dataDir, "cistern.db"))).toEqual(before);
  });

  test("that is no database", async () => {
    writeFileSync(join(dataDir, "cistern.db"), "dear\n".repeat(4_000));

    const { code, stderr } = await serve();

    expect(code).toBe(1);
    expect(stderr).toBe("cistern: The database file is not a database\n  Restore the last backup\n");
  });
});

test("doctor tells of a store that is no database, with what to do", async () => {
  const { path } = await fillDataDir();
  rmSync(join(path, "cistern.db-wal"), { force: true });
  writeFileSync(join(path, "cistern.db"), "dear\n".repeat(4_000));

  const { code, stderr } = await runCli(["doctor", "--data-dir", path]);

  rmSync(path, { recursive: true });
  expect(code).toBe(1);
  expect(stderr).toBe("cistern: The database file is not a database\n  Restore the last backup\n");
});

test("a start that upgrades the store says so, and where the copy is kept", async () => {
  const db = new DatabaseSync(join(dataDir, "cistern.db"));
  db.exec(readFileSync(join(import.meta.dirname, "../store/sqlite/fixtures/schema-1.sql"), "utf8"));
  db.close();
  const args = ["serve", "--listen", "127.0.0.1:0", "--data-dir", dataDir, "--json"];
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], {
    env: quiet,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));

  await once(child.stdout, "data", { signal: AbortSignal.timeout(20_000) });
  child.kill("SIGTERM");
  await once(child, "close");

  expect(said.join("")).toMatch(/^The data have schema 1; .* to schema \d+\. A copy is kept in .*backups/);
});
