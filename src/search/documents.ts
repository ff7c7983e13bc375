// Writing and removing documents of one generation, inside a transaction of the caller.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { DataSourceKey, StoredEvent } from "../model/event.ts";
import type { SearchHit } from "../model/search.ts";
import { meta, prepareBig, setMeta } from "./database.ts";
import { wordColumns } from "./fields.ts";
import { firstRow, lastRow, slotBits, timeOfRow } from "./rowid.ts";
import { searchText } from "./text.ts";
import { exactToken, indexable, sourceToken } from "./tokens.ts";

/** What the columns of the full-text table hold of an event: words as they are indexed, and a token for each field value. */
interface Document {
  readonly columns: readonly string[];
  readonly tokens: string;
}

function documentOf(event: StoredEvent): Document {
  const { words, fields } = searchText(event.raw, event.type);
  let tokens = exactToken("id", event.eventId);
  for (const [name, value] of fields) tokens += ` ${tokenOf(name, value)}`;
  return { columns: wordColumns.map((column) => indexable(words[column])), tokens };
}

// The same few people, models and types come again and again; ids do not.
const repeating = [
  "type",
  "action",
  "result",
  "ip",
  "model",
  "author",
  "client",
  "tool",
  "app",
  "gpt",
  "project",
  "user",
];
const tokensSeen = new Map(repeating.map((name) => [name, new Map<string, string>()]));
const mostSeen = 2_000;
const longestSeen = 60;

function tokenOf(name: string, value: string): string {
  const seen = value.length <= longestSeen ? tokensSeen.get(name) : undefined;
  if (seen === undefined) return exactToken(name, value);
  const known = seen.get(value);
  if (known !== undefined) return known;
  const token = exactToken(name, value);
  if (seen.size >= mostSeen) seen.clear();
  seen.set(value, token);
  return token;
}

const inOrder = (events: readonly StoredEvent[]) => events.toSorted((a, b) => a.timeKey - b.timeKey || a.seq - b.seq);

/** The documents of one generation. */
export class Documents {
  readonly #db: DatabaseSync;
  readonly #generation: number;
  readonly #lastIn: StatementSync;
  readonly #insertDoc: StatementSync;
  readonly #insertWords: StatementSync;
  readonly #deleteDoc: StatementSync;
  readonly #deleteWords: StatementSync;
  readonly #sources = new Map<string, number>();
  #spill: number | undefined;

