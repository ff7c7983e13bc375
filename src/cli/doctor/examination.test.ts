import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Writable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSearchFollower } from "../../search/follower.ts";
import { openSqliteReader } from "../../store/sqlite/reader.ts";
import { openSqliteStore } from "../../store/sqlite/store.ts";
import { aCommit, aFile, aLine, collect, minute, minuteUs } from "../../testing/store-contract/fixture.ts";
import type { Cli } from "../cli.ts";
import { damage } from "../fixtures/damage.ts";
import { fillDataDir, now } from "../fixtures/data-dir.ts";
import { type Examined, examine } from "./examination.ts";
import type { Violation } from "./examine.ts";

let sound: string;
let work: string;

beforeAll(async () => {
  ({ path: sound } = await fillDataDir());
  const store = await openSqliteStore(sound);
  expect(await store.erase([1_100], now.toISOString())).toBe(1);
  const reader = openSqliteReader(sound);
  const follower = openSearchFollower(sound, reader);
  while ((await follower.step()) > 0);
  await follower.close();
  await reader.close();
  await store.close();
  work = mkdtempSync(join(tmpdir(), "cistern-doctor-"));
});
afterAll(() => {
  rmSync(sound, { recursive: true });
  rmSync(work, { recursive: true });
});

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

async function doctor(
  dataDir: string,
  options: Partial<Parameters<typeof examine>[1]> = {},
  clock = () => new Date(),
): Promise<Examined> {
  const cli: Cli = {
    stdout: nowhere(),
    stderr: nowhere(),
    variables: {},
    now: clock,
    stopSignal: () => new AbortController().signal,
    exitCode: 0,
  };
  return examine(cli, { dataDir, full: false, expectedHeads: [], onResult: () => undefined, ...options });
}

/** A copy of the sound folder, changed. */
function changed(change: (dataDir: string) => void): string {
  const dataDir = join(work, String(readdirSync(work).length));
  cpSync(sound, dataDir, { recursive: true });
  change(dataDir);
  return dataDir;
}

const found = ({ results }: Examined) =>
  results.flatMap(({ id, violations }) => violations.map(({ what }) => `${id}: ${what}`));
const all = ({ results }: Examined): readonly Violation[] => results.flatMap(({ violations }) => violations);

test("a sound store is sound, with what was erased, and every check had something to look at", async () => {
  const examined = await doctor(sound, { full: true });

  expect(found(examined)).toEqual([]);
  expect(examined.results.flatMap(({ warnings = [] }) => warnings)).toEqual([]);
  const empty = examined.results.filter((result) => result.examined === 0).map(({ id }) => id);
  expect(empty).toEqual(["deliveries", "gaps", "reports", "access-record"]);
  expect(examined.linksOnly).toBe(1);
  expect(examined.chain).toMatchObject([
    { dataSource: "conversations", links: 3 },
    { dataSource: "audit-log", links: 0 },
  ]);
});

