import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { countUntil } from "./counting.ts";
import { searchPath } from "./database.ts";
import { aMessage, fakeLog, firstTimeKey } from "./fake-log.ts";
import { openSearchFollower } from "./follower.ts";
import { rowRange } from "./rowid.ts";

const MINUTE_US = 60_000_000;
// Stretches of two hundred minutes, four hundred, and so on.
const sample = 20;
let dataDir: string;
let db: DatabaseSync;

// One event without a time that can be read, then 6,000 a minute apart; the even ones hold a word.
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "cistern-search-"));
  const log = fakeLog();
  log.add({ raw: aMessage("odd tally"), timeKey: 0 });
  for (let i = 0; i < 6_000; i++)
    log.add({ raw: aMessage(i % 2 === 0 ? "even tally" : "odd"), timeKey: firstTimeKey + i * MINUTE_US });
  const follower = openSearchFollower(dataDir, log);
  while ((await follower.step()) > 0);
  await follower.close();
  db = new DatabaseSync(searchPath(dataDir), { readOnly: true });
});

afterEach(() => {
  db.close();
  rmSync(dataDir, { recursive: true });
});

function count(match: string | undefined, limit: number, isLate: () => boolean, minutes: readonly number[] = []) {
  const [first, last] = rowRange(
    ...(minutes.map((minute) => firstTimeKey + minute * MINUTE_US) as [number | undefined, number | undefined]),
  );
  return countUntil(db, { generation: 1, match, first, last }, limit, isLate, sample);
}

test("counts all there is while there is time, whatever the stretches", () => {
  const inTime = () => false;

  expect(count('"tally"', 10_000, inTime)).toEqual({ count: 3_001, whole: true });
  expect(count(undefined, 10_000, inTime)).toEqual({ count: 6_001, whole: true });
  expect(count('"tally"', 10_000, inTime, [1_000, 2_000])).toEqual({ count: 500, whole: true });
  expect(count('"tally"', 10_000, inTime, [10, 20])).toEqual({ count: 5, whole: true });
  expect(count('"nothing"', 10_000, inTime)).toEqual({ count: 0, whole: true });
  expect(count('"tally"', 700, inTime)).toEqual({ count: 700, whole: true });
});

test("late, it stops with the newest thousand or more, and says that it is not all", () => {
  const { count: counted, whole } = count('"even"', 10_000, () => true);

  expect(whole).toBe(false);
  expect(counted).toBeGreaterThanOrEqual(1_000);
  expect(counted).toBeLessThan(3_000);
});

test("late, it goes on to the end where there are fewer", () => {
  expect(count('"even"', 10_000, () => true, [1_500, 3_000])).toEqual({ count: 750, whole: true });
  expect(count('"nothing"', 10_000, () => true)).toEqual({ count: 0, whole: true });
});
