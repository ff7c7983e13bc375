import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { aCommit, aFile, aLine, collect, ids, KEY, minute, wholeLog } from "../../testing/store-contract/fixture.ts";
import { backup } from "./backup.ts";
import type { Sleep } from "./copy-database.ts";
import { acquireDataDirLock } from "./data-dir.ts";
import { openSqliteReader } from "./reader.ts";
import { restore } from "./restore.ts";
import { openSqliteStore, type SqliteStore } from "./store.ts";

let folder: string;
let from: string;
let to: string;
let out: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-backup-"));
  [from, to, out] = [join(folder, "from"), join(folder, "to"), join(folder, "b.tar")];
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Ends when the copy does. */
const sleep: Sleep = (_, signal) =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));

const backUp = (over: object = {}) => backup({ dataDir: from, out, createdAt: minute(90), sleep, ...over });

async function aStore(dataDir = from): Promise<SqliteStore> {
  const store = await openSqliteStore(dataDir);
  const lease = await store.lease(KEY.collectorId, [KEY.dataSource]);
  await collect(store, lease, { id: "f1" }, [aLine("e1"), aLine("e2", 2), aLine("e3", 3)]);
  return store;
}

function aControlDatabase(dataDir = from) {
  const db = new DatabaseSync(join(dataDir, "control.db"));
  db.exec("CREATE TABLE tokens (name TEXT, revoked INTEGER); INSERT INTO tokens VALUES ('ci', 0)");
  db.close();
}

async function logOf(dataDir: string) {
  const reader = openSqliteReader(dataDir);
  const events = await wholeLog(reader);
  await reader.close();
  return events;
}

test("a backup taken beside a running store comes back whole", async () => {
  const store = await aStore();
  aControlDatabase();
  writeFileSync(join(from, "secret.key"), "key");

  const manifest = await backUp();
  await store.close();
  const restored = await restore({ from: out, dataDir: to });

  expect(manifest).toMatchObject({ created_at: minute(90), counts: { collectors: 1, files: 1, events: 3 } });
  expect(restored).toEqual({ manifest, erased: 0 });
  expect(readdirSync(to).sort()).toEqual(["cistern.db", "control.db", "lock.db", "lock.pid"]);
  expect(await logOf(to)).toEqual(await logOf(from));
  expect(readdirSync(folder).sort()).toEqual(["b.tar", "from", "to"]);
});

test("the key is in a backup only when it is asked for", async () => {
  const store = await aStore();
  writeFileSync(join(from, "secret.key"), "key");
  writeFileSync(join(from, "signing.key"), "pem");

  const names = async (over: object) => (await backUp(over)).files.map(({ name }) => name);
  expect(await names({})).toEqual(["cistern.db"]);
  expect(await names({ includeKey: true })).toEqual(["cistern.db", "secret.key", "signing.key"]);

  await store.close();
  await restore({ from: out, dataDir: to });
  expect(readFileSync(join(to, "secret.key"), "utf8")).toBe("key");
  expect(readFileSync(join(to, "signing.key"), "utf8")).toBe("pem");
});

