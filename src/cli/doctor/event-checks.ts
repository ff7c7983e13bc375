import { createHash } from "node:crypto";
import { type Check, MAX_VIOLATIONS, pages, row, type Violation } from "./examine.ts";

interface EventRow {
  readonly key: number;
  readonly raw: Uint8Array;
  readonly content_hash: Uint8Array;
  readonly has_file: number;
}

const REMEDY =
  "The disk or another program has changed the database. Check the disk, then restore the last backup that passes cistern doctor";

/** I12: the stored bytes still have the hash they were stored with. Every event is read. */
const bytes: Check = {
  id: "bytes",
  title: "Every event's bytes are as they were stored",
  run({ db, progress }) {
    const last = row<{ last: number | null }>(db, "SELECT max(seq) AS last FROM events")?.last ?? 0;
    const violations: Violation[] = [];
    let examined = 0;
    const page = `SELECT e.seq AS key, e.raw, e.content_hash, f.file IS NOT NULL AS has_file
      FROM events e LEFT JOIN files f ON f.file = e.file AND f.source = e.source AND e.seq BETWEEN f.first_seq AND f.last_seq
      WHERE e.seq > ? ORDER BY e.seq LIMIT 200`;
    for (const some of pages<EventRow>(db, page)) {
      for (const event of some) violations.push(...faultsOf(event).map((what) => ({ what, remedy: REMEDY })));
      examined += some.length;
      progress(some.at(-1)!.key, last);
      if (violations.length >= MAX_VIOLATIONS) break;
    }
    return { examined, violations: violations.slice(0, MAX_VIOLATIONS) };
  },
};

function faultsOf({ key, raw, content_hash, has_file }: EventRow): readonly string[] {
  const same = createHash("sha256").update(raw).digest().equals(content_hash);
  const faults = same ? [] : [`the event at position ${key} is not as it was stored`];
  return has_file === 1 ? faults : [...faults, `the event at position ${key} belongs to no file of the ledger`];
}

export const eventChecks: readonly Check[] = [bytes];
