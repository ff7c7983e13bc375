// Conservation: what was published is stored, erased, set aside, still to come, or a declared gap, and every count says so.
import {
  type Check,
  Findings,
  nameOf,
  RECOUNT,
  RESTORE,
  rows,
  type SourceName,
  STAYS,
  violationsOf,
} from "./examine.ts";

/** Every counter of a data source, and what it is made of. */
export const counters: Readonly<Record<string, string>> = {
  events: "coalesce(f.events, 0)",
  bytes: "coalesce(f.bytes, 0)",
  duplicates: "coalesce(f.duplicates, 0)",
  conflicts: "coalesce(f.conflicts, 0)",
  tombstoned: "coalesce(f.tombstoned, 0)",
  quarantined: "coalesce(f.quarantined, 0)",
  files_done: "coalesce(f.done, 0)",
  files_pending: "coalesce(f.pending, 0)",
  files_pending_bytes: "coalesce(f.pending_bytes, 0)",
  unacknowledged_quarantined: `coalesce(f.unacknowledged, 0) + (
    SELECT count(*) FROM quarantine q WHERE q.source = s.source AND q.acknowledged_at IS NULL)`,
  unacknowledged_gaps: "(SELECT count(*) FROM gaps g WHERE g.source = s.source AND g.acknowledged_at IS NULL)",
};

/** `sources s` beside the sums of its files, `f`. One statement: a commit comes before it or after. */
export const COUNTED = `sources s LEFT JOIN (
    SELECT source, sum(held) AS events, sum(held_bytes) AS bytes, sum(duplicates) AS duplicates, sum(conflicts) AS conflicts,
      sum(tombstoned) AS tombstoned, sum(quarantined) AS quarantined, sum(state = 'done') AS done,
      sum(state = 'pending') AS pending, sum(CASE WHEN state = 'pending' THEN size ELSE 0 END) AS pending_bytes,
      sum(state = 'quarantined' AND acknowledged_at IS NULL) AS unacknowledged
    FROM files GROUP BY source
  ) f ON f.source = s.source`;

type CountRow = SourceName & Readonly<Record<string, number | string>>;

export const countsCheck: Check = {
  id: "counts",
  invariant: "I9",
  title: "Every count is what the rows add up to",
  run({ db, survey }) {
    const names = Object.keys(counters);
    const columns = names.map((name) => `s.${name} AS has_${name}, (${counters[name]}) AS is_${name}`);
    const sources = rows<CountRow>(
      db,
      `SELECT s.collector_id, s.data_source, ${columns.join(", ")} FROM ${COUNTED} WHERE ${STAYS}`,
    );
    const places = sources.flatMap((source) =>
      names
        .filter((name) => source[`has_${name}`] !== source[`is_${name}`])
        .map((name) => `${nameOf(source)}: ${name} says ${source[`has_${name}`]}, it is ${source[`is_${name}`]}`),
    );
    const { found, unjudged } = survey();
    return {
      examined: sources.length * names.length,
      violations: [...violationsOf("Counters of data sources are wrong", RECOUNT, places), ...found.counts.list()],
      warnings: violationsOf(
        "Counts by time and type could not be judged: events were removed meanwhile",
        "Run cistern doctor again when no retention is under way",
        unjudged,
      ),
    };
  },
};

interface GapRow extends SourceName {
  readonly id: number;
  readonly file_id: string;
  readonly state: string | null;
}

export const gapsCheck: Check = {
  id: "gaps",
  invariant: "I9",
  title: "A file that cannot be had is a gap, and a gap is no file that waits or is collected",
  run({ db }) {
    const findings = new Findings();
    const gaps = rows<GapRow>(
      db,
      `SELECT g.id, g.file_id, f.state, s.collector_id, s.data_source FROM gaps g JOIN sources s ON s.source = g.source
       LEFT JOIN files f ON f.source = g.source AND f.file_id = g.file_id
       WHERE g.reason = 'expired_upstream' AND ${STAYS}`,
    );
    for (const gap of gaps.filter(({ state }) => state !== "expired")) {
      const example = `gap ${gap.id} (${nameOf(gap)}): its file ${gap.file_id} is ${gap.state ?? "not in the ledger"}`;
      findings.add("Gaps are declared for files that are not lost", RESTORE, example);
    }
    const lost = rows<SourceName & { file_id: string }>(
      db,
      `SELECT f.file_id, s.collector_id, s.data_source FROM files f JOIN sources s ON s.source = f.source
       WHERE f.state = 'expired' AND ${STAYS} AND NOT EXISTS (
         SELECT 1 FROM gaps g WHERE g.source = f.source AND g.file_id = f.file_id AND g.reason = 'expired_upstream')`,
    );
    for (const file of lost)
      findings.add("Files are lost without a declared gap", RESTORE, `${file.file_id} (${nameOf(file)})`);
    const backwards = rows<GapRow>(
      db,
      `SELECT g.id, s.collector_id, s.data_source FROM gaps g JOIN sources s ON s.source = g.source
       WHERE unixepoch(g.from_time, 'subsec') > unixepoch(g.to_time, 'subsec') AND ${STAYS}`,
    );
    for (const gap of backwards) findings.add("Gaps end before they begin", RESTORE, `gap ${gap.id} (${nameOf(gap)})`);
    return { examined: gaps.length + lost.length, violations: findings.list() };
  },
};