/** Every row: what is done to the store, and everything that doctor says. */
const damages: readonly (readonly [invariant: string, sql: string, said: readonly string[]])[] = [
  ["the schema", "DROP INDEX files_chain", ["objects: The databases are not built as this version builds them"]],
  ["the schema version", "INSERT INTO migrations VALUES (9999, 'later', '')", ["schema: The store has another schema"]],
  [
    "references",
    "INSERT INTO gaps VALUES (77, 99, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', 'suspected', 0, '', '', NULL, NULL)",
    ["references: There are gaps of no data source"],
  ],
  [
    "references",
    "INSERT INTO events SELECT 5000, source, time_key + 1, event_id, content_hash, 77, line, type, flags, time, raw FROM events WHERE seq = 1",
    ["references: Events belong to no file of the ledger"],
  ],
  [
    "references",
    "UPDATE events SET file = 2 WHERE seq = 3",
    ["references: Events name a file, data source or type that is not theirs"],
  ],
  [
    "I1",
    "DELETE FROM events WHERE seq = 9",
    ["files: Events of files are missing", "search: The search index finds events that are not stored"],
  ],
  [
    "I1",
    "DELETE FROM events WHERE file = 1",
    ["files: Events of files are missing", "search: The search index finds events that are not stored"],
  ],
  [
    "I1",
    "INSERT INTO events SELECT 1100, source, time_key + 1, event_id, content_hash, 2, line, type, flags, time, raw FROM events WHERE seq = 1",
    ["files: Files have events that were not collected"],
  ],
  [
    "I1",
    "UPDATE files SET held_bytes = held_bytes + 1 WHERE file = 1; UPDATE sources SET bytes = bytes + 1 WHERE source = 1",
    ["files: Files hold another number of bytes than their row says"],
  ],
  [
    "I1",
    "UPDATE files SET lines = 701 WHERE file = 1",
    ["files: Lines of files are not accounted for", "chain: The log chain is broken"],
  ],
  [
    "I1",
    "DELETE FROM quarantine; UPDATE sources SET unacknowledged_quarantined = 0 WHERE source = 1",
    [
      "files: Lines that were set aside are not there",
      "chain: Events are not those that were collected with their file",
    ],
  ],
  ["I1", "UPDATE files SET error = 'x' WHERE file = 1", ["files: Rows of collected files contradict themselves"]],
  [
    "I2",
    "UPDATE sqlite_sequence SET seq = 100 WHERE name = 'events'",
    ["uniqueness: Log positions are used that were not given out"],
  ],
  [
    "I2",
    "UPDATE sources SET last_seq = 5 WHERE source = 1",
    ["uniqueness: Log positions are used that were not given out", "search: The search index is ahead of the log"],
  ],
  [
    "I2",
    "DROP INDEX events_once",
    [
      "objects: The databases are not built as this version builds them",
      "uniqueness: The unique index over source, time, event id and content is missing",
    ],
  ],
  [
    "I3",
    "UPDATE files SET sha256 = 'aa' WHERE file = 1",
    ["hashes: Files were stored with another SHA-256 than upstream gave", "chain: The log chain is broken"],
  ],
  [
    "I3",
    "UPDATE files SET sha256 = NULL WHERE file = 1",
    ["hashes: Files count as verified though upstream gave no SHA-256", "chain: The log chain is broken"],
  ],
  ["I4", "UPDATE sources SET cursor = '2026-07-15' WHERE source = 1", ["cursors: Cursors cannot be read"]],
  [
    "I4",
    "UPDATE sources SET cursor = '2026-07-15T15:39:00Z', cursor_us = cursor_us + 540000000 WHERE source = 1",
    ["cursors: Cursors are ahead of every file that upstream has listed"],
  ],
  [
    "I5",
    "UPDATE sources SET complete_through = '2026-07-15T15:31:00Z', complete_through_us = complete_through_us + 60000000 WHERE source = 1",
    ["claims: More is claimed complete than is collected"],
  ],
  [
    "I5",
    "UPDATE files SET end_us = end_us + 1 WHERE state = 'pending'",
    ["claims: End times of files that wait cannot be read"],
  ],
  ["I9", "UPDATE sources SET duplicates = 7 WHERE source = 1", ["counts: Counters of data sources are wrong"]],
  ["I9", "UPDATE sources SET unacknowledged_gaps = 0", ["counts: Counters of data sources are wrong"]],
  ["I9", "UPDATE volume SET events = events + 1", ["counts: The volume by event time is miscounted"]],
  ["I9", "DELETE FROM type_counts", ["counts: Events by type are miscounted"]],
  [
    "I9",
    "UPDATE files SET state = 'expired' WHERE file_id = 'eclf_hole'; UPDATE sources SET files_pending = 0, files_pending_bytes = 0 WHERE source = 1",
    ["gaps: Files are lost without a declared gap"],
  ],
  [
    "I9",
    "INSERT INTO gaps VALUES (77, 1, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', 'expired_upstream', 1, 'eclf_hole', '', '', '')",
    ["gaps: Gaps are declared for files that are not lost"],
  ],
  [
    "I12",
    "UPDATE events SET raw = CAST('{}' AS BLOB) WHERE seq = 5",
    ["bytes: Events' bytes do not have the hash they were stored with"],
  ],
  [
    "I12",
    "UPDATE events SET content_hash = zeroblob(32) WHERE seq = 5",
    ["bytes: Events' bytes do not have the hash they were stored with"],
  ],
  [
    "I12",
    "UPDATE events SET line = 9223372036854775807 WHERE seq = 5",
    ["bytes: Events hold a number that Cistern never writes"],
  ],
  [
    "I13",
    "UPDATE events SET line = 9 WHERE seq = 5",
    ["chain: Events are not those that were collected with their file"],
  ],
  [
    "I13",
    "UPDATE events SET time = '' WHERE seq = 5",
    ["chain: Events are not those that were collected with their file"],
  ],
  [
    "I13",
    "UPDATE events SET event_id = 'e4b' WHERE seq = 5",
    ["chain: Events are not those that were collected with their file"],
  ],
  [
    "I13",
    "UPDATE events SET seq = 9999 WHERE seq = 5; UPDATE events SET seq = 5 WHERE seq = 6; UPDATE events SET seq = 6 WHERE seq = 9999",
    ["chain: Events are not those that were collected with their file"],
  ],
  ["I13", "UPDATE files SET attempts = 3 WHERE file = 1", ["chain: The log chain is broken"]],
  ["I13", "UPDATE stamps SET site_name = 'elsewhere'", ["chain: The log chain is broken"]],
  [
    "I13",
    "UPDATE quarantine SET reason = 'another'",
    ["chain: Events are not those that were collected with their file"],
  ],
  ["I13", "UPDATE sources SET chain = zeroblob(32) WHERE source = 1", ["chain: The log chain is broken"]],
  [
    "I17",
    "DELETE FROM tombstones",
    ["erasures: Erasures of erasures.log were not made, or have lost their tombstones"],
  ],
];