test("any tar can read a backup", async () => {
  await (await aStore()).close();
  await backUp();

  expect(execFileSync("tar", ["-tf", out], { encoding: "utf8" })).toBe("cistern.db\nmanifest.json\n");
  execFileSync("tar", ["-xf", out, "-C", folder]);
  expect(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"))).toMatchObject({ format: 1 });
  const db = new DatabaseSync(join(folder, "cistern.db"), { readOnly: true });
  expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  db.close();
});

test("a backup ends while another connection commits at full speed, and holds whole files only", async () => {
  const writer = new Worker(new URL("./fixtures/busy-writer.ts", import.meta.url), { workerData: from });
  let committed = 0;
  writer.on("message", (file: number) => {
    committed = file;
  });
  while (committed < 10) await once(writer, "message");
  const before = committed;

  const manifest = await backUp();
  const after = committed;
  writer.postMessage("stop");
  await once(writer, "exit");
  await restore({ from: out, dataDir: to });

  expect(after).toBeGreaterThan(before);
  expect(manifest.counts.files).toBeGreaterThanOrEqual(before);
  expect(manifest.counts.events).toBe(500 * manifest.counts.files);
  expect(await logOf(to)).toHaveLength(manifest.counts.events);
});

test("positions that were given out after the backup are not used again", async () => {
  const store = await aStore();
  await backUp();
  const lease = await store.lease(KEY.collectorId, [KEY.dataSource]);
  await collect(store, lease, { id: "f2" }, [aLine("e4", 4)]);
  await store.close();
  const lost = (await logOf(from)).at(-1)!.seq;

  await restore({ from: out, dataDir: from, force: true });
  const again = await openSqliteStore(from);
  await collect(again, await again.lease(KEY.collectorId, [KEY.dataSource]), { id: "f3" }, [aLine("e5", 5)]);
  await again.close();

  const events = await logOf(from);
  expect(ids(events)).toEqual(["e1", "e2", "e3", "e5"]);
  expect(events.at(-1)!.seq).toBeGreaterThan(lost);
});

test("what was erased after the backup is erased again by a restore, and stays away", async () => {
  const store = await aStore();
  await backUp();
  const [first] = await logOf(from);
  await store.erase([first!.seq], minute(91));
  await store.close();
  writeFileSync(join(from, "erasures.log"), '{"v":1,"at":"cut o', { flag: "a" });

  expect(await restore({ from: out, dataDir: from, force: true })).toMatchObject({ erased: 1 });

  expect(ids(await logOf(from))).toEqual(["e2", "e3"]);
  const again = await openSqliteStore(from);
  const lease = await again.lease(KEY.collectorId, [KEY.dataSource]);
  expect((await again.state(KEY)).counts.events).toBe(2);
  expect(await collect(again, lease, { id: "f2" }, [aLine("e1")])).toMatchObject({ tombstoned: 1, inserted: 0 });
  await again.erase([(await logOf(from))[0]!.seq], minute(92));
  await again.close();
  expect(await restore({ from: out, dataDir: from, force: true })).toMatchObject({ erased: 2 });
});

test("the erasure log travels with a backup and is not emptied by one without it", async () => {
  const store = await aStore();
  await backUp({ out: join(folder, "old.tar") });
  await store.erase([(await logOf(from))[0]!.seq], minute(91));
  await backUp();
  await store.close();

  await restore({ from: out, dataDir: to });
  await restore({ from: join(folder, "old.tar"), dataDir: to, force: true });

  expect(ids(await logOf(to))).toEqual(["e2", "e3"]);
});

test("the control database is handed over before it is put in place", async () => {
  const store = await aStore();
  aControlDatabase();
  await backUp();
  await store.close();

  const revoke = (path: string) => {
    expect(existsSync(join(to, "control.db"))).toBe(false);
    const db = new DatabaseSync(path);
    db.exec("UPDATE tokens SET revoked = 1");
    db.close();
  };
  await restore({ from: out, dataDir: to, afterRestore: revoke });

  const db = new DatabaseSync(join(to, "control.db"), { readOnly: true });
  expect(db.prepare("SELECT * FROM tokens").all()).toEqual([{ name: "ci", revoked: 1 }]);
  db.close();
});

test("a store that is there is replaced only by force, its log and search index with it", async () => {
  const store = await aStore();
  await backUp();
  await store.close();
  const other = await openSqliteStore(to);
  const lease = await other.lease("col_b", ["audit-log"]);
  await other.recordListing(lease, { collectorId: "col_b", dataSource: "audit-log" }, [aFile("f9", 0)], minute(60));
  await other.close();
  for (const name of ["search.db", "search.db-wal", "cistern.db-wal"]) writeFileSync(join(to, name), "old");

  await expect(restore({ from: out, dataDir: to })).rejects.toMatchObject({ reason: "data_dir_not_empty" });
  await restore({ from: out, dataDir: to, force: true });

  expect(ids(await logOf(to))).toEqual(["e1", "e2", "e3"]);
  expect(readdirSync(to).filter((name) => name.startsWith("search"))).toEqual([]);
});

test("nothing is restored under a running server", async () => {
  await (await aStore()).close();
  await backUp();
  const lock = acquireDataDirLock(to);

  await expect(restore({ from: out, dataDir: to, force: true })).rejects.toMatchObject({ reason: "data_dir_in_use" });
  lock.release();
});

test("a damaged backup is refused and what was there stays", async () => {
  const store = await aStore();
  await backUp();
  const good = readFileSync(out);
  mkdirSync(to);
  const expectRefusal = async (bytes: Uint8Array) => {
    writeFileSync(out, bytes);
    await expect(restore({ from: out, dataDir: from, force: true })).rejects.toMatchObject({
      reason: "backup_damaged",
    });
  };

  const flipped = Buffer.from(good);
  flipped[10_000]! ^= 1;
  await expectRefusal(flipped);
  await expectRefusal(good.subarray(0, good.length / 2));
  await expectRefusal(Buffer.from("not a backup at all".repeat(100)));
  await expectRefusal(Buffer.alloc(1024));

  expect(await store.commitFile(await store.lease(KEY.collectorId, []), aCommit("f1", []), 0)).toMatchObject({
    inserted: 3,
  });
  await store.close();
  expect(ids(await logOf(from))).toEqual(["e1", "e2", "e3"]);
});

test("a backup of nothing is refused, and one that fails leaves no half file", async () => {
  await expect(backUp()).rejects.toMatchObject({ code: "config_invalid", reason: "store_missing" });
  mkdirSync(from);
  writeFileSync(join(from, "cistern.db"), "no database".repeat(1000));
  await expect(backUp()).rejects.toMatchObject({ code: "storage" });
  expect(readdirSync(folder)).toEqual(["from"]);
});
