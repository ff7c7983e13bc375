import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CollectorError } from "../model/errors.ts";
import type { SearchIndex } from "../model/search.ts";
import { letOthersIn } from "../runtime/threads.ts";
import { searchPath } from "./database.ts";
import { aMessage, type FakeLog, fakeLog, firstTimeKey } from "./fake-log.ts";
import { openSearchFollower, type SearchFollower } from "./follower.ts";
import type { LogReader } from "./generation.ts";
import { openSearchIndex } from "./search-index.ts";

let dataDir: string;
let log: FakeLog;
let follower: SearchFollower;
let index: SearchIndex;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "cistern-search-"));
  log = fakeLog();
  follower = openSearchFollower(dataDir, log, { batch: 10 });
  index = openSearchIndex(dataDir);
});

afterEach(async () => {
  await index.close();
  await follower.close();
  rmSync(dataDir, { recursive: true });
});

async function catchUp() {
  while ((await follower.step()) > 0);
}

async function restart(reader: LogReader = log) {
  await follower.close();
  follower = openSearchFollower(dataDir, reader, { batch: 10 });
}

async function found(text: string): Promise<readonly number[]> {
  const { hits } = await index.search({ text }, { limit: 1_000 });
  return hits.map(({ seq }) => seq);
}

function addMany(count: number, word: string, collectorId = "col_a") {
  return Array.from({ length: count }, () => log.add({ raw: aMessage(word), collectorId }).seq);
}

test("waits while another process keeps the index locked, and goes on after it", { timeout: 20_000 }, async () => {
  addMany(5, "alpha");
  await catchUp();
  addMany(5, "alpha");
  const other = new DatabaseSync(searchPath(dataDir));
  other.exec("BEGIN IMMEDIATE");
  const met = Promise.withResolvers<CollectorError>();
  const stop = new AbortController();
  await follower.close();
  follower = openSearchFollower(dataDir, log, { onError: met.resolve, pollMs: 1 });

  const running = follower.run(stop.signal, async () => letOthersIn());
  running.catch(() => met.reject(new Error("The follower has ended")));
  const error = await met.promise;
  other.close();
  while ((await index.progress()).indexedSeq < 10) await letOthersIn();
  stop.abort();
  await running;

  expect(error).toMatchObject({ code: "storage", reason: "busy" });
  expect(await index.count({ text: "alpha" }, 100)).toEqual({ count: 10, exact: true });
});

test("resumes after each batch and indexes each event once", async () => {
  addMany(35, "alpha");
  expect(await follower.step()).toBe(10);
  await restart();
  expect(await follower.step()).toBe(10);
  await restart();
  await catchUp();

  expect(await index.count({ text: "alpha" }, 100)).toEqual({ count: 35, exact: true });
  expect(await follower.step()).toBe(0);
});

test("keeps rows and position together when it is cut off within a batch", async () => {
  addMany(10, "alpha");
  await catchUp();
  addMany(10, "alpha");
  const broken: LogReader = {
    ...log,
    readLog: async (query) => {
      const page = await log.readLog(query);
      const [first, ...rest] = page.events;
      return { ...page, events: [first!, ...rest.slice(0, 4), { ...rest[4]!, seq: Number.NaN }] };
    },
  };
  await restart(broken);

  await expect(follower.step()).rejects.toThrow();
  expect(await index.count({ text: "alpha" }, 100)).toEqual({ count: 10, exact: true });
  await restart();
  await catchUp();
  expect(await index.count({ text: "alpha" }, 100)).toEqual({ count: 20, exact: true });
});

test("gives the same answers built at once as built bit by bit", async () => {
  for (let i = 0; i < 90; i += 1) {
    log.add({
      raw: aMessage(`alpha ${i % 7}`),
      timeKey: firstTimeKey + (i % 5),
      collectorId: i % 3 === 0 ? "col_b" : "col_a",
    });
    if (i % 4 === 0) await follower.step();
  }
  await catchUp();
  const before = await index.search({ text: "alpha 3" }, { limit: 100 });

  await follower.rebuild();

  const after = await index.search({ text: "alpha 3" }, { limit: 100 });
  const known = ({ hits }: typeof before) => hits.map(({ seq, timeKey }) => `${timeKey} ${seq}`).sort();
  expect(known(after)).toEqual(known(before));
  expect(after.hits.map(({ timeKey }) => timeKey)).toEqual(before.hits.map(({ timeKey }) => timeKey));
});

