import { type Check, MAX_VIOLATIONS, pages, row, rows, type Violation } from "./examine.ts";

const COLLECT_AGAIN =
  "Restore the last backup that passes cistern doctor; what upstream still has since then is collected again by itself";
const COUNTS =
  "The events themselves are whole; only a count is wrong. Keep a copy of the data folder and report it as a fault of Cistern";

interface FileRow {
  readonly key: number;
  readonly file_id: string;
  readonly state: string;
  readonly sha256: string | null;
  readonly done_sha256: string | null;
  readonly verified: number | null;
  readonly lines: number | null;
  readonly accounted: number | null;
  readonly held: number;
  readonly held_bytes: number;
  readonly found: number;
  readonly found_bytes: number;
}

/** I1 and I3: what a file held is accounted for, its hash is upstream's, and its events are there. */
const files: Check = {
  id: "files",
  title: "Every file's lines are accounted for",
  run({ db, progress }) {
    const total = row<{ n: number }>(db, "SELECT count(*) AS n FROM files")?.n ?? 0;
    const violations: Violation[] = [];
    let examined = 0;
    // Each page is one statement: the counts and the events of a file are of the same moment.
    const page = `SELECT f.file AS key, file_id, state, sha256, done_sha256, verified, lines, held, held_bytes,
        inserted + duplicates + quarantined + tombstoned AS accounted,
        (SELECT count(*) FROM events e WHERE e.seq BETWEEN f.first_seq AND f.last_seq AND e.file = f.file) AS found,
        (SELECT coalesce(sum(length(raw)), 0) FROM events e
         WHERE e.seq BETWEEN f.first_seq AND f.last_seq AND e.file = f.file) AS found_bytes
      FROM files f WHERE f.file > ? ORDER BY f.file LIMIT 20`;
    for (const some of pages<FileRow>(db, page)) {
      for (const file of some) violations.push(...faultsOf(file).map((what) => ({ what, remedy: COLLECT_AGAIN })));
      examined += some.length;
      progress(examined, total);
      if (violations.length >= MAX_VIOLATIONS) break;
    }
    return { examined, violations: violations.slice(0, MAX_VIOLATIONS) };
  },
};

function faultsOf(file: FileRow): readonly string[] {
  if (file.state !== "done") return [];
  const faults: string[] = [];
  const name = `the file ${file.file_id}`;
  if (file.lines !== file.accounted)
    faults.push(`${name} has ${file.lines} lines, and ${file.accounted} are accounted for`);
  const differs = file.sha256 !== null && file.sha256.toLowerCase() !== file.done_sha256;
  if (differs) faults.push(`${name} was stored with another SHA-256 than upstream gave`);
  if (file.sha256 === null && file.verified === 1)
    faults.push(`${name} counts as verified, but upstream gave no SHA-256`);
  if (file.held !== file.found) faults.push(`${name} should hold ${file.held} events, and ${file.found} are there`);
  else if (file.held_bytes !== file.found_bytes) {
    faults.push(`${name} should hold ${file.held_bytes} bytes, and ${file.found_bytes} are there`);
  }
  return faults;
}

/** Every counter of a data source, and what it must be equal to. */
const counters: Readonly<Record<string, string>> = {
  events: "SELECT coalesce(sum(held), 0) FROM files WHERE source = s.source",
  bytes: "SELECT coalesce(sum(held_bytes), 0) FROM files WHERE source = s.source",
  duplicates: "SELECT coalesce(sum(duplicates), 0) FROM files WHERE source = s.source",
  conflicts: "SELECT coalesce(sum(conflicts), 0) FROM files WHERE source = s.source",
  quarantined: "SELECT coalesce(sum(quarantined), 0) FROM files WHERE source = s.source",
  files_done: "SELECT count(*) FROM files WHERE source = s.source AND state = 'done'",
  files_pending: "SELECT count(*) FROM files WHERE source = s.source AND state = 'pending'",
  files_pending_bytes: "SELECT coalesce(sum(size), 0) FROM files WHERE source = s.source AND state = 'pending'",
  unacknowledged_gaps: "SELECT count(*) FROM gaps WHERE source = s.source AND acknowledged_at IS NULL",
};

const sourceCounts: Check = {
  id: "counts",
  title: "Every count of a data source is right",
  run({ db }) {
    const names = Object.keys(counters);
    const columns = names.map((name) => `${name} AS has_${name}, (${counters[name]}) AS is_${name}`);
    const sources = rows<Record<string, number> & { collector_id: string; data_source: string }>(
      db,
      `SELECT collector_id, data_source, ${columns.join(", ")} FROM sources s
       WHERE collector_id IN (SELECT collector_id FROM collectors WHERE removing = 0)`,
    );
    const violations = sources.flatMap((source) =>
      names
        .filter((name) => source[`has_${name}`] !== source[`is_${name}`])
        .map((name) => ({
          what: `${source.data_source} of ${source.collector_id}: ${name} says ${source[`has_${name}`]}, it is ${source[`is_${name}`]}`,
          remedy: COUNTS,
        })),
    );
    return { examined: sources.length * names.length, violations };
  },
};

interface ClaimRow {
  readonly collector_id: string;
  readonly data_source: string;
  readonly complete_through: string;
  readonly limit_us: number;
  readonly complete_through_us: number;
}

/** I5: what is claimed complete is not past an open hole, nor past what was looked at. */
const claims: Check = {
  id: "claims",
  title: "Nothing is claimed complete that is not",
  run({ db }) {
    const found = rows<ClaimRow>(
      db,
      `SELECT collector_id, data_source, complete_through, complete_through_us, min(
         scanned_to_us - allowance_us,
         coalesce((SELECT min(end_us) FROM files f
           WHERE f.source = s.source AND state IN ('pending', 'quarantined')), scanned_to_us - allowance_us)
       ) AS limit_us FROM sources s WHERE complete_through_us IS NOT NULL`,
    );
    const violations = found
      .filter(({ complete_through_us, limit_us }) => complete_through_us > limit_us)
      .map(({ collector_id, data_source, complete_through }) => ({
        what: `${data_source} of ${collector_id} claims to be complete through ${complete_through}, past a file that is not collected`,
        remedy: "The next scan works the claim out anew; if this stays, report it as a fault of Cistern",
      }));
    return { examined: found.length, violations };
  },
};

const cursors: Check = {
  id: "cursors",
  title: "Every cursor is a time that upstream printed",
  run({ db }) {
    const found = rows<{ collector_id: string; data_source: string; cursor: string | null; cursor_us: number | null }>(
      db,
      "SELECT collector_id, data_source, cursor, cursor_us FROM sources",
    );
    const violations = found
      .filter(({ cursor, cursor_us }) => (cursor === null) !== (cursor_us === null))
      .map(({ collector_id, data_source }) => ({
        what: `${data_source} of ${collector_id} has a cursor that cannot be read`,
        remedy: COLLECT_AGAIN,
      }));
    return { examined: found.length, violations };
  },
};

export const ledgerChecks: readonly Check[] = [files, sourceCounts, claims, cursors];
