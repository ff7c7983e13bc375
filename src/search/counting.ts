// How many documents an expression has: altogether, or in steps of time.
import type { DatabaseSync } from "node:sqlite";
import { prepareBig } from "./database.ts";
import { rowRange } from "./rowid.ts";

/** Where to look: the tables of the generation, the expression (undefined: every document) and the range of rows. */
export interface Plan {
  readonly generation: number;
  readonly match: string | undefined;
  readonly first: bigint;
  readonly last: bigint;
}

export interface Buckets {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

/** The most hits that a histogram counts; beyond, the older ones are left out. */
export const histogramLimit = 1_000_000;

/** A count that is not waited for any longer tells at least so many: of fewer, people want to know the number. */
const enoughToTell = 1_000;
/** So many of the newest documents tell how close together they stand; the first stretch has room for ten times as many. */
const usualSample = 20_000;
const samplesAStretch = 10n;

/** How many there are, counted up to `limit`. */
export function countRows(db: DatabaseSync, { generation, match, first, last }: Plan, limit: number): number {
  const [from, values] =
    match === undefined
      ? [`docs_${generation} WHERE row BETWEEN ? AND ?`, [first, last]]
      : [`words_${generation} WHERE words_${generation} MATCH ? AND rowid >= ? AND rowid <= ?`, [match, first, last]];
  const sql = `SELECT count(*) AS count FROM (SELECT 1 FROM ${from} LIMIT ?)`;
  return (db.prepare(sql).get(...values, limit) as { count: number }).count;
}

/**
 * As `countRows`, but newest first in stretches of time, each twice as long as the one before, until `isLate`: then what was
 * counted is told, and that it is not all.
 */
export function countUntil(
  db: DatabaseSync,
  plan: Plan,
  limit: number,
  isLate: () => boolean,
  sample = usualSample,
): { readonly count: number; readonly whole: boolean } {
  const newest = rowBehind(db, plan, 0);
  const behind = rowBehind(db, plan, sample);
  if (newest === undefined || behind === undefined) return { count: countRows(db, plan, limit), whole: true };
  let count = 0;
  let last = plan.last;
  for (let rows = (newest - behind + 1n) * samplesAStretch; last >= plan.first && count < limit; rows += rows) {
    if (count >= enoughToTell && isLate()) return { count, whole: false };
    const start = (last < newest ? last : newest) - rows;
    const first = start > plan.first ? start : plan.first;
    count += countRows(db, { ...plan, first, last }, limit - count);
    last = first - 1n;
  }
  return { count, whole: true };
}

/** The document with so many newer ones in the plan's range. */
function rowBehind(db: DatabaseSync, { generation, first, last }: Plan, newer: number): bigint | undefined {
  const sql = `SELECT row FROM docs_${generation} WHERE row BETWEEN ? AND ? ORDER BY row DESC LIMIT 1 OFFSET ?`;
  return (prepareBig(db, sql).get(first, last, newer) as { row: bigint } | undefined)?.row;
}

/** Newest first, each bucket a count of its own: three times as quick as sorting every hit into its bucket. */
export function bucketCounts(db: DatabaseSync, plan: Plan, { from, to, stepMs }: Buckets) {
  const found: { at: number; events: number }[] = [];
  let left = histogramLimit;
  for (let i = Math.ceil((to - from) / stepMs) - 1; i >= 0 && left > 0; i -= 1) {
    const at = from + i * stepMs;
    const [start, end] = rowRange(at * 1_000, (at + stepMs) * 1_000);
    const first = start > plan.first ? start : plan.first;
    const last = end < plan.last ? end : plan.last;
    const events = first > last ? 0 : countRows(db, { ...plan, first, last }, left);
    if (events > 0) found.push({ at, events });
    left -= events;
  }
  return found.reverse();
}

/** All buckets in one pass, for expressions that cost much to begin: the beginning of a word can stand for thousands of words. */
export function bucketPass(db: DatabaseSync, { generation, match, first, last }: Plan, { from, stepMs }: Buckets) {
  const words = `words_${generation}`;
  const sql = `SELECT bucket, count(*) AS events FROM (SELECT ((rowid >> 11) - ?) / ? AS bucket FROM ${words}
      WHERE ${words} MATCH ? AND rowid >= ? AND rowid <= ? ORDER BY rowid DESC LIMIT ${histogramLimit})
    GROUP BY bucket ORDER BY bucket`;
  const [start, step] = [BigInt(Math.trunc(from * 1_000)), BigInt(Math.trunc(stepMs * 1_000))];
  const rows = db.prepare(sql).all(start, step, match!, first, last) as unknown as readonly Bucket[];
  return rows.map(({ bucket, events }) => ({ at: from + bucket * stepMs, events }));
}

interface Bucket {
  readonly bucket: number;
  readonly events: number;
}
