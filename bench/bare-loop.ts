// The yardstick: the same lines into the same table with the same unique index, by nothing but a loop over node:sqlite.
// One transaction per file, as the product does; the ids are read with JSON.parse, for without them there is no row.
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteStore } from "../src/store/sqlite/store.ts";
import type { CorpusFile } from "./corpus.ts";

/** Seconds that the inserts took, commits included; reading, splitting, parsing and hashing are not counted. */
export async function bareLoop(
  dataDir: string,
  files: readonly CorpusFile[],
): Promise<{ seconds: number; events: number }> {
  await (await openSqliteStore(dataDir)).close();
  const db = new DatabaseSync(join(dataDir, "cistern.db"));
  db.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4096",
  );
  const insert = db.prepare(
    `INSERT INTO events (source, time_key, event_id, content_hash, file, line, type, flags, time, raw)
     VALUES (1, ?, ?, ?, ?, ?, 1, 0, ?, ?) ON CONFLICT DO NOTHING`,
  );
  let ms = 0;
  let events = 0;
  for (const [number, file] of files.entries()) {
    const rows = rowsOf(readFileSync(file.path));
    const started = performance.now();
    db.exec("BEGIN IMMEDIATE");
    for (const [i, { key, id, digest, time, raw }] of rows.entries())
      insert.run(key, id, digest, number, i + 1, time, raw);
    db.exec("COMMIT");
    ms += performance.now() - started;
    events += rows.length;
  }
  db.close();
  return { seconds: ms / 1_000, events };
}

function rowsOf(bytes: Buffer) {
  const rows: { key: number; id: string; digest: Uint8Array; time: string; raw: Uint8Array }[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(10, start);
    const raw = bytes.subarray(start, end);
    const { event_id: id, timestamp: time } = JSON.parse(raw.toString("utf8")) as {
      event_id: string;
      timestamp: string;
    };
    rows.push({
      key: Date.parse(time) * 1_000 + Number(time.slice(-4, -1)),
      id,
      digest: hash("sha256", raw, "buffer"),
      time,
      raw,
    });
    start = end + 1;
  }
  return rows;
}
