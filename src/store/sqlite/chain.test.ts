import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { aLine, collect, KEY, OTHER_SOURCE } from "../../testing/store-contract/fixture.ts";
import { type ChainHead, chainHeads, checkChains } from "./chain-check.ts";
import { openForWriting } from "./connection.ts";
import { linkExistingFiles } from "./link-existing.ts";
import { openSqliteStore } from "./store.ts";

let dataDir: string;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "cistern-chain-"));
  const store = await openSqliteStore(dataDir);
  const lease = await store.lease(KEY.collectorId, [KEY.dataSource, OTHER_SOURCE.dataSource]);
  const unreadable = { raw: "}", unreadable: "not JSON" };
  await collect(store, lease, { id: "f0" }, []);
  await collect(store, lease, { id: "f1" }, [aLine("e1"), { ...aLine("e2"), type: "RARE" }, aLine("e1"), aLine("e3")]);
  await collect(store, lease, { id: "f3" }, [
    unreadable,
    aLine("e3"),
    aLine("e4"),
    { ...aLine(""), time: "", flags: 1 },
  ]);
  await collect(store, lease, { id: "f4", key: OTHER_SOURCE }, [aLine("é\ud800", 1)]);
  await store.close();
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function damaged<T>(sql: string, look: (db: DatabaseSync) => T): T {
  const db = openForWriting(join(dataDir, "cistern.db"));
  try {
    db.exec(`DROP TRIGGER linked_files_are_not_changed; DROP TRIGGER events_are_not_changed; ${sql}`);
    return look(db);
  } finally {
    db.close();
  }
}

const faults = (db: DatabaseSync) =>
  checkChains(db, { mostFaults: 10 }).faults.map(({ key, fileId, what }) => `${key.dataSource} ${fileId}: ${what}`);

test("a chain made from what is stored is the one that the commits made", () => {
  const links = `SELECT file_id, link, hex(digest) AS digest, hex(chain) AS chain FROM files ORDER BY file`;
  const before = damaged("", (db) => ({ heads: chainHeads(db), links: db.prepare(links).all() }));
  const clear = "UPDATE files SET link = NULL, digest = NULL, chain = NULL; UPDATE sources SET links = 0, chain = NULL";
  const db = openForWriting(join(dataDir, "cistern.db"));

  db.exec(clear);
  linkExistingFiles(db);

  expect(chainHeads(db).map(({ links }) => links)).toEqual([3, 1]);
  expect({ heads: chainHeads(db) as readonly ChainHead[], links: db.prepare(links).all() }).toEqual(before);
  db.close();
});

test("a broken chain is told at its place", () => {
  const wrong = "is not what the link before it and its file's row make";
  expect(damaged("UPDATE files SET size = 7 WHERE file_id = 'f0'", faults)).toEqual([
    `conversations f0: link 1 ${wrong}`,
  ]);
});

test.each([
  ["a digest", "UPDATE files SET digest = zeroblob(32) WHERE file_id = 'f1'", "conversations f1: link 2 is not"],
  ["a stamp", "UPDATE stamps SET site_name = 'x'", "conversations f1: link 2 is not"],
  ["a missing link", "DELETE FROM files WHERE file_id = 'f1'", "conversations undefined: link 2 is missing"],
  ["a cut end", "DELETE FROM files WHERE file_id = 'f3'", "conversations undefined: link 3 is missing"],
  ["a chain that is gone", "DELETE FROM files WHERE source = 2", "audit-log undefined: link 1 is missing"],
  [
    "another head",
    "UPDATE sources SET chain = zeroblob(32) WHERE source = 2",
    "audit-log undefined: the last link is not",
  ],
  ["a shorter head", "UPDATE sources SET links = 2 WHERE source = 1", "conversations undefined: the last link is not"],
  [
    "a number beyond any",
    "UPDATE files SET size = 9223372036854775807 WHERE file_id = 'f4'",
    "audit-log f4: link 1 is not",
  ],
  [
    "a file outside",
    "UPDATE files SET link = NULL WHERE file_id = 'f3'",
    "conversations f3: done, and not in the chain",
  ],
  [
    "a file taken back",
    "UPDATE files SET state = 'expired' WHERE file_id = 'f3'",
    "conversations f3: in the chain, and expired",
  ],
  [
    "two that changed places",
    `UPDATE files SET link = 9 WHERE file_id = 'f0'; UPDATE files SET link = 1 WHERE file_id = 'f1';
    UPDATE files SET link = 2 WHERE file_id = 'f0'`,
    "conversations f1: link 1 is not",
  ],
])("%s breaks the chain", (_, sql, expected) => {
  expect(damaged(sql, faults)).toEqual(expect.arrayContaining([expect.stringContaining(expected)]));
});

test("neither a stored event nor a file that is done can be changed by mistake", () => {
  const db = openForWriting(join(dataDir, "cistern.db"));
  expect(() => db.exec("UPDATE events SET line = 1 WHERE seq = 1")).toThrow("a stored event would change");
  expect(() => db.exec("UPDATE files SET state = 'pending' WHERE file_id = 'f1'")).toThrow("would change");
  db.close();
});
