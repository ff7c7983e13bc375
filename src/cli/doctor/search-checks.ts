// The search index against the log. It is derived: whatever is wrong with it, building it again mends it.
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { indexVersion, isDamaged, meta, prepareBig, searchPath, sourceRows } from "../../search/database.ts";
import { matchExpression } from "../../search/match.ts";
import { firstRow, lastRow, slotBits, timeOfRow } from "../../search/rowid.ts";
import type { Progress } from "../progress.ts";
import {
  type Check,
  type CheckOutcome,
  type Examination,
  Findings,
  RECOUNT,
  row,
  rows,
  type SourceName,
  violationsOf,
} from "./examine.ts";
import type { Sample } from "./survey-file.ts";

const LATER = "Nothing: the server brings it up to date by itself";
const HOURLY = "Nothing: the server removes them within the hour, if it runs";
const DOCUMENTS_A_PAGE = 2_000;
const MOST_MISSING = 1_000;

export const searchCheck: Check = {
  id: "search",
  invariant: "I17",
  title: "The search index follows the log, and finds nothing that is not stored",
  run(examination) {
    const path = searchPath(examination.dataDir);
    if (!existsSync(path)) return { examined: 0, violations: [] };
    const search = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    try {
      return compare(search, examination);
    } catch (error) {
      if (!isDamaged(error)) throw error;
      return { examined: 1, violations: violationsOf("The search index is damaged", RECOUNT, [String(error)]) };
    } finally {
      search.close();
    }
  },
};

function compare(search: DatabaseSync, examination: Examination): CheckOutcome {
  const { user_version: version } = search.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version !== indexVersion) {
    const warnings = violationsOf("The search index is one of another version", LATER, [`version ${version}`]);
    return { examined: 0, violations: [], warnings };
  }
  const { db, full, progress, survey } = examination;
  const findings = new Findings();
  if (full)
    for (const fault of rows<Record<string, string>>(search, "PRAGMA integrity_check(20)"))
      if (Object.values(fault)[0] !== "ok")
        findings.add("The search index is damaged", RECOUNT, Object.values(fault)[0]!);
  const generation = meta(search, "current")!;
  for (const place of aheadOfLog(search, db, generation))
    findings.add("The search index is ahead of the log", RECOUNT, place);
  const index = { search, db, generation };
  const { examined, missing } = examineDocuments(index, progress("Comparing the search index with the log"));
  const expired = isExpired(examination);
  for (const { seq } of missing.filter((document) => !expired(document)))
    findings.add("The search index finds events that are not stored", RECOUNT, `position ${seq}`);
  for (const { seq } of notFound(index, survey().samples))
    findings.add("Stored events are not found by a search", RECOUNT, `position ${seq}`);
  const late = missing.filter(expired).map(({ seq }) => `position ${seq}`);
  const warnings = violationsOf("The search index still has events that retention has removed", HOURLY, late);
  return { examined, violations: findings.list(), warnings };
}

/** Retention removes from the log first; the index follows when that is done, or in the next hour. */
function isExpired({ control, nowMs }: Examination): (document: Document) => boolean {
  const collectors = new Map(control.control.collectors().map(({ id, retentionDays }) => [id, retentionDays]));
  return ({ collectorId, timeKey }) => {
    const days = collectors.get(collectorId);
    return days !== undefined && timeKey < (nowMs() - days * 86_400_000) * 1_000;
  };
}

interface Index {
  readonly search: DatabaseSync;
  readonly db: DatabaseSync;
  readonly generation: number;
}

function aheadOfLog(search: DatabaseSync, db: DatabaseSync, generation: number): readonly string[] {
  const positions = rows<{ collector: string; seq: number }>(
    search,
    "SELECT collector, seq FROM positions WHERE generation = ?",
    generation,
  );
  const end = db.prepare("SELECT max(last_seq) AS seq FROM sources WHERE collector_id = ?");
  return positions.flatMap(({ collector, seq }) => {
    const log = end.get(collector) as { seq: number | null };
    // The words of a collector that was removed go with the next building.
    return log.seq === null || seq <= log.seq
      ? []
      : [`${collector}: the index is at ${seq}, the log ends at ${log.seq}`];
  });
}

