import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyRetention } from "../engine/retention.ts";
import type { SearchIndex } from "../model/search.ts";
import { openSearchFollower, type SearchFollower } from "../search/follower.ts";
import { openSearchIndex } from "../search/search-index.ts";
import { openSqliteReader, type SqliteReader } from "../store/sqlite/reader.ts";
import { openSqliteStore, type SqliteStore } from "../store/sqlite/store.ts";
import { quietLog } from "../testing/quiet-log.ts";
import { aLine, collect, ids, KEY, minute, minuteMs, wholeLog } from "../testing/store-contract/fixture.ts";
import { removalFromIndex } from "./index-removal.ts";

const DAY_MINUTES = 1_440;

let dataDir: string;
let store: SqliteStore;
let reader: SqliteReader;
let follower: SearchFollower;
let index: SearchIndex;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "cistern-index-removal-"));
  store = await openSqliteStore(dataDir);
  reader = openSqliteReader(dataDir);
  follower = openSearchFollower(dataDir, reader);
  index = openSearchIndex(dataDir);
});

afterEach(async () => {
  await index.close();
  await follower.close();
  await reader.close();
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const counted = async () => (await index.count({ text: "hello" }, 100)).count;

async function collectThree() {
  const lease = await store.lease(KEY.collectorId, [KEY.dataSource]);
  const untimed = { ...aLine("untimed"), timeKey: 0, time: "" };
  await collect(store, lease, { id: "f1" }, [aLine("old", 1), aLine("new", 5), untimed], { ingestedAt: minute(3) });
  await follower.step();
  return lease;
}

function retention(lateMinutes: number, signal: AbortSignal) {
  const now = new Date(minuteMs(DAY_MINUTES + lateMinutes));
  return { retentionDays: 1, now, signal, onRemoved: removalFromIndex(follower, quietLog()) };
}

test("what retention removes from the log cannot be counted in the index any more", async () => {
  const lease = await collectThree();
  const { signal } = new AbortController();
  expect(await counted()).toBe(3);

  await applyRetention(store, lease, KEY, retention(2, signal));
  expect(ids(await wholeLog(reader))).toEqual(["new", "untimed"]);
  expect(await counted()).toBe(2);

  await applyRetention(store, lease, KEY, retention(4, signal));
  expect(ids(await wholeLog(reader))).toEqual(["new"]);
  expect(await counted()).toBe(1);
});

test("a removal that the index missed is made up for by the next round", async () => {
  const lease = await collectThree();
  const { signal } = new AbortController();
  const { onRemoved, ...deaf } = retention(2, signal);
  await applyRetention(store, lease, KEY, deaf);
  expect(await counted()).toBe(3);

  expect(await applyRetention(store, lease, KEY, { ...deaf, onRemoved })).toBe(0);

  expect(await counted()).toBe(2);
});

test("an index that cannot remove is no reason to stop collecting", async () => {
  const lease = await collectThree();
  const log = quietLog();
  const broken = { removeBefore: () => Promise.reject(new Error("The thread that should answer has ended")) };
  const { signal } = new AbortController();

  const options = { ...retention(2, signal), onRemoved: removalFromIndex(broken, log) };
  expect(await applyRetention(store, lease, KEY, options)).toBe(1);

  expect(log.kept).toHaveLength(1);
});
