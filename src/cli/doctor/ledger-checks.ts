// The ledger of files, the cursors and the claims.
import { instantUs } from "../../store/instants.ts";
import {
  type Check,
  Findings,
  nameOf,
  pages,
  RESTORE,
  row,
  rows,
  type SourceName,
  STAYS,
  violationsOf,
} from "./examine.ts";

interface FileRow extends SourceName {
  readonly key: number;
  readonly file_id: string;
  readonly end_time: string;
  readonly end_us: number;
  readonly sha256: string | null;
  readonly done_sha256: string | null;
  readonly verified: number | null;
  readonly lines: number | null;
  readonly inserted: number | null;
  readonly accounted: number | null;
  readonly quarantined: number | null;
  readonly set_aside: number;
  readonly held: number;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  readonly leftovers: number;
}

const DONE = `SELECT f.file AS key, f.file_id, f.end_time, f.end_us, f.sha256, f.done_sha256, f.verified, f.lines, f.inserted,
    f.inserted + f.duplicates + f.quarantined + f.tombstoned AS accounted, f.quarantined, f.held, f.first_seq, f.last_seq,
    coalesce(f.error, f.retry_at, f.retry_us, f.missing_since) IS NOT NULL AS leftovers, s.collector_id, s.data_source,
    CASE WHEN f.quarantined = 0 THEN 0
      ELSE (SELECT count(*) FROM quarantine q WHERE q.source = f.source AND q.file = f.file) END AS set_aside
  FROM files f JOIN sources s ON s.source = f.source
  WHERE f.file > ? AND f.state = 'done' AND ${STAYS} ORDER BY f.file LIMIT 500`;

const place = (file: FileRow): string => `the file ${file.file_id} (${nameOf(file)})`;

export const filesCheck: Check = {
  id: "files",
  invariant: "I1",
  title: "Every line of every collected file is accounted for",
  run({ db, progress, survey }) {
    const total = row<{ n: number }>(db, "SELECT count(*) AS n FROM files")?.n ?? 0;
    const bar = progress("Reading the ledger");
    const findings = new Findings();
    let examined = 0;
    for (const some of pages<FileRow>(db, DONE)) {
      for (const file of some) lookAt(file, findings);
      examined += some.length;
      bar.update(examined, total);
    }
    bar.end();
    for (const reading of strayReadings(db))
      findings.add("Second readings are not those of their file", RESTORE, reading);
    for (const line of strayLines(db)) findings.add("Lines are set aside that belong to no such file", RESTORE, line);
    return { examined, violations: [...findings.list(), ...survey().found.held.list()] };
  },
};

function lookAt(file: FileRow, findings: Findings): void {
  const { lines, accounted, inserted, quarantined, set_aside, held, first_seq, last_seq } = file;
  if (lines !== accounted)
    findings.add("Lines of files are not accounted for", RESTORE, `${place(file)}: ${lines} lines, ${accounted} known`);
  if (quarantined !== set_aside) {
    const example = `${place(file)}: ${quarantined} lines were set aside, ${set_aside} are there`;
    findings.add("Lines that were set aside are not there", RESTORE, example);
  }
  if (inserted === null || held < 0 || held > inserted || (first_seq === null) !== (inserted === 0) || !inOrder(file))
    findings.add("Rows of collected files contradict themselves", RESTORE, place(file));
  else if (
    file.leftovers === 1 ||
    instantUs(file.end_time) !== file.end_us ||
    (first_seq === null) !== (last_seq === null)
  )
    findings.add("Rows of collected files contradict themselves", RESTORE, place(file));
}

const inOrder = ({ first_seq, last_seq }: FileRow) => (first_seq ?? 0) <= (last_seq ?? 0);

/** Second readings are rows beside that of their file, and bear its id with a number. */
const strayReadings = (db: Parameters<typeof rows>[0]): readonly string[] =>
  rows<{ file_id: string }>(
    db,
    `SELECT r.file_id FROM files r LEFT JOIN files f ON f.file = r.reading_of AND f.source = r.source
     WHERE r.reading_of IS NOT NULL AND substr(r.file_id, 1, length(f.file_id) + 1) IS NOT f.file_id || '#'`,
  ).map(({ file_id }) => file_id);

/** Quarantined lines of files that say they have none. */
function strayLines(db: Parameters<typeof rows>[0]): readonly string[] {
  const found = rows<{ id: number; file_id: string }>(
    db,
    `SELECT q.id, f.file_id FROM quarantine q JOIN files f ON f.file = q.file JOIN sources s ON s.source = f.source
     WHERE coalesce(f.quarantined, 0) = 0 AND ${STAYS}`,
  );
  return found.map(({ id, file_id }) => `line ${id} of the file ${file_id}`);
}