  constructor(db: DatabaseSync, generation: number) {
    this.#db = db;
    this.#generation = generation;
    const docs = `docs_${generation}`;
    const words = `words_${generation}`;
    this.#lastIn = prepareBig(db, `SELECT max(row) AS row FROM ${docs} WHERE row BETWEEN ? AND ?`);
    this.#insertDoc = prepareBig(db, `INSERT INTO ${docs} VALUES (?, ?, ?, ?)`);
    const columns = [...wordColumns, "field"];
    this.#insertWords = prepareBig(
      db,
      `INSERT INTO ${words} (rowid, ${columns.join(", ")}) VALUES (?, ${columns.map(() => "?").join(", ")})`,
    );
    this.#deleteDoc = prepareBig(db, `DELETE FROM ${docs} WHERE row = ?`);
    this.#deleteWords = prepareBig(db, `DELETE FROM ${words} WHERE rowid = ?`);
  }

  /**
   * Adds events. Ascending rows: the full-text table would write its memory out at each step back. Each is read when its turn
   * comes, so that its text lives no longer than that.
   */
  add(events: readonly StoredEvent[]): void {
    const newest = this.#newest();
    let before: bigint | undefined;
    for (const event of inOrder(events)) {
      const start = firstRow(event.timeKey);
      const from = before !== undefined && before >= start ? before + 1n : start;
      const row = from > newest ? from : this.#freeRow(from);
      this.#insert(row, event);
      before = row;
    }
  }

  #insert(row: bigint, event: StoredEvent): void {
    const { columns, tokens } = documentOf(event);
    const source = this.#source(event);
    this.#noteSpill(timeOfRow(row) - timeOfRow(firstRow(event.timeKey)));
    this.#insertDoc.run(row, event.seq, source, timeOfRow(row) - event.timeKey);
    this.#insertWords.run(row, ...columns, `${sourceToken(source)} ${tokens}`);
  }

  #newest(): bigint {
    const { row } = this.#lastIn.get(0n, (1n << 63n) - 1n) as { row: bigint | null };
    return row ?? -1n;
  }

  // An instant has 2,048 rows; when they are taken, the next instant's serve.
  #freeRow(from: bigint): bigint {
    for (let start = from; ; start = lastRow(start) + 1n) {
      const end = lastRow(start);
      const { row } = this.#lastIn.get(start, end) as { row: bigint | null };
      if (row === null) return start;
      if (row < end) return row + 1n;
    }
  }

  #noteSpill(us: number): void {
    this.#spill ??= meta(this.#db, "spill") ?? 0;
    if (us <= this.#spill) return;
    this.#spill = us;
    setMeta(this.#db, "spill", us);
  }

  #source({ collectorId, dataSource, siteName = "", siteId = "" }: StoredEvent): number {
    const values = [collectorId, dataSource, siteName, siteId];
    const key = values.join("\n");
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    const sql = `INSERT INTO sources (collector, data_source, site_name, site_id) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET collector = excluded.collector RETURNING id`;
    const { id } = this.#db.prepare(sql).get(...values) as { id: number };
    this.#sources.set(key, id);
    return id;
  }

  /** Forgets what a rolled back transaction may have numbered. */
  reset(): void {
    this.#sources.clear();
    this.#spill = undefined;
  }

  /** Removes the documents of these events. Returns how many there were. */
  remove(hits: readonly SearchHit[]): number {
    const find = prepareBig(this.#db, `SELECT row FROM docs_${this.#generation} WHERE row BETWEEN ? AND ? AND seq = ?`);
    const reach = BigInt(meta(this.#db, "spill") ?? 0) << slotBits;
    let removed = 0;
    for (const { seq, timeKey } of hits) {
      const start = firstRow(timeKey);
      const found = find.get(start, lastRow(start) + reach, seq) as { row: bigint } | undefined;
      if (found !== undefined) removed += this.#delete(found.row);
    }
    return removed;
  }

  /**
   * Removes up to `limit` documents of a data source that are from before an instant, oldest first; not those without a time.
   * Returns how many.
   */
  removeBefore({ collectorId, dataSource }: DataSourceKey, beforeUs: number, limit: number): number {
    const before = BigInt(Math.trunc(beforeUs));
    const last = firstRow(beforeUs) + (BigInt(meta(this.#db, "spill") ?? 0) << slotBits);
    const source = "SELECT id FROM sources WHERE collector = ? AND data_source = ?";
    const sql = `SELECT row FROM docs_${this.#generation}
      WHERE row <= ? AND (row >> 11) - shift < ? AND (row >> 11) - shift <> 0 AND source IN (${source}) ORDER BY row LIMIT ?`;
    return this.#deleteAll(prepareBig(this.#db, sql).all(last, before, collectorId, dataSource, limit));
  }

  /** Log positions of up to `limit` documents of a data source that have no time, in the order they came. */
  untimed({ collectorId, dataSource }: DataSourceKey, limit: number): readonly number[] {
    const last = lastRow(0n) + (BigInt(meta(this.#db, "spill") ?? 0) << slotBits);
    const sql = `SELECT seq FROM docs_${this.#generation} WHERE row <= ? AND (row >> 11) = shift
      AND source IN (SELECT id FROM sources WHERE collector = ? AND data_source = ?) ORDER BY row LIMIT ?`;
    return prepareBig(this.#db, sql)
      .all(last, collectorId, dataSource, limit)
      .map(({ seq }) => Number(seq));
  }

  /** Removes the documents of a collector behind a log position, or none where there are more than `limit`. Returns whether it did. */
  removeAfter(collectorId: string, seq: number, limit: number): boolean {
    const sql = `SELECT row FROM docs_${this.#generation}
      WHERE seq > ? AND source IN (SELECT id FROM sources WHERE collector = ?) LIMIT ?`;
    const rows = prepareBig(this.#db, sql).all(seq, collectorId, limit + 1);
    if (rows.length > limit) return false;
    this.#deleteAll(rows);
    return true;
  }

  #deleteAll(rows: readonly Record<string, unknown>[]): number {
    for (const { row } of rows) this.#delete(row as bigint);
    return rows.length;
  }

  #delete(row: bigint): number {
    this.#deleteWords.run(row);
    return Number(this.#deleteDoc.run(row).changes);
  }
}
