// What must hold in a store at every moment, counted from the rows themselves: independent of the product's own counters and
// of `cistern doctor`.
import { createHash, hash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

type Row = Record<string, number | string | Uint8Array | null>;

interface Promised {
  readonly says: string;
  /** Rows that break it; `what` names them. */
  readonly sql: string;
}

const promises: readonly Promised[] = [
  {
    says: "a done file's lines do not add up",
    sql: `SELECT file_id AS what FROM files
      WHERE state = 'done' AND lines <> inserted + duplicates + quarantined + tombstoned`,
  },
  {
    says: "a done file does not hold the events that it says",
    sql: `SELECT file_id AS what FROM files f WHERE state = 'done' AND (
      held <> (SELECT count(*) FROM events e WHERE e.file = f.file AND e.seq BETWEEN f.first_seq AND f.last_seq)
      OR quarantined <> (SELECT count(*) FROM quarantine q WHERE q.file = f.file))`,
  },
  {
    says: "an event belongs to a file that is not done, or stands outside its positions",
    sql: `SELECT e.seq AS what FROM events e LEFT JOIN files f ON f.file = e.file
      WHERE f.file IS NULL OR f.source <> e.source OR f.state <> 'done' OR e.seq NOT BETWEEN f.first_seq AND f.last_seq`,
  },
  {
    says: "a file was stored with another hash than upstream gave",
    sql: "SELECT file_id AS what FROM files WHERE state = 'done' AND sha256 IS NOT NULL AND lower(sha256) <> done_sha256",
  },
  {
    says: "an event stands in the store twice",
    sql: `SELECT event_id AS what FROM events NOT INDEXED
      GROUP BY source, time_key, event_id, content_hash HAVING count(*) > 1`,
  },
  {
    says: "a log position is past those that were given out",
    sql: `SELECT max(seq) AS what FROM events HAVING what > (SELECT seq FROM sqlite_sequence WHERE name = 'events')`,
  },
  {
    says: "a counter of a data source is wrong",
    sql: `SELECT data_source AS what FROM sources s WHERE
      events <> (SELECT count(*) FROM events WHERE source = s.source)
      OR bytes <> (SELECT coalesce(sum(length(raw)), 0) FROM events WHERE source = s.source)
      OR quarantined <> (SELECT count(*) FROM quarantine WHERE source = s.source)
      OR duplicates <> (SELECT coalesce(sum(duplicates), 0) FROM files WHERE source = s.source)
      OR files_done <> (SELECT count(*) FROM files WHERE source = s.source AND state = 'done')
      OR files_pending <> (SELECT count(*) FROM files WHERE source = s.source AND state = 'pending')
      OR events <> (SELECT coalesce(sum(events), 0) FROM volume WHERE source = s.source)
      OR events <> (SELECT coalesce(sum(events), 0) FROM type_counts WHERE source = s.source)`,
  },
  {
    says: "more is claimed complete than is",
    sql: `SELECT data_source AS what FROM sources s WHERE complete_through_us > min(scanned_to_us - allowance_us,
      coalesce((SELECT min(end_us) FROM files WHERE source = s.source AND state IN ('pending', 'quarantined')),
        scanned_to_us))`,
  },
];

/** Opens the database as a plain reader would and returns one sentence for each promise that does not hold in it. */
export function faultsOfStore(path: string): readonly string[] {
  const db = new DatabaseSync(path, { timeout: 5_000 });
  try {
    return [...structure(db), ...promises.flatMap((promised) => broken(db, promised)), ...bytes(db)];
  } finally {
    db.close();
  }
}

function structure(db: DatabaseSync): readonly string[] {
  const found = db.prepare("PRAGMA integrity_check(5)").all() as Row[];
  return found.map((row) => String(Object.values(row)[0])).filter((text) => text !== "ok");
}

function broken(db: DatabaseSync, { says, sql }: Promised): readonly string[] {
  return (db.prepare(`${sql} LIMIT 5`).all() as Row[]).map(({ what }) => `${says}: ${String(what)}`);
}

function bytes(db: DatabaseSync): readonly string[] {
  const faults: string[] = [];
  for (const row of db.prepare("SELECT seq, raw, content_hash FROM events").iterate() as Iterable<Row>) {
    const same = hash("sha256", row.raw as Uint8Array, "buffer").equals(row.content_hash as Uint8Array);
    if (!same) faults.push(`the bytes of an event are not those that came: ${String(row.seq)}`);
  }
  return faults;
}

/** How often each line stands in the store, by the hex of its SHA-256. */
export function storedLines(path: string, collector: string, dataSource: string): ReadonlyMap<string, number> {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    const sql = `SELECT raw FROM events e JOIN sources s USING (source) WHERE s.collector_id = ? AND s.data_source = ?`;
    const lines = new Map<string, number>();
    for (const row of db.prepare(sql).iterate(collector, dataSource) as Iterable<Row>) {
      const key = hash("sha256", row.raw as Uint8Array);
      lines.set(key, (lines.get(key) ?? 0) + 1);
    }
    return lines;
  } finally {
    db.close();
  }
}

/**
 * Everything that the store holds, as a hash; of events which ones: `faultsOfStore` proves their bytes. Rates that were found
 * out are left out: they are no part of any promise.
 */
export function stateOf(path: string): string {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    const digest = createHash("sha256");
    for (const { name } of tables.filter(({ name }) => name !== "events" && name !== "rates"))
      for (const row of db.prepare(`SELECT * FROM "${String(name)}"`).iterate()) digest.update(JSON.stringify(row));
    const events = "SELECT count(*), max(seq), sum(seq), sum(seq * (seq % 1009)), sum(length(raw)) FROM events";
    return digest.update(JSON.stringify(db.prepare(events).get())).digest("hex");
  } finally {
    db.close();
  }
}