/** A document of the index, and the event it stands for. */
interface Document {
  readonly seq: number;
  readonly collectorId: string;
  readonly timeKey: number;
}

interface DocumentRow {
  readonly row: bigint;
  readonly seq: bigint;
  readonly source: bigint;
  readonly shift: bigint;
}

/** Every document, but for those of collectors that were removed: their words go with the next building. */
function examineDocuments(index: Index, bar: Progress) {
  const { search, db, generation } = index;
  const here = new Set(rows<SourceName>(db, "SELECT collector_id FROM sources").map((source) => source.collector_id));
  const sources = new Map(
    sourceRows(search).flatMap(({ id, collectorId }) => (here.has(collectorId) ? [[id, collectorId] as const] : [])),
  );
  const total = row<{ n: number }>(search, `SELECT count(*) AS n FROM docs_${generation}`)!.n;
  const page = prepareBig(
    search,
    `SELECT row, seq, source, shift FROM docs_${generation} WHERE row > ? ORDER BY row LIMIT ${DOCUMENTS_A_PAGE}`,
  );
  const missing: Document[] = [];
  let examined = 0;
  for (let last = -1n; missing.length < MOST_MISSING; ) {
    const documents = page.all(last) as unknown as readonly DocumentRow[];
    if (documents.length === 0) break;
    const mine = documents.filter(({ source }) => sources.has(Number(source)));
    const gone = new Set(
      notStored(
        db,
        mine.map(({ seq }) => Number(seq)),
      ),
    );
    for (const { row: place, seq, source, shift } of mine.filter((document) => gone.has(Number(document.seq))))
      missing.push({
        seq: Number(seq),
        collectorId: sources.get(Number(source))!,
        timeKey: timeOfRow(place) - Number(shift),
      });
    last = documents.at(-1)!.row;
    examined += documents.length;
    bar.update(examined, total);
  }
  bar.end();
  return { examined, missing: stillIndexed(index, missing) };
}

function notStored(db: DatabaseSync, seqs: readonly number[]): readonly number[] {
  const sql = "SELECT value AS seq FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM events WHERE seq = value)";
  return rows<{ seq: number }>(db, sql, JSON.stringify(seqs)).map(({ seq }) => seq);
}

/** An erasure takes an event from the log first and from the index directly after. */
function stillIndexed({ search, generation }: Index, documents: readonly Document[]): readonly Document[] {
  if (documents.length === 0) return [];
  const sql = `SELECT seq FROM docs_${generation} WHERE seq IN (SELECT value FROM json_each(?))`;
  const asked = JSON.stringify(documents.map(({ seq }) => seq));
  const there = new Set(rows<{ seq: number }>(search, sql, asked).map(({ seq }) => seq));
  return documents.filter(({ seq }) => there.has(seq));
}

/** Sampled events that the index has passed, and that their id does not find. */
function notFound({ search, db, generation }: Index, samples: readonly Sample[]): readonly Sample[] {
  const position = search.prepare("SELECT seq FROM positions WHERE generation = ? AND collector = ?");
  const stored = db.prepare("SELECT 1 FROM events WHERE seq = ?");
  const reach = BigInt(meta(search, "spill") ?? 0) << slotBits;
  const sources = { known: sourceRows(search), allowed: undefined };
  const find = prepareBig(
    search,
    `SELECT d.seq FROM (SELECT rowid AS found FROM words_${generation}
       WHERE words_${generation} MATCH ? AND rowid >= ? AND rowid <= ?)
     CROSS JOIN docs_${generation} d ON d.row = found WHERE d.seq = ?`,
  );
  return samples.filter(({ seq, collectorId, eventId, timeKey }) => {
    const indexed = position.get(generation, collectorId) as { seq: number } | undefined;
    if (indexed === undefined || indexed.seq < seq) return false;
    const match = matchExpression({ kind: "term", field: "id", text: eventId, prefix: false }, sources);
    const first = firstRow(timeKey);
    const hit = find.get(match, first, lastRow(first) + reach, seq);
    return hit === undefined && stored.get(seq) !== undefined;
  });
}
