import { statSync } from "node:fs";
import { join } from "node:path";
import { currentSchema, schemaVersion } from "../../store/sqlite/migrate.ts";
import { type Check, MAX_VIOLATIONS, row, rows, type Violation } from "./examine.ts";

/** Databases up to this size are read whole without `--full`: a longer read would keep the write-ahead log from shrinking. */
const QUICK_BYTES = 1_000_000_000;

const RESTORE = "Restore the last backup; cistern restore checks it first";

const schema: Check = {
  id: "schema",
  title: "The store has this version's schema",
  run({ db }) {
    const found = schemaVersion(db);
    const wanted = currentSchema();
    if (found === wanted) return { examined: 1, violations: [] };
    const remedy = found > wanted ? "Use the newer version of Cistern" : "Start the server once: it upgrades the store";
    return { examined: 1, violations: [{ what: `schema ${found}, this version knows ${wanted}`, remedy }] };
  },
};

const structure: Check = {
  id: "structure",
  title: "The database file is sound",
  run({ db, dataDir, full }) {
    const bytes = statSync(join(dataDir, "cistern.db")).size;
    if (!full && bytes > QUICK_BYTES) return { examined: 0, violations: [] };
    const check = full ? "integrity_check" : "quick_check";
    const found = rows<Record<string, string>>(db, `PRAGMA ${check}(${MAX_VIOLATIONS})`);
    const faults = found.map((fault) => Object.values(fault)[0]!).filter((text) => text !== "ok");
    return { examined: 1, violations: faults.map((what) => ({ what, remedy: RESTORE })) };
  },
};

const uniqueness: Check = {
  id: "uniqueness",
  title: "No event can stand in the store twice",
  run({ db }) {
    const index = row<{ sql: string }>(db, "SELECT sql FROM sqlite_schema WHERE name = 'events_once'");
    const wanted = /UNIQUE INDEX .*\(source, time_key, event_id, content_hash\)/;
    const violations = wanted.test(index?.sql ?? "")
      ? []
      : [{ what: "the unique index over source, time, event id and content is missing", remedy: RESTORE }];
    return { examined: 1, violations };
  },
};

const positions: Check = {
  id: "positions",
  title: "No log position is used twice",
  run({ db }) {
    const used = row<{ last: number | null }>(db, "SELECT max(seq) AS last FROM events")?.last ?? 0;
    const given = row<{ seq: number }>(db, "SELECT seq FROM sqlite_sequence WHERE name = 'events'")?.seq ?? 0;
    const violations: Violation[] = [];
    if (used > given)
      violations.push({ what: `position ${used} is used, but only ${given} were given out`, remedy: RESTORE });
    const stretches = rows<{ file_id: string; first_seq: number; last_seq: number }>(
      db,
      "SELECT file_id, first_seq, last_seq FROM files WHERE first_seq IS NOT NULL ORDER BY first_seq",
    );
    for (const [index, { file_id, first_seq, last_seq }] of stretches.entries()) {
      const before = stretches[index - 1];
      if (first_seq > last_seq || (before && first_seq <= before.last_seq)) {
        violations.push({ what: `the file ${file_id} stands at positions of another`, remedy: RESTORE });
      }
    }
    return { examined: stretches.length, violations: violations.slice(0, MAX_VIOLATIONS) };
  },
};

const secretKeyFile: Check = {
  id: "secret-key-file",
  title: "Only its owner can read the key of the secrets",
  run({ dataDir }) {
    const path = join(dataDir, "secret.key");
    const mode = statSync(path, { throwIfNoEntry: false })?.mode;
    if (mode === undefined || process.platform === "win32" || (mode & 0o077) === 0)
      return { examined: 1, violations: [] };
    const what = `${path} has the mode ${(mode & 0o777).toString(8)}`;
    return { examined: 1, violations: [{ what, remedy: `chmod 600 ${path}` }] };
  },
};

export const databaseChecks: readonly Check[] = [schema, structure, uniqueness, positions, secretKeyFile];
