import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { aCommit, aFile, aLine, KEY, minute, minuteUs, wholeLog } from "../../testing/store-contract/fixture.ts";
import { asStorageError } from "./connection.ts";
import { openSqliteReader } from "./reader.ts";
import { openSqliteStore } from "./store.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "cistern-faults-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test("a full disk stops a commit whole, and the store goes on when there is room again", async () => {
  const store = await openSqliteStore(dataDir, { maxBytes: 1_250_000 });
  const reader = openSqliteReader(dataDir);
  const lease = await store.lease(KEY.collectorId, [KEY.dataSource]);
  await store.recordListing(lease, KEY, [aFile("f1", 0), aFile("f2", 1)], minute(60));
  const lines = (count: number) =>
    Array.from({ length: count }, (_, index) => aLine(`e${index}`, index, "x".repeat(1000)));
  await store.commitFile(lease, aCommit("f1", lines(500)), 0);
  const before = await store.state(KEY);
  const large = () => store.commitFile(lease, aCommit("f2", lines(1000)), 0);

  await expect(large()).rejects.toMatchObject({ code: "storage", reason: "disk_full", retry: "later" });
  expect(await store.state(KEY)).toEqual(before);
  expect(await wholeLog(reader)).toHaveLength(500);

  expect(await store.removeExpired(lease, KEY, minuteUs(1000), 1000)).toBe(500);
  expect(await store.commitFile(lease, aCommit("f2", lines(400)), 0)).toMatchObject({ inserted: 400 });
  await reader.close();
  await store.close();
});

test("space is given back after a removal", async () => {
  const store = await openSqliteStore(dataDir);
  const lease = await store.lease(KEY.collectorId, [KEY.dataSource]);
  await store.recordListing(lease, KEY, [aFile("f1", 0)], minute(60));
  const lines = Array.from({ length: 200 }, (_, index) => aLine(`e${index}`, index, "x".repeat(200_000)));
  await store.commitFile(lease, aCommit("f1", lines), 0);
  await store.close();

  const again = await openSqliteStore(dataDir);
  expect((await again.disk()).databaseBytes).toBeGreaterThan(40_000_000);
  await again.removeCollector(KEY.collectorId);

  expect((await again.disk()).databaseBytes).toBeLessThan(10_000_000);
  await again.close();
});

test("a removal that was cut off hides the collector, and the next lease ends it first", async () => {
  const crash = async () => {
    throw new Error("cut off");
  };
  const store = await openSqliteStore(dataDir, { pause: crash });
  const lease = await store.lease(KEY.collectorId, [KEY.dataSource]);
  await store.recordListing(lease, KEY, [aFile("f1", 0), aFile("f2", 1)], minute(60));
  await store.commitFile(lease, aCommit("f1", [aLine("e1")]), 0);
  await expect(store.removeCollector(KEY.collectorId)).rejects.toThrow("cut off");
  await store.close();

  const again = await openSqliteStore(dataDir);
  const reader = openSqliteReader(dataDir);
  expect(await reader.dataSources()).toEqual([]);

  await again.lease(KEY.collectorId, [KEY.dataSource]);
  expect(await reader.dataSources()).toMatchObject([
    { key: KEY, counts: { events: 0, filesDone: 0, filesPending: 0 } },
  ]);
  await reader.close();
  await again.close();
});

test("a file that is no database is a storage error with the remedy", async () => {
  writeFileSync(join(dataDir, "cistern.db"), "not a database, but long enough to look like one".repeat(100));

  const damaged = { code: "storage", reason: "corrupt", action: "Restore the last backup" };
  await expect(openSqliteStore(dataDir)).rejects.toMatchObject(damaged);
  expect(() => openSqliteReader(dataDir)).toThrow(expect.objectContaining(damaged));
});

test("errors of the system become storage errors, a bug stays what it is", () => {
  const failure = (fields: object) => asStorageError(Object.assign(new Error("x"), fields));
  expect(failure({ code: "ENOSPC" })).toMatchObject({ code: "storage", reason: "disk_full" });
  expect(failure({ code: "ERR_SQLITE_ERROR", errcode: 10 | (3 << 8) })).toMatchObject({
    code: "storage",
    reason: "io_error",
  });
  const bug = new TypeError("x is not a function");
  expect(asStorageError(bug)).toBe(bug);
});
