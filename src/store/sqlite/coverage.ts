import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import {
  type CoverageFacts,
  type CoveragePage,
  type CoverageQuery,
  type LedgerPlace,
  ledgerStretches,
  stretchKind,
} from "../../model/coverage.ts";
import type { DataSourceKey } from "../../model/event.ts";
import type { CoveredFile, CoveredFilesPage, CoveredFilesQuery, Rehash } from "../../model/report.ts";
import type { FileOutcome, FileState, Gap } from "../../model/store.ts";
import { instantUs } from "../instants.ts";
import { LIMIT, type Query, query } from "./connection.ts";
import { FILE_COLUMNS, type FileRow, toLedgerFile } from "./ledger-rows.ts";

const FILES_A_PAGE = 5_000;
const EVENTS_A_PAGE = 500;

interface FactsRow {
  readonly source: number;
  readonly asked_from_us: number | null;
  readonly scanned_to_us: number | null;
  readonly allowance_us: number;
}

interface EndRow {
  readonly file: number;
  readonly end_us: number;
  readonly state: FileState;
  readonly attempts: number;
}

interface CoveredRow extends FileRow, FileOutcome {
  readonly file: number;
  readonly end_us: number;
  readonly done_sha256: string;
  readonly verified: number;
  readonly done_at: string;
  readonly held: number;
}

interface HashRow {
  readonly seq: number;
  readonly raw: Uint8Array;
  readonly content_hash: Uint8Array;
}

interface HeldRow {
  readonly file: number;
  readonly held: number;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
}