test.each(damages)("%s: %s", async (_invariant, sql, said) => {
  const dataDir = changed((path) => damage(path, sql));

  const examined = await doctor(dataDir);

  expect(found(examined)).toEqual(said);
  expect(all(examined).every(({ examples, remedy, count }) => count >= examples.length && remedy !== "")).toBe(true);
});

const otherDamages: readonly (readonly [what: string, damage: (dataDir: string) => void, said: readonly string[]])[] = [
  [
    "a plain secret in the place of a sealed one",
    (dataDir) => damage(dataDir, "UPDATE secrets SET sealed = CAST('sk-plain-0123456789' AS BLOB)", "control.db"),
    ["secrets: Secrets are not sealed"],
  ],
  [
    "a sealed secret moved to another collector",
    (dataDir) => damage(dataDir, "UPDATE secrets SET owner_id = 'col_x'", "control.db"),
    ["secrets: Secrets cannot be opened with their key"],
  ],
  [
    "a secret among the settings",
    (dataDir) => damage(dataDir, "UPDATE collectors SET settings = json_set(settings, '$.token', 'abc')", "control.db"),
    ["secrets: Settings hold a secret in the clear"],
  ],
  [
    "a secret in a text of control.db",
    (dataDir) => damage(dataDir, "UPDATE sites SET name = 'sk-canary-0123456789'", "control.db"),
    ["secrets: Files hold a secret in the clear"],
  ],
  [
    "a key that is gone",
    (dataDir) => rmSync(join(dataDir, "secret.key")),
    ["secrets: The key of the stored secrets is not at hand"],
  ],
  [
    "an access record that can be changed",
    (dataDir) => {
      const db = new DatabaseSync(join(dataDir, "control.db"));
      db.exec("DROP TRIGGER access_record_is_not_changed");
      db.close();
    },
    [
      "objects: The databases are not built as this version builds them",
      "access-record: The access record can be changed",
    ],
  ],
  [
    "an entry taken out of the access record",
    (dataDir) =>
      damage(
        dataDir,
        `INSERT INTO access_record (at, who, action) VALUES ('', 'a', 'b'), ('', 'a', 'b'), ('', 'a', 'b');
         DELETE FROM access_record WHERE id = 2`,
        "control.db",
      ),
    ["access-record: Entries of the access record are missing"],
  ],
  [
    "a file that others can read",
    (dataDir) => chmodSync(join(dataDir, "cistern.db"), 0o640),
    ["permissions: Other users of this machine can read data"],
  ],
  [
    "an erased event that came back",
    (dataDir) => damage(dataDir, "UPDATE events SET event_id = 'e1099' WHERE seq = 1099"),
    ["erasures: Events are stored that were erased"],
  ],
  [
    "an erasure log that is gone",
    (dataDir) => rmSync(join(dataDir, "erasures.log")),
    ["erasures: Erasures are missing in erasures.log, which a restore needs"],
  ],
  [
    "half a line in the middle of the erasure log",
    (dataDir) => writeFileSync(join(dataDir, "erasures.log"), "{\n", { mode: 0o600 }),
    ["erasures: Line 1 of erasures.log is not an erasure"],
  ],
  [
    "an index without its words",
    (dataDir) =>
      damage(
        dataDir,
        "DELETE FROM docs_1 WHERE seq = 1; DELETE FROM words_1 WHERE rowid IN (SELECT min(row) FROM docs_1)",
        "search.db",
      ),
    ["search: Stored events are not found by a search"],
  ],
  [
    "an index ahead of the log",
    (dataDir) => damage(dataDir, "UPDATE positions SET seq = 5000", "search.db"),
    ["search: The search index is ahead of the log"],
  ],
  [
    "an index that is no database",
    (dataDir) => writeFileSync(join(dataDir, "search.db"), "words ".repeat(4_000), { mode: 0o600 }),
    ["search: The search index is damaged"],
  ],
];

