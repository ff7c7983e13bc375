import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireDataDirLock } from "../store/sqlite/data-dir.ts";
import { damage } from "./fixtures/damage.ts";
import { type FilledDataDir, fillDataDir } from "./fixtures/data-dir.ts";
import { runCli } from "./fixtures/run-cli.ts";

let dir: FilledDataDir;
let aside: string;

beforeEach(async () => {
  dir = await fillDataDir();
  aside = mkdtempSync(join(tmpdir(), "cistern-heads-"));
});
afterEach(() => {
  rmSync(dir.path, { recursive: true });
  rmSync(aside, { recursive: true });
});

const doctor = (...args: string[]) => runCli(["doctor", ...args, "--data-dir", dir.path]);

test("doctor says what somebody changed behind the program's back, where, and how to mend it", async () => {
  damage(dir.path, "UPDATE events SET raw = CAST('{}' AS BLOB) WHERE seq IN (5, 9)");
  damage(dir.path, "UPDATE sources SET duplicates = 7 WHERE data_source = 'conversations'");

  const { code, stdout, stderr } = await doctor();

  const lines = stdout.split("\n");
  const at = lines.findIndex((line) => line.startsWith("✗ failed  I12 Every event's bytes"));
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(lines.slice(at + 1, at + 4)).toEqual([
    "    Events' bytes do not have the hash they were stored with: 2",
    `      position 5: line 5 of the file eclf_0 (conversations of ${dir.collectorId})`,
    `      position 9: line 9 of the file eclf_0 (conversations of ${dir.collectorId})`,
  ]);
  expect(lines[at + 4]).toMatch(/^ {4}→ Check the disk, then restore the last backup/);
  expect(stdout).toContain(`conversations of ${dir.collectorId}: duplicates says 7, it is 0`);
  expect(stdout).toMatch(/I7 What counts as delivered is at the destination: npm test/);
  expect(lines.at(-2)).toBe("Not everything is as it must be.");
});

test("heads that were printed are compared with those of now", async () => {
  const before = await doctor("--json");
  const heads = join(aside, "heads.json");
  writeFileSync(heads, before.stdout);

  const same = await doctor("--expect", heads);
  damage(dir.path, "UPDATE files SET chain = zeroblob(32) WHERE link = 3");
  const other = await doctor("--expect", heads, "--json");
  const wrong = await doctor("--expect", join(dir.path, "secret.key"));

  expect(before.code).toBe(0);
  expect(JSON.parse(before.stdout).chain).toMatchObject([{ data_source: "conversations", links: 3 }, { links: 0 }]);
  expect(same.code, same.stdout).toBe(0);
  expect(other.code).toBe(1);
  expect(other.stdout).toContain("The log chain is not the one whose head was noted");
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("holds no heads of a log chain") as string });
});

test("--fix tells first, and with --yes puts right what is derived and nothing else", async () => {
  damage(
    dir.path,
    "UPDATE sources SET events = 3, files_pending = 9; DELETE FROM volume; UPDATE type_counts SET events = 1",
  );
  writeFileSync(join(dir.path, "search.db"), "words ".repeat(4_000), { mode: 0o600 });

  const told = await doctor("--fix");
  const still = await doctor("--json");
  const done = await doctor("--fix", "--yes");
  const after = await doctor("--json");

  expect(told.code, told.stdout).toBe(0);
  expect(told.stdout.split("\n").slice(0, 3)).toEqual([
    "Would be done with --yes: Work out the counters of every data source again from the ledger, the gaps and the lines set aside",
    "Would be done with --yes: Count the events again by time and by type",
    "Would be done with --yes: Delete the search index; the server builds it again from the log when it starts",
  ]);
  expect(JSON.parse(still.stdout).ok).toBe(false);
  expect(done.stdout).toMatch(/^Done: Work out/);
  expect(JSON.parse(after.stdout).ok, after.stdout).toBe(true);
  expect(existsSync(join(dir.path, "search.db"))).toBe(false);
});

test("--fix leaves events alone, and says that it cannot mend them", async () => {
  damage(dir.path, "DELETE FROM events WHERE seq = 9");

  const { code, stdout } = await doctor("--fix", "--yes", "--json");

  const db = new DatabaseSync(join(dir.path, "cistern.db"), { readOnly: true });
  const held = db.prepare("SELECT held FROM files WHERE file = 1").get();
  db.close();
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({ done: true, repairs: [], beyond: ["files"] });
  expect(held).toMatchObject({ held: 700 });
});

test("--fix is refused while a server runs, and --yes without it is no use", async () => {
  const lock = acquireDataDirLock(dir.path, { force: true });

  const refused = await doctor("--fix");

  lock.release();
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`in use by process ${process.pid}`) as string,
  });
  expect((await doctor("--yes")).code).toBe(2);
});