test("answers from the old index while it builds a new one, tells how far it is, and resumes after a stop", async () => {
  addMany(45, "alpha");
  await catchUp();
  const stop = new AbortController();
  const seen: number[] = [];

  await follower.rebuild({
    signal: stop.signal,
    onProgress: ({ indexed, lastSeq }) => {
      seen.push(indexed, lastSeq);
      if (indexed >= 20) stop.abort();
    },
  });
  expect(seen).toEqual([10, 45, 20, 45]);
  expect(await index.progress()).toEqual({ indexedSeq: 20, lastSeq: 45, rebuilding: true });
  expect(await found("alpha")).toHaveLength(45);

  await restart();
  await catchUp();
  expect(await index.progress()).toEqual({ indexedSeq: 45, lastSeq: 45, rebuilding: false });
  expect(await found("alpha")).toHaveLength(45);
});

test("builds a deleted index again under an open reader", async () => {
  addMany(15, "alpha");
  await catchUp();
  expect(await found("alpha")).toHaveLength(15);

  rmSync(searchPath(dataDir));
  expect(await found("alpha")).toEqual([]);
  await catchUp();

  expect(await found("alpha")).toHaveLength(15);
});

test("moves a damaged index aside and builds it again", async () => {
  addMany(15, "alpha");
  await catchUp();
  await follower.close();
  writeFileSync(searchPath(dataDir), "this is no database at all, and long enough to be looked at".repeat(100));
  await restart();

  await catchUp();

  expect(await found("alpha")).toHaveLength(15);
  expect(existsSync(`${searchPath(dataDir)}.corrupt`)).toBe(true);
});

test("a reader that meets damage says so, and has it repaired", async () => {
  addMany(300, "alpha");
  await catchUp();
  await index.close();
  await follower.close();
  const pages = statSync(searchPath(dataDir)).size / 8_192;
  const file = openSync(searchPath(dataDir), "r+");
  for (let page = 2; page < pages; page += 1) writeSync(file, Buffer.alloc(4_000, 0x5a), 0, 4_000, page * 8_192);
  closeSync(file);
  index = openSearchIndex(dataDir);

  const error = await index.search({ text: "alpha" }, { limit: 5 }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "CollectorError", code: "unavailable" });

  await restart();
  await catchUp();
  expect(await found("alpha")).toHaveLength(300);
});

test("takes back what a restored log no longer has, and reads on from there", async () => {
  addMany(20, "kept");
  await catchUp();
  const lost = addMany(5, "lost");
  await catchUp();
  const older = fakeLog();
  for (let i = 0; i < 20; i += 1) older.add({ raw: aMessage("kept") });

  await restart(older);
  await catchUp();
  expect(await found("lost")).toEqual([]);
  older.add({ raw: aMessage("fresh") });
  await catchUp();

  expect(await found("kept")).toHaveLength(20);
  expect(await found("fresh")).toEqual([lost[0]]);
});

test("builds anew when the log is another one", async () => {
  addMany(25, "mine");
  await catchUp();
  const other = fakeLog();
  for (let i = 0; i < 40; i += 1) other.add({ raw: aMessage("theirs") });

  await restart(other);
  await catchUp();

  expect(await found("mine")).toEqual([]);
  expect(await found("theirs")).toHaveLength(40);
});

test("goes on when the newest events were removed from the log", async () => {
  const seqs = addMany(20, "alpha");
  await catchUp();
  log.drop(seqs.slice(-3));
  await catchUp();
  const fresh = addMany(1, "alpha");
  await catchUp();

  expect(await found("alpha")).toEqual([...fresh, ...seqs.slice(0, 17).reverse()]);
});

test("forgets a collector that is gone", async () => {
  addMany(15, "alpha", "col_a");
  const kept = addMany(5, "alpha", "col_b");
  await catchUp();
  log.dropCollector("col_a");

  await catchUp();

  expect(await found("alpha")).toEqual(kept.reverse());
  expect(readFileSync(searchPath(dataDir)).includes("col_a")).toBe(false);
});

