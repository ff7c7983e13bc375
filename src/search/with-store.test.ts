import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PreparedEvent } from "../model/event.ts";
import { packEvents } from "../model/event-columns.ts";
import type { Lease } from "../model/store.ts";
import { openSqliteReader, type SqliteReader } from "../store/sqlite/reader.ts";
import { openSqliteStore, type SqliteStore } from "../store/sqlite/store.ts";
import { aMessage, firstTimeKey } from "./fake-log.ts";
import { openSearchFollower, type SearchFollower } from "./follower.ts";
import { openSearchIndex } from "./search-index.ts";

const at = "2026-08-03T09:20:00.000Z";
const key = { collectorId: "col_a", dataSource: "conversations" };

let dataDir: string;
let store: SqliteStore;
let reader: SqliteReader;
let follower: SearchFollower;
let lease: Lease;
let files = 0;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "cistern-search-"));
  store = await openSqliteStore(dataDir);
  lease = await store.lease(key.collectorId, [key.dataSource]);
  reader = openSqliteReader(dataDir);
  follower = openSearchFollower(dataDir, reader);
});

afterEach(async () => {
  await follower.close();
  await reader.close();
  await store.close();
  rmSync(dataDir, { recursive: true });
});

async function commit(texts: readonly string[]) {
  files += 1;
  const lines = texts.map((text) => Buffer.from(JSON.stringify(aMessage(text))));
  const bytes = Buffer.concat(lines);
  const file = { id: `eclf_${files}`, endTime: at, size: bytes.length, sha256: undefined };
  let end = 0;
  const events = lines.map((line, i): PreparedEvent => {
    const start = end;
    end += line.length;
    const eventId = `event-${files}-${i}`;
    return {
      line: i + 1,
      start,
      end,
      eventId,
      timeKey: firstTimeKey + i,
      time: at,
      type: "CONVERSATION_MESSAGE",
      flags: 0,
    };
  });
  const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest();
  await store.recordListing(lease, key, [file], at);
  const stamp = { siteName: "hq", siteId: "site_1", timezone: undefined };
  await store.commitFile(
    lease,
    {
      ...{
        key,
        fileId: file.id,
        sha256: sha256(bytes).toString("hex"),
        verified: true,
        bytes,
        events: packEvents(events, ({ line }) => lines[line - 1]!),
        stamp,
        ingestedAt: at,
      },
      ...{ quarantined: [] },
    },
    0,
  );
}

test("finds what the store has just committed, and the store gives it back", async () => {
  await commit(["来週の会議", "quarterly budget"]);
  await follower.step();
  await commit(["another budget"]);
  await follower.step();
  const index = openSearchIndex(dataDir);

  const { hits } = await index.search({ text: "budget site:hq", sources: [key] }, { limit: 10 });
  const events = await reader.eventsBySeq(hits.map(({ seq }) => seq));
  const meeting = await index.search({ text: "会議" }, { limit: 10 });

  expect(events.map(({ eventId, timeKey }) => [eventId, timeKey])).toEqual([
    [`event-${files - 1}-1`, firstTimeKey + 1],
    [`event-${files}-0`, firstTimeKey],
  ]);
  expect(meeting.hits).toHaveLength(1);
  expect(await index.progress()).toMatchObject({ rebuilding: false, indexedSeq: await reader.lastSeq("col_a") });
  await index.close();
});

test("forgets a collector that was removed from the store", async () => {
  await commit(["quarterly budget"]);
  await follower.step();

  await store.removeCollector(key.collectorId);
  await follower.step();

  const index = openSearchIndex(dataDir);
  expect(await index.count({ text: "budget" }, 10)).toEqual({ count: 0, exact: true });
  await index.close();
});