test.each(otherDamages)("%s", async (_what, change, said) => {
  const dataDir = changed(change);

  expect(found(await doctor(dataDir))).toEqual(said);
});

test("events that retention has removed are expected to leave the index within the hour", async () => {
  const dataDir = changed((path) => damage(path, "UPDATE collectors SET retention_days = 1", "control.db"));
  const store = await openSqliteStore(dataDir);
  const { collectorId } = (await doctor(sound)).chain[0]!;
  const lease = await store.lease(collectorId, ["conversations", "audit-log"]);
  await store.removeExpired(lease, { collectorId, dataSource: "conversations" }, Date.UTC(2027, 0) * 1_000, 3);
  await store.close();

  const today = await doctor(dataDir);
  const then = await doctor(dataDir, {}, () => new Date("2026-07-15T18:00:00Z"));

  expect(found(today)).toEqual([]);
  expect(today.results.flatMap(({ warnings = [] }) => warnings)).toMatchObject([{ count: 3 }]);
  expect(found(then)).toEqual(["search: The search index finds events that are not stored"]);
});

test("a rewind that brought removed events back leaves a sound store", async () => {
  const dataDir = changed((path) => rmSync(join(path, "search.db")));
  const store = await openSqliteStore(dataDir);
  const { collectorId } = (await doctor(dataDir)).chain[0]!;
  const key = { collectorId, dataSource: "audit-log" };
  const lease = await store.lease(collectorId, ["conversations", "audit-log"]);
  const lines = [aLine("a1", 1), aLine("a2", 2)];
  await collect(store, lease, { id: "again", key }, lines, { verified: false });
  const scan = { kind: "poll", cursor: minute(0), scannedTo: minute(60), at: minute(60) } as const;
  await store.finishScan(lease, key, scan, 0);
  expect(await store.removeExpired(lease, key, minuteUs(2), 5)).toBe(1);
  const request = { to: minute(-5), again: ["again"], after: undefined, by: "ada", at: minute(70) };
  await store.requestRewind(key, request);
  await store.applyRewind(lease, key, minute(71));

  const outcome = await store.commitFile(lease, aCommit("again", lines, { key, verified: false }), 0);
  await store.close();

  expect(outcome).toMatchObject({ inserted: 1, duplicates: 1 });
  expect(found(await doctor(dataDir))).toEqual([]);
});

