// Somebody changes the store behind the program's back: one byte, one number, one row, two rows that change places, an end that is
// cut off. cistern doctor has to notice each. Whoever does it here knows the database: the triggers that forbid it are put back.
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Writable } from "node:stream";
import { seeded } from "../bench/words.ts";
import type { Cli } from "../src/cli/cli.ts";
import { examine } from "../src/cli/doctor/examination.ts";
import { damage } from "../src/cli/fixtures/damage.ts";

/** What was done, in SQL, and what doctor said of it. */
export interface Trial {
  readonly kind: string;
  readonly sql: string;
  readonly found: readonly string[];
}

type Pick = <T>(choices: readonly T[]) => T;
type Draw = (db: DatabaseSync, pick: Pick) => string;

const EVENT_TEXTS = ["event_id", "time", "raw", "content_hash"] as const;
const EVENT_NUMBERS = ["seq", "source", "time_key", "file", "line", "type", "flags"] as const;
const FILE_TEXTS = ["file_id", "end_time", "sha256", "listed_at", "done_at", "done_sha256", "digest", "chain"] as const;
const FILE_NUMBERS = [
  ...[
    "file",
    "source",
    "end_us",
    "size",
    "attempts",
    "done_us",
    "stamp",
    "verified",
    "lines",
    "inserted",
    "duplicates",
  ],
  ...[
    "conflicts",
    "quarantined",
    "tombstoned",
    "first_seq",
    "last_seq",
    "min_key",
    "max_key",
    "held",
    "held_bytes",
    "link",
  ],
];
const FILE_EMPTY = ["error", "retry_at", "missing_since", "acknowledged_at", "acknowledged_by"] as const;
const STEPS = [1, -1, 2, -7, 256, 65_536, 2 ** 40];

const someSeq = (db: DatabaseSync, pick: Pick) => pick(column(db, "SELECT seq AS value FROM events"));
const someFile = (db: DatabaseSync, pick: Pick) =>
  pick(column(db, "SELECT file AS value FROM files WHERE state = 'done'"));
const column = (db: DatabaseSync, sql: string) =>
  db
    .prepare(sql)
    .all()
    .map(({ value }) => Number(value));

/** Flips one bit of a text or a blob, in place. */
function flip(db: DatabaseSync, pick: Pick, row: { table: string; where: string; name: string }): string {
  const { table, where, name } = row;
  const read = `SELECT CAST(${name} AS BLOB) AS bytes, typeof(${name}) AS type FROM ${table} WHERE ${where}`;
  const { bytes, type } = db.prepare(read).get() as { bytes: Uint8Array | null; type: string };
  if (bytes === null || bytes.length === 0) return "";
  const at = pick([...bytes.keys()]);
  bytes[at] = bytes[at]! ^ (1 << pick([0, 1, 2, 3, 4, 5, 6]));
  const value = `x'${Buffer.from(bytes).toString("hex")}'`;
  return `UPDATE ${table} SET ${name} = ${type === "text" ? `CAST(${value} AS TEXT)` : value} WHERE ${where}`;
}

const swap = (table: string, key: string, [a, b]: readonly [number, number]): string =>
  `UPDATE ${table} SET ${key} = -1 WHERE ${key} = ${a}; UPDATE ${table} SET ${key} = ${a} WHERE ${key} = ${b};
   UPDATE ${table} SET ${key} = ${b} WHERE ${key} = -1`;

const exchange = (table: string, key: string, names: readonly string[], [a, b]: readonly [number, number]): string => {
  const set = names.map((name) => `${name} = (SELECT ${name} FROM before WHERE ${key} = `);
  const from = (row: number) => set.map((part) => `${part}${row})`).join(", ");
  return `CREATE TEMP TABLE before AS SELECT * FROM ${table} WHERE ${key} IN (${a}, ${b});
    UPDATE ${table} SET ${from(b)} WHERE ${key} = ${a}; UPDATE ${table} SET ${from(a)} WHERE ${key} = ${b}`;
};