export const hashesCheck: Check = {
  id: "hashes",
  invariant: "I3",
  title: "Every collected file has upstream's SHA-256, or is marked as unverified",
  run({ db }) {
    const findings = new Findings();
    let examined = 0;
    for (const some of pages<FileRow>(db, DONE)) {
      examined += some.length;
      for (const file of some) {
        if (file.sha256 !== null && file.sha256.toLowerCase() !== file.done_sha256)
          findings.add("Files were stored with another SHA-256 than upstream gave", RESTORE, place(file));
        if (file.sha256 === null && file.verified === 1)
          findings.add("Files count as verified though upstream gave no SHA-256", RESTORE, place(file));
        if (!/^[0-9a-f]{64}$/.test(file.done_sha256 ?? ""))
          findings.add("Files have no SHA-256 of their own", RESTORE, place(file));
      }
    }
    return { examined, violations: findings.list() };
  },
};

interface CursorRow extends SourceName {
  readonly cursor: string | null;
  readonly cursor_us: number | null;
  readonly newest_us: number | null;
}

export const cursorsCheck: Check = {
  id: "cursors",
  invariant: "I4",
  title: "No cursor is ahead of what upstream has listed, and none moves back but by a rewind",
  run({ db }) {
    const found = rows<CursorRow>(
      db,
      `SELECT collector_id, data_source, cursor, cursor_us,
         (SELECT max(end_us) FROM files f WHERE f.source = s.source) AS newest_us FROM sources s WHERE ${STAYS}`,
    );
    const unreadable = found.filter(
      ({ cursor, cursor_us }) => (cursor === null ? null : (instantUs(cursor) ?? null)) !== cursor_us,
    );
    const ahead = found.filter((source) => source.cursor_us !== null && source.cursor_us > (source.newest_us ?? -1));
    const guard = row(db, "SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = 'cursor_never_moves_back'");
    return {
      examined: found.length,
      violations: [
        ...violationsOf("Cursors cannot be read", RESTORE, unreadable.map(nameOf)),
        ...violationsOf("Cursors are ahead of every file that upstream has listed", RESTORE, ahead.map(nameOf)),
        ...violationsOf("Nothing keeps a cursor from moving back", RESTORE, guard ? [] : ["cursor_never_moves_back"]),
      ],
    };
  },
};

interface ClaimRow extends SourceName {
  readonly complete_through: string;
  readonly complete_through_us: number;
  readonly scanned_us: number | null;
  readonly hole_us: number | null;
}

export const claimsCheck: Check = {
  id: "claims",
  invariant: "I5",
  title: "Nothing is claimed complete past an open hole, nor past what was looked at",
  run({ db }) {
    const found = rows<ClaimRow>(
      db,
      `SELECT collector_id, data_source, complete_through, complete_through_us, scanned_to_us - allowance_us AS scanned_us,
         (SELECT min(end_us) FROM files f WHERE f.source = s.source AND state IN ('pending', 'quarantined')) AS hole_us
       FROM sources s WHERE complete_through_us IS NOT NULL AND ${STAYS}`,
    );
    const wrong = found.filter(
      ({ complete_through_us: claim, scanned_us, hole_us }) =>
        claim > (scanned_us ?? Number.MIN_SAFE_INTEGER) || claim > (hole_us ?? Number.MAX_SAFE_INTEGER),
    );
    const unreadable = found.filter((claim) => instantUs(claim.complete_through) !== claim.complete_through_us);
    const holes = rows<{ file_id: string; end_time: string; end_us: number }>(
      db,
      `SELECT file_id, end_time, end_us FROM files f JOIN sources s ON s.source = f.source
       WHERE f.state IN ('pending', 'quarantined') AND ${STAYS}`,
    ).filter(({ end_time, end_us }) => instantUs(end_time) !== end_us);
    const remedy = "The next whole scan works the claim out anew; if it stays, report it as a fault of Cistern";
    const spoken = (claim: ClaimRow) => `${nameOf(claim)}: complete through ${claim.complete_through}`;
    return {
      examined: found.length,
      violations: [
        ...violationsOf("More is claimed complete than is collected", remedy, wrong.map(spoken)),
        ...violationsOf("Claims cannot be read", remedy, unreadable.map(spoken)),
        ...violationsOf(
          "End times of files that wait cannot be read",
          RESTORE,
          holes.map(({ file_id }) => file_id),
        ),
      ],
    };
  },
};
