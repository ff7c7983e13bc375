// The reading side of the index. Every call is one short read of its own, so that a change of generation, a damaged file or a
// deleted one is met between calls and never within one.
import { statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { CollectorError } from "../model/errors.ts";
import type { SearchCount, SearchIndex, SearchPage, SearchQuery } from "../model/search.ts";
import { wordsBeginning } from "./beginnings.ts";
import { type Buckets, bucketCounts, bucketPass, countUntil, type Plan } from "./counting.ts";
import {
  damageMark,
  indexVersion,
  isDamaged,
  meta,
  prepareBig,
  type SourceRow,
  searchPath,
  sourceRows,
  transaction,
} from "./database.ts";
import { growingOf } from "./generation.ts";
import { matchExpression } from "./match.ts";
import { parseQuery, type QueryNode } from "./query.ts";
import { rowRange, timeOfRow } from "./rowid.ts";

/**
 * Opens the index of a data dir for reading. Works while a follower writes; before there is an index, nothing is found. Without a
 * clock, counts take the time they need.
 */
export function openSearchIndex(dataDir: string, monotonicMs: () => number = () => 0): SearchIndex {
  return new Fts5SearchIndex(dataDir, monotonicMs);
}

const maxPage = 1_000;
const mostBuckets = 5_000;

/** A search whose hits fitted on its first page: whoever counts them next need not look for them again. */
interface Whole {
  readonly asked: string;
  readonly version: number;
  readonly count: number;
}

class Fts5SearchIndex implements SearchIndex {
  readonly #dataDir: string;
  readonly #monotonicMs: () => number;
  #db: DatabaseSync | undefined;
  #file: string | undefined;
  #whole: Whole | undefined;
  #closed = false;

  constructor(dataDir: string, monotonicMs: () => number) {
    this.#dataDir = dataDir;
    this.#monotonicMs = monotonicMs;
  }

  async search(
    query: SearchQuery,
    { after, limit }: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<SearchPage> {
    const node = nodeOf(query);
    const before = after === undefined ? undefined : placeFrom(after);
    const size = Math.min(Math.max(1, limit), maxPage);
    return this.#read({ hits: [], next: undefined }, (db) => {
      const plan = planFor(db, node, query);
      if (plan === undefined) return { hits: [], next: undefined };
      const last = before !== undefined && before <= plan.last ? before - 1n : plan.last;
      const found = page(pageRows(db, { ...plan, last }, size + 1), size);
      if (after === undefined && found.next === undefined) this.#whole = wholeOf(db, query, found.hits.length);
      return found;
    });
  }

  async count(query: SearchQuery, limit: number, withinMs?: number): Promise<SearchCount> {
    const node = nodeOf(query);
    const startedMs = this.#monotonicMs();
    const isLate = () => withinMs !== undefined && this.#monotonicMs() - startedMs >= withinMs;
    return this.#read({ count: 0, exact: true }, (db) => {
      const plan = planFor(db, node, query);
      if (plan === undefined) return { count: 0, exact: true };
      const known = this.#whole?.asked === JSON.stringify(query) && this.#whole.version === dataVersion(db);
      const { count, whole } = known
        ? { count: this.#whole!.count, whole: true }
        : countUntil(db, plan, limit + 1, isLate);
      return count > limit ? { count: limit, exact: false } : { count, exact: whole };
    });
  }

  async histogram(
    query: SearchQuery,
    buckets: Buckets,
  ): Promise<readonly { readonly at: number; readonly events: number }[]> {
    const node = nodeOf(query);
    if (!((buckets.to - buckets.from) / buckets.stepMs <= mostBuckets)) throw tooManyBuckets();
    const fromUs = Math.max(buckets.from * 1_000, query.fromUs ?? Number.NEGATIVE_INFINITY);
    const toUs = Math.min(buckets.to * 1_000, query.toUs ?? Number.POSITIVE_INFINITY);
    const count = hasPrefix(node) ? bucketPass : bucketCounts;
    return this.#read([], (db) => {
      const plan = planFor(db, node, { ...query, fromUs, toUs });
      return plan === undefined ? [] : count(db, plan, buckets);
    });
  }

  async progress(): Promise<{ indexedSeq: number; lastSeq: number; rebuilding: boolean }> {
    return this.#read({ indexedSeq: 0, lastSeq: 0, rebuilding: false }, (db) => {
      const growing = growingOf(db);
      const sql = `SELECT coalesce(max(last_seq), 0) AS "lastSeq",
        coalesce(min(CASE WHEN seq < last_seq THEN seq END), max(last_seq), 0) AS "indexedSeq" FROM positions WHERE generation = ?`;
      const row = db.prepare(sql).get(growing) as { lastSeq: number; indexedSeq: number };
      return { indexedSeq: row.indexedSeq, lastSeq: row.lastSeq, rebuilding: meta(db, "building") !== undefined };
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#release();
  }

  #read<T>(absent: T, work: (db: DatabaseSync) => T): T {
    if (this.#closed) throw new Error("The search index is closed");
    try {
      const db = this.#current();
      return db === undefined ? absent : transaction(db, () => work(db), "DEFERRED");
    } catch (error) {
      this.#release();
      if (!isDamaged(error)) throw error;
      writeFileSync(damageMark(this.#dataDir), "");
      throw new CollectorError("unavailable", "The search index is damaged; it is being built again", {
        cause: error,
        action: "Search again in a few minutes",
      });
    }
  }

  // The file can be replaced under a running reader: a handle to the old one would answer from the past for ever.
  #current(): DatabaseSync | undefined {
    const path = searchPath(this.#dataDir);
    const stat = statSync(path, { throwIfNoEntry: false });
    const file = stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
    if (file !== this.#file) this.#release();
    if (file === undefined) return undefined;
    if (this.#db === undefined) {
      this.#db = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
      this.#file = file;
    }
    const { user_version: version } = this.#db.prepare("PRAGMA user_version").get() as { user_version: number };
    return version === indexVersion ? this.#db : undefined;
  }

  #release(): void {
    this.#db?.close();
    this.#db = undefined;
    this.#file = undefined;
    this.#whole = undefined;
  }
}

const wholeOf = (db: DatabaseSync, query: SearchQuery, count: number): Whole => ({
  asked: JSON.stringify(query),
  version: dataVersion(db),
  count,
});

/** Another one after whatever the follower has written. */
const dataVersion = (db: DatabaseSync) =>
  (db.prepare("PRAGMA data_version").get() as { data_version: number }).data_version;

/** The text of a query together with its filters. Their values are no part of the language, so nothing in them can change it. */
function nodeOf({ text, types, sites }: SearchQuery): QueryNode {
  const filters = [oneOf("type", types), oneOf("site", sites)].filter((node) => node !== undefined);
  const node = parseQuery(text);
  if (filters.length === 0) return node;
  return { kind: "and", nodes: node.kind === "all" ? filters : [node, ...filters] };
}

function oneOf(field: "type" | "site", values: readonly string[] | undefined): QueryNode | undefined {
  if (values === undefined) return undefined;
  if (values.length === 0) return { kind: "not", node: { kind: "all" } };
  return { kind: "or", nodes: values.map((text) => ({ kind: "term", text, prefix: false, field })) };
}

function hasPrefix(node: QueryNode): boolean {
  if (node.kind === "term") return node.prefix;
  if (node.kind === "not") return hasPrefix(node.node);
  return node.kind !== "all" && node.nodes.some(hasPrefix);
}

function planFor(db: DatabaseSync, node: QueryNode, query: SearchQuery): Plan | undefined {
  const generation = meta(db, "current")!;
  const [first, last] = rowRange(query.fromUs, query.toUs);
  const known = sourceRows(db);
  const allowed = allowedSources(known, query.sources);
  if (allowed?.length === 0 || first > last) return undefined;
  const everything = node.kind === "all" && allowed === undefined;
  const beginning = (token: string) => wordsBeginning(db, generation, token);
  const match = everything ? undefined : matchExpression(node, { known, allowed }, beginning);
  return { generation, match, first, last };
}

// All sources and no filter are the same to the reader, but not to the index: no filter is quicker.
function allowedSources(known: readonly SourceRow[], wanted: SearchQuery["sources"]): readonly SourceRow[] | undefined {
  if (wanted === undefined) return undefined;
  const keys = new Set(wanted.map(({ collectorId, dataSource }) => `${collectorId}\n${dataSource}`));
  const allowed = known.filter(({ collectorId, dataSource }) => keys.has(`${collectorId}\n${dataSource}`));
  return allowed.length === known.length && allowed.length > 0 ? undefined : allowed;
}

interface PageRow {
  readonly row: bigint;
  readonly seq: bigint;
  readonly shift: bigint;
}

function pageRows(db: DatabaseSync, { generation, match, first, last }: Plan, limit: number): readonly PageRow[] {
  const docs = `docs_${generation}`;
  if (match === undefined) {
    const sql = `SELECT row, seq, shift FROM ${docs} WHERE row BETWEEN ? AND ? ORDER BY row DESC LIMIT ?`;
    return prepareBig(db, sql).all(first, last, limit) as unknown as readonly PageRow[];
  }
  const words = `words_${generation}`;
  const sql = `SELECT d.row, d.seq, d.shift FROM (SELECT rowid AS found FROM ${words}
      WHERE ${words} MATCH ? AND rowid >= ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?)
    CROSS JOIN ${docs} d ON d.row = found ORDER BY d.row DESC`;
  return prepareBig(db, sql).all(match, first, last, limit) as unknown as readonly PageRow[];
}

function page(rows: readonly PageRow[], size: number): SearchPage {
  const shown = rows.slice(0, size);
  const hits = shown.map(({ row, seq, shift }) => ({ seq: Number(seq), timeKey: timeOfRow(row) - Number(shift) }));
  return { hits, next: rows.length > size ? shown.at(-1)!.row.toString(36) : undefined };
}

function tooManyBuckets(): CollectorError {
  return new CollectorError("rejected", `The period has more than ${mostBuckets} steps`, {
    reason: "query_invalid",
    action: "Choose a shorter period or longer steps",
  });
}

function placeFrom(after: string): bigint {
  if (!/^[0-9a-z]{1,13}$/.test(after)) {
    throw new CollectorError("rejected", "The place where the page begins is not one that a search gave", {
      reason: "query_invalid",
      action: "Search again from the first page",
    });
  }
  let row = 0n;
  for (const digit of after) row = row * 36n + BigInt(Number.parseInt(digit, 36));
  return row < 1n << 63n ? row : (1n << 63n) - 1n;
}