test("a collector that is half removed is no damage, wherever the removal was cut off", async () => {
  let steps = 0;
  for (let isWhole = false; !isWhole; steps++) {
    const dataDir = changed((path) => rmSync(join(path, "search.db")));
    let left = steps;
    const pause = async () => {
      if (left-- === 0) throw new Error("cut off");
    };
    const { collectorId } = (await doctor(sound)).chain[0]!;
    const store = await openSqliteStore(dataDir, { pause });
    isWhole = await store.removeCollector(collectorId).then(
      () => true,
      () => false,
    );
    await store.close();

    expect(found(await doctor(dataDir)), `after ${steps} steps`).toEqual([]);
  }
  expect(steps).toBeGreaterThan(3);
});

test("heads that were noted earlier are found again, and another log in their place is told", async () => {
  const { chain } = await doctor(sound);
  const longer = changed((path) => damage(path, "UPDATE sites SET name = 'x'", "control.db"));
  const store = await openSqliteStore(longer);
  const [head] = chain;
  const key = { collectorId: head!.collectorId, dataSource: "audit-log" };
  await collect(store, await store.lease(key.collectorId, ["audit-log"]), { id: "more", key }, [aLine("later")], {
    verified: false,
  });
  await store.close();

  const other = chain.map((one) => ({ ...one, head: one.head.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) }));

  expect(found(await doctor(longer, { expectedHeads: chain }))).toEqual([]);
  expect(found(await doctor(longer, { expectedHeads: other }))).toEqual([
    "chain: The log chain is not the one whose head was noted",
  ]);
});

test("what a server does meanwhile is not taken for damage", async () => {
  // The index is kept apart: no follower runs here.
  const dataDir = changed((path) => rmSync(join(path, "search.db")));
  const store = await openSqliteStore(dataDir);
  const { collectorId } = (await doctor(dataDir)).chain[0]!;
  const key = { collectorId, dataSource: "conversations" };
  const lease = await store.lease(collectorId, ["conversations", "audit-log"]);
  const hour = Date.UTC(2026, 6, 15, 15) * 1_000;
  for (let file = 0; file < 40; file++)
    await collect(store, lease, { id: `s${file}`, key }, [aLine(`s${file}`)], { verified: false });
  const done: Promise<unknown>[] = [];
  let looks = 0;
  // Whenever the doctor looks at the clock, between two reads: a commit, retention and an erasure, each whole at once.
  const meanwhile = () => {
    looks += 1;
    if (looks > 30) return new Date(looks * 70);
    const lines = [aLine(`m${looks}`), aLine(`n${looks}`)];
    done.push(
      store.recordListing(lease, key, [aFile(`m${looks}`, 0)], now.toISOString()),
      store.commitFile(lease, aCommit(`m${looks}`, lines, { key, verified: false }), 0),
      store.removeExpired(lease, key, hour + looks * 1_000_000, 5),
      store.erase([700 + looks], now.toISOString()),
    );
    return new Date(looks * 70);
  };

  const examined = await doctor(dataDir, {}, meanwhile);

  await Promise.all(done);
  expect(looks).toBeGreaterThan(10);
  expect(found(examined)).toEqual([]);
  await store.close();
  expect(found(await doctor(dataDir))).toEqual([]);
});