const draws: Readonly<Record<string, Draw>> = {
  "a byte of an event": (db, pick) =>
    flip(db, pick, { table: "events", where: `seq = ${someSeq(db, pick)}`, name: pick(EVENT_TEXTS) }),
  "a number of an event": (db, pick) => {
    const name = pick(EVENT_NUMBERS);
    return `UPDATE events SET ${name} = ${name} + ${pick(STEPS)} WHERE seq = ${someSeq(db, pick)}`;
  },
  "an event taken out": (db, pick) => `DELETE FROM events WHERE seq = ${someSeq(db, pick)}`,
  "an event put in": (db, pick) =>
    `INSERT INTO events (source, time_key, event_id, content_hash, file, line, type, flags, time, raw)
     SELECT source, time_key + ${pick([1, -1, 1_000])}, event_id, content_hash, file, line, type, flags, time, raw
     FROM events WHERE seq = ${someSeq(db, pick)}`,
  "two events that changed places": (db, pick) => swap("events", "seq", [someSeq(db, pick), someSeq(db, pick)]),
  "two events with one another's content": (db, pick) =>
    exchange("events", "seq", ["raw", "content_hash"], [someSeq(db, pick), someSeq(db, pick)]),
  "the end of the events cut off": (db, pick) => `DELETE FROM events WHERE seq >= ${someSeq(db, pick)}`,
  "a byte of a file": (db, pick) =>
    flip(db, pick, { table: "files", where: `file = ${someFile(db, pick)}`, name: pick(FILE_TEXTS) }),
  "a number of a file": (db, pick) => {
    const name = pick(FILE_NUMBERS);
    return `UPDATE files SET ${name} = ${name} + ${pick(STEPS)} WHERE file = ${someFile(db, pick)}`;
  },
  "something written into a file's row": (db, pick) =>
    `UPDATE files SET ${pick(FILE_EMPTY)} = 'x' WHERE file = ${someFile(db, pick)}`,
  "the state of a file": (db, pick) =>
    `UPDATE files SET state = '${pick(["pending", "quarantined", "expired"])}' WHERE file = ${someFile(db, pick)}`,
  "a file taken out": (db, pick) => `DELETE FROM files WHERE file = ${someFile(db, pick)}`,
  "a file taken out with its events": (db, pick) => {
    const file = someFile(db, pick);
    return `DELETE FROM events WHERE file = ${file}; DELETE FROM files WHERE file = ${file}`;
  },
  "the end of the files cut off": (db, pick) => {
    const file = someFile(db, pick);
    return `DELETE FROM events WHERE file >= ${file}; DELETE FROM files WHERE file >= ${file}`;
  },
  "two files that changed places": (db, pick) => {
    const own = column(db, "SELECT file AS value FROM files WHERE link IS NOT NULL AND source = 1");
    const [a, b] = [pick(own), pick(own)];
    return `CREATE TEMP TABLE before AS SELECT file, link FROM files WHERE file IN (${a}, ${b});
      UPDATE files SET link = -1 WHERE file = ${a};
      UPDATE files SET link = (SELECT link FROM before WHERE file = ${a}) WHERE file = ${b};
      UPDATE files SET link = (SELECT link FROM before WHERE file = ${b}) WHERE file = ${a}`;
  },
  "two files with one another's events": (db, pick) => {
    const names = ["first_seq", "last_seq", "digest", "held", "held_bytes", "inserted"];
    return exchange("files", "file", names, [someFile(db, pick), someFile(db, pick)]);
  },
  "the head of a chain": (db, pick) =>
    pick([
      flip(db, pick, { table: "sources", where: "source = 1", name: "chain" }),
      `UPDATE sources SET links = links + ${pick([1, -1])} WHERE source = 1`,
    ]),
};

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });
const cli: Cli = {
  stdout: nowhere(),
  stderr: nowhere(),
  variables: {},
  now: () => new Date(),
  stopSignal: () => new AbortController().signal,
  exitCode: 0,
};

/** Tampers `count` times with copies of a sound data folder, and asks doctor each time. */
export async function tamper(
  sound: string,
  { folder, seed, count }: { readonly folder: string; readonly seed: number; readonly count: number },
  onTrial: (trial: Trial) => void = () => undefined,
): Promise<readonly Trial[]> {
  const random = seeded(seed);
  const pick: Pick = (choices) => choices[Math.floor(random() * choices.length)]!;
  const dataDir = join(folder, "tampered");
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  for (const name of ["control.db", "secret.key"]) copyFileSync(join(sound, name), join(dataDir, name));
  copyFileSync(join(sound, "cistern.db"), join(dataDir, "cistern.db"));
  const before = await said(dataDir);
  if (before.length > 0) throw new Error(`the store was not sound to begin with: ${before.join("; ")}`);
  const kinds = Object.keys(draws);
  const trials: Trial[] = [];
  // Every kind in turn; what changes nothing, or what SQLite itself refuses, is drawn anew.
  for (let turn = 0; trials.length < count; turn++) {
    const kind = kinds[turn % kinds.length]!;
    copyFileSync(join(sound, "cistern.db"), join(dataDir, "cistern.db"));
    const sql = change(dataDir, (db) => draws[kind]!(db, pick));
    if (sql === undefined) continue;
    const trial = { kind, sql, found: await said(dataDir) };
    trials.push(trial);
    onTrial(trial);
  }
  return trials;
}

async function said(dataDir: string): Promise<readonly string[]> {
  const { results } = await examine(cli, { dataDir, full: false, expectedHeads: [], onResult: () => undefined });
  return results.flatMap(({ id, violations }) => violations.map(({ what }) => `${id}: ${what}`));
}

/** The change that was made; undefined where it was none. */
function change(dataDir: string, draw: (db: DatabaseSync) => string): string | undefined {
  const path = join(dataDir, "cistern.db");
  const db = new DatabaseSync(path);
  const before = contentOf(db);
  const sql = draw(db);
  db.close();
  if (sql === "") return undefined;
  try {
    damage(dataDir, `BEGIN; ${sql}; COMMIT`);
  } catch (error) {
    if (!/constraint failed|datatype mismatch|cannot store/.test(String(error))) throw error;
    return undefined;
  }
  const after = new DatabaseSync(path);
  const changed = contentOf(after) !== before;
  after.close();
  return changed ? sql : undefined;
}

/** Everything that is tampered with, as one text. Numbers as BigInt: one may be larger than JavaScript counts to. */
function contentOf(db: DatabaseSync): string {
  const tables = ["events", "files", "sources"].map((table) => {
    const statement = db.prepare(`SELECT * FROM ${table} ORDER BY rowid`);
    statement.setReadBigInts(true);
    return statement.all();
  });
  const readable = (_key: string, value: unknown) => {
    if (typeof value === "bigint") return value.toString();
    return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
  };
  return JSON.stringify(tables, readable);
}