/** Reads what the calendar and the completeness reports are made of, in pages. */
export class Coverage {
  readonly #db: DatabaseSync;
  readonly #facts: Query<FactsRow>;
  readonly #gaps: Query<{ from_time: string; to_time: string; reason: Gap["reason"] }>;
  readonly #ends: Query<EndRow>;
  readonly #before: Query<{ end_us: number }>;
  readonly #atOrAfter: Query<{ end_us: number }>;
  readonly #files: Query<CoveredRow>;
  readonly #held: Query<HeldRow>;
  readonly #events: Query<HashRow>;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#facts = query(
      db,
      "SELECT source, asked_from_us, scanned_to_us, allowance_us FROM sources WHERE collector_id = ? AND data_source = ?",
    );
    this.#gaps = query(db, "SELECT from_time, to_time, reason FROM gaps WHERE source = ? ORDER BY id");
    this.#ends = query(
      db,
      `SELECT file, end_us, state, attempts FROM files
       WHERE source = ? AND (end_us, file) > (?, ?) AND end_us <= ? ORDER BY end_us, file ${LIMIT}`,
    );
    this.#before = query(db, "SELECT max(end_us) AS end_us FROM files WHERE source = ? AND end_us < ?");
    this.#atOrAfter = query(db, "SELECT min(end_us) AS end_us FROM files WHERE source = ? AND end_us >= ?");
    this.#files = query(
      db,
      `SELECT ${FILE_COLUMNS}, file, end_us, done_sha256, verified, done_at, lines, inserted, duplicates, conflicts,
       quarantined, tombstoned, held FROM files
       WHERE source = ? AND (end_us, file) > (?, ?) AND end_us <= ? ORDER BY end_us, file ${LIMIT}`,
    );
    this.#held = query(db, "SELECT file, held, first_seq, last_seq FROM files WHERE source = ? AND file_id = ?");
    this.#events = query(
      db,
      `SELECT seq, raw, content_hash FROM events WHERE seq > ? AND seq <= ? AND file = ? ORDER BY seq ${LIMIT}`,
    );
  }

  /** One page of a period; a data source that was never leased has nothing. */
  page({ key, fromUs, toUs, after }: CoverageQuery): CoveragePage {
    const row = this.#factsOf(key);
    if (row === undefined) return { facts: NO_FACTS, stretches: [], gaps: [], next: undefined };
    const { source } = row;
    const upTo = this.#lastTouching(source, toUs);
    const start = after ?? placeAfter(fromUs);
    const rows = this.#ends.all(source, start.endUs, start.file, upTo, FILES_A_PAGE);
    const last = rows.at(-1);
    return {
      facts: toFacts(row),
      stretches: ledgerStretches(
        rows.map(({ end_us, state, attempts }) => ({ endUs: end_us, kind: stretchKind(state, attempts) })),
        this.#previousEnd(source, rows[0]),
      ),
      gaps: this.#gapsWithin(source, fromUs, toUs),
      next: last !== undefined && rows.length === FILES_A_PAGE ? { endUs: last.end_us, file: last.file } : undefined,
    };
  }

  files({ key, fromUs, toUs, touching, after, limit }: CoveredFilesQuery): CoveredFilesPage {
    const facts = this.#factsOf(key);
    if (facts === undefined) return { facts: NO_FACTS, previousEndUs: undefined, files: [], next: undefined };
    const { source } = facts;
    const start = after === undefined ? placeAfter(fromUs) : placeOf(after);
    const upTo = touching === true ? this.#lastTouching(source, toUs) : toUs;
    const rows = this.#files.all(source, start.endUs, start.file, upTo, limit);
    const last = rows.at(-1);
    const next = last !== undefined && rows.length === limit ? `${last.end_us}.${last.file}` : undefined;
    const previousEndUs = this.#previousEnd(source, rows[0]);
    return { facts: toFacts(facts), previousEndUs, files: rows.map(toCoveredFile), next };
  }

  /** Reads and hashes the held events of one file, at one moment of the database; undefined where there is no such file. */
  rehash(key: DataSourceKey, fileId: string): Rehash | undefined {
    const source = this.#factsOf(key)?.source;
    if (source === undefined) return undefined;
    this.#db.exec("BEGIN");
    try {
      const row = this.#held.get(source, fileId);
      return row && { held: row.held, ...this.#hashed(row) };
    } finally {
      this.#db.exec("COMMIT");
    }
  }

  #hashed({ file, first_seq, last_seq }: HeldRow): Omit<Rehash, "held"> {
    let events = 0;
    const mismatched: number[] = [];
    if (first_seq === null || last_seq === null) return { events, mismatched };
    for (let after = first_seq - 1; ; ) {
      const rows = this.#events.all(after, last_seq, file, EVENTS_A_PAGE);
      for (const { seq, raw, content_hash } of rows)
        if (!createHash("sha256").update(raw).digest().equals(content_hash)) mismatched.push(seq);
      events += rows.length;
      if (rows.length < EVENTS_A_PAGE) return { events, mismatched };
      after = rows.at(-1)!.seq;
    }
  }

  #factsOf({ collectorId, dataSource }: DataSourceKey): FactsRow | undefined {
    return this.#facts.get(collectorId, dataSource);
  }

  /** The end time of the first file that ends at `toUs` or later: it speaks for time before that. */
  #lastTouching(source: number, toUs: number): number {
    return this.#atOrAfter.get(source, toUs)?.end_us ?? toUs;
  }

  #previousEnd(source: number, first: { readonly end_us: number } | undefined): number | undefined {
    return first === undefined ? undefined : (this.#before.get(source, first.end_us)?.end_us ?? undefined);
  }

  #gapsWithin(source: number, fromUs: number, toUs: number): CoveragePage["gaps"] {
    return this.#gaps
      .all(source)
      .map(({ from_time, to_time, reason }) => {
        const end = instantUs(to_time) ?? Number.MAX_SAFE_INTEGER;
        return { fromUs: instantUs(from_time) ?? 0, toUs: end, reason };
      })
      .filter((gap) => gap.toUs > fromUs && gap.fromUs < toUs);
  }
}

const NO_FACTS = { askedFromUs: undefined, scannedToUs: undefined, allowanceUs: 0 } as const;

const toFacts = (row: FactsRow): CoverageFacts => ({
  askedFromUs: row.asked_from_us ?? undefined,
  scannedToUs: row.scanned_to_us ?? undefined,
  allowanceUs: row.allowance_us,
});

/** Before every file that ends after `fromUs`. */
const placeAfter = (fromUs: number): LedgerPlace => ({ endUs: fromUs, file: Number.MAX_SAFE_INTEGER });

function placeOf(text: string): LedgerPlace {
  const [, endUs, file] = /^(\d{1,16})\.(\d{1,16})$/.exec(text) ?? [];
  if (endUs === undefined || file === undefined)
    throw new RangeError(`Not a place in the ledger: ${text.slice(0, 40)}`);
  return { endUs: Number(endUs), file: Number(file) };
}

function toCoveredFile(row: CoveredRow): CoveredFile {
  if (row.state !== "done") return { ...toLedgerFile(row), done: undefined };
  const { lines, inserted, duplicates, conflicts, quarantined, tombstoned, held } = row;
  const outcome = { lines, inserted, duplicates, conflicts, quarantined, tombstoned, held };
  const done = { ...outcome, sha256: row.done_sha256, verified: row.verified === 1, at: row.done_at };
  return { ...toLedgerFile(row), done };
}