test("removes events, and after a purge their words are in no file", async () => {
  addMany(30, "ordinary");
  const erased = log.add({ raw: aMessage("xyzzysecret") });
  addMany(30, "ordinary");
  await catchUp();

  expect(await follower.remove([erased, { seq: 999, timeKey: 5 }])).toBe(1);
  expect(await found("xyzzysecret")).toEqual([]);
  await follower.purge();

  for (const suffix of ["", "-wal"])
    expect(readFileSync(searchPath(dataDir) + suffix).includes("xyzzysecret")).toBe(false);
  expect(await found("ordinary")).toHaveLength(60);
});

test("removes what is older than an instant, one data source at a time, oldest first", async () => {
  const seqs = Array.from({ length: 10 }, (_, i) => log.add({ raw: aMessage("old"), timeKey: firstTimeKey + i }).seq);
  const other = log.add({ raw: aMessage("old"), timeKey: firstTimeKey, dataSource: "audit-log" }).seq;
  await catchUp();
  const key = { collectorId: "col_a", dataSource: "conversations" };

  expect(await follower.removeBefore(key, firstTimeKey + 6, 4)).toBe(4);
  expect(await follower.removeBefore(key, firstTimeKey + 6, 4)).toBe(2);

  expect(await found("old")).toEqual([...seqs.slice(6).reverse(), other]);
});

test("removes what has no time once the log no longer has it", async () => {
  const [first, second, third] = [0, 1, 2].map(() => log.add({ raw: aMessage("undated"), timeKey: 0 }).seq);
  await catchUp();
  log.drop([first!, second!]);

  expect(await follower.removeBefore({ collectorId: "col_a", dataSource: "conversations" }, firstTimeKey, 100)).toBe(2);

  expect(await found("undated")).toEqual([third]);
  expect(await index.count({ text: "undated" }, 10)).toEqual({ count: 1, exact: true });
});

test("reads large events a few at a time, and all of them in one batch", async () => {
  const text = "word ".repeat(100_000);
  for (let i = 0; i < 30; i += 1) log.add({ raw: aMessage(i < 10 ? "small" : text) });
  const heaviest: number[] = [];
  await follower.close();
  const weighed: LogReader = {
    ...log,
    readLog: async (query) => {
      const page = await log.readLog(query);
      heaviest.push(page.events.reduce((sum, { raw }) => sum + raw.length, 0));
      return page;
    },
  };
  follower = openSearchFollower(dataDir, weighed, { batch: 40 });
  for (let i = 0; i < 20; i += 1) log.add({ raw: aMessage(text) });

  expect(await follower.step()).toBe(40);
  heaviest.length = 0;
  expect(await follower.step()).toBe(10);

  expect(Math.max(...heaviest)).toBeLessThan(4 * 1024 * 1024);
});

test("lets a removal wait for the batch in work", async () => {
  const seqs = addMany(10, "alpha");
  const hits = seqs.map((seq) => ({ seq, timeKey: firstTimeKey + seq * 1_000_000 }));

  const [indexed, removed] = await Promise.all([follower.step(), follower.remove(hits)]);

  expect([indexed, removed]).toEqual([10, 10]);
  expect(await found("alpha")).toEqual([]);
});

test("follows until it is told to stop, and waits out an error that should pass", async () => {
  const stop = new AbortController();
  const errors: string[] = [];
  let failures = 2;
  const shaky: LogReader = {
    ...log,
    dataSources: async () => {
      failures -= 1;
      if (failures >= 0) throw new CollectorError("unavailable", "The store is away");
      return log.dataSources();
    },
  };
  addMany(25, "alpha");
  await follower.close();
  follower = openSearchFollower(dataDir, shaky, { batch: 10, onError: ({ code }) => errors.push(code) });
  let waits = 0;

  await follower.run(stop.signal, async (ms) => {
    if (ms > 0) waits += 1;
    if (waits === 3) stop.abort();
  });

  expect(errors).toEqual(["unavailable", "unavailable"]);
  expect(await found("alpha")).toHaveLength(25);
});
