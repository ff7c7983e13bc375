import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chainHeads, checkChains } from "./chain-check.ts";
import { openForWriting } from "./connection.ts";
import { currentSchema, type MigrationStep, migrations, schemaVersion } from "./migrate.ts";
import { openSqliteReader } from "./reader.ts";
import { openSqliteStore } from "./store.ts";

const KEY = { collectorId: "col_a", dataSource: "conversations" };
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "cistern-migrate-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function writeSchema1() {
  const db = openForWriting(join(dataDir, "cistern.db"));
  db.exec(readFileSync(new URL("./fixtures/schema-1.sql", import.meta.url), "utf8"));
  db.close();
}

test("migrations are numbered from 1 without a hole", () => {
  expect(migrations().map(({ version }) => version)).toEqual(migrations().map((_, index) => index + 1));
  expect(currentSchema()).toBe(migrations().length);
});

test("a new database is made without a copy", async () => {
  const steps: MigrationStep[] = [];

  await (await openSqliteStore(dataDir, { onMigration: (step) => steps.push(step) })).close();

  expect(steps.map(({ phase }) => phase)).not.toContain("copying");
  expect(existsSync(join(dataDir, "backups"))).toBe(false);
});

test("a data directory of schema 1 is upgraded with everything in it", async () => {
  writeSchema1();
  const store = await openSqliteStore(dataDir);
  const reader = openSqliteReader(dataDir);

  const { events } = await reader.readLog({ collectorId: "col_a", after: 0, upTo: 100, limit: 100 });
  const span = { sources: [KEY], by: "event" as const, from: 0, to: Date.UTC(2026, 6, 16) };

  expect(events.map(({ seq, eventId, siteName }) => [seq, eventId, siteName])).toEqual([
    [1, "e1", "hq"],
    [2, "e2", "hq"],
    [4, "e3", "hq"],
  ]);
  expect(await reader.volume({ ...span, stepMs: 300_000 })).toEqual([
    { at: 0, events: 1, bytes: 3 },
    { at: Date.UTC(2026, 6, 15, 12), events: 1, bytes: 3 },
    { at: Date.UTC(2026, 6, 15, 12, 5), events: 1, bytes: 3 },
  ]);
  expect(await reader.types([KEY])).toEqual([
    { type: "CONVERSATION_MESSAGE", events: 2 },
    { type: "APP_LOG", events: 1 },
  ]);
  expect(await store.state(KEY)).toMatchObject({
    cursor: "2026-07-15T12:30:00Z",
    oldestPending: "2026-07-15T12:30:00Z",
  });
  // Nobody had noted since when upstream was asked: nothing is claimed of the time before the first file.
  const hour = { fromUs: Date.UTC(2026, 6, 15, 11) * 1_000, toUs: Date.UTC(2026, 6, 15, 12) * 1_000 };
  expect((await reader.coverage({ key: KEY, ...hour })).facts.askedFromUs).toBe(Date.UTC(2026, 6, 15, 11, 10) * 1_000);
  expect((await store.lease("col_a", ["conversations"])).epoch).toBe(4);
  await reader.close();
  await store.close();
});

test("what was collected before there was a chain is linked as it stands, in log order", async () => {
  writeSchema1();
  const old = openForWriting(join(dataDir, "cistern.db"));
  old.exec("UPDATE events SET content_hash = zeroblob(32); DELETE FROM events WHERE file = 2");
  old.exec("UPDATE files SET held = 0 WHERE file = 2");
  old.close();

  await (await openSqliteStore(dataDir)).close();

  const db = new DatabaseSync(join(dataDir, "cistern.db"), { readOnly: true });
  expect(db.prepare("SELECT file_id, link, length(digest) AS digest FROM files ORDER BY file").all()).toMatchObject([
    { file_id: "f1", link: 1, digest: 32 },
    { file_id: "f2", link: 2, digest: null },
    { file_id: "f3", link: null, digest: null },
  ]);
  expect(chainHeads(db)).toMatchObject([{ collectorId: "col_a", links: 2 }]);
  expect(checkChains(db, { mostFaults: 10 })).toEqual({ links: 2, faults: [] });
  db.close();
});

test("a copy of the old database is made first, with progress", async () => {
  writeSchema1();
  const steps: MigrationStep[] = [];

  await (await openSqliteStore(dataDir, { onMigration: (step) => steps.push(step) })).close();

  const copy = new DatabaseSync(join(dataDir, "backups", "before-2.db"), { readOnly: true });
  expect(schemaVersion(copy)).toBe(1);
  expect(copy.prepare("SELECT count(*) AS n FROM events").get()).toMatchObject({ n: 3 });
  copy.close();
  const copying = steps.filter((step) => step.phase === "copying");
  expect(copying.every(({ pagesDone, pagesTotal }) => pagesDone <= pagesTotal)).toBe(true);
  const newest = migrations().at(-1)!;
  expect(steps.slice(-2)).toEqual([
    { phase: "migrating", version: newest.version, name: newest.name },
    { phase: "done", version: newest.version },
  ]);
});

test("a database of a newer program is refused with the remedy, and left alone", async () => {
  await (await openSqliteStore(dataDir)).close();
  const db = openForWriting(join(dataDir, "cistern.db"));
  db.exec(`INSERT INTO migrations VALUES (${currentSchema() + 1}, 'later', '')`);
  db.close();

  const refusal = { code: "config_invalid", reason: "schema_newer", action: expect.stringMatching(/newer version/) };
  await expect(openSqliteStore(dataDir)).rejects.toMatchObject(refusal);
  expect(() => openSqliteReader(dataDir)).toThrow(expect.objectContaining(refusal));
});

test("a reader says clearly that there is no store, or that it is not upgraded yet", () => {
  expect(() => openSqliteReader(dataDir)).toThrow(
    expect.objectContaining({ code: "config_invalid", reason: "store_missing" }),
  );
  writeSchema1();
  expect(() => openSqliteReader(dataDir)).toThrow(
    expect.objectContaining({ code: "config_invalid", reason: "schema_older" }),
  );
});

test("a migration that fails leaves the old schema as it was", async () => {
  writeSchema1();
  const db = openForWriting(join(dataDir, "cistern.db"));
  db.exec("CREATE TABLE volume (in_the_way TEXT)");
  db.close();

  await expect(openSqliteStore(dataDir)).rejects.toThrow("already exists");

  const after = new DatabaseSync(join(dataDir, "cistern.db"), { readOnly: true });
  expect(schemaVersion(after)).toBe(1);
  expect(after.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'type_counts'").get()).toBeUndefined();
  after.close();
});
