// What all other checks stand on: the right schema, sound files, rows that name one another.
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../control/database.ts";
import { currentSchema, migrate, schemaVersion } from "../../store/sqlite/migrate.ts";
import { type Check, Findings, nameOf, RESTORE, row, rows, type SourceName, STAYS, violationsOf } from "./examine.ts";

/** Databases up to this size are read whole in one go: it takes less than a second. */
const QUICK_BYTES = 200_000_000;

const BY_HAND =
  "Somebody has changed the database by hand: find out what else they did, and restore the last backup that passes cistern doctor";

interface SchemaObject {
  readonly name: string;
  readonly sql: string | null;
}

const OBJECTS = "SELECT type || ' ' || name AS name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'";

export const schemaCheck: Check = {
  id: "schema",
  title: "The store has this version's schema",
  run({ db }) {
    const found = schemaVersion(db);
    const wanted = currentSchema();
    const remedy = found > wanted ? "Use the newer version of Cistern" : "Start the server once: it upgrades the store";
    const places = found === wanted ? [] : [`it has schema ${found}, this version knows ${wanted}`];
    return { examined: 1, violations: violationsOf("The store has another schema", remedy, places) };
  },
};

export const objectsCheck: Check = {
  id: "objects",
  title: "Tables, indexes and triggers are those of this version",
  async run({ db, controlDb }) {
    const fresh = new DatabaseSync(":memory:");
    await migrate(fresh, undefined, () => {});
    const wanted = rows<SchemaObject>(fresh, OBJECTS);
    fresh.close();
    const control = openDatabase(":memory:");
    const controlWanted = control.all(OBJECTS) as unknown as readonly SchemaObject[];
    control.close();
    const places = [
      ...differences("cistern.db", wanted, rows<SchemaObject>(db, OBJECTS)),
      ...differences("control.db", controlWanted, rows<SchemaObject>(controlDb, OBJECTS)),
    ];
    const violations = violationsOf("The databases are not built as this version builds them", BY_HAND, places);
    return { examined: wanted.length + controlWanted.length, violations };
  },
};

function differences(file: string, wanted: readonly SchemaObject[], found: readonly SchemaObject[]): readonly string[] {
  const sql = new Map(found.map((object) => [object.name, object.sql]));
  const wrong = wanted.filter((object) => sql.get(object.name) !== object.sql);
  const known = new Set(wanted.map(({ name }) => name));
  return [
    ...wrong.map(({ name }) => `${file}: the ${name} is ${sql.has(name) ? "another" : "missing"}`),
    ...found.filter(({ name }) => !known.has(name)).map(({ name }) => `${file}: the ${name} is none of ours`),
  ];
}

export const structureCheck: Check = {
  id: "structure",
  title: "The database files are sound",
  run({ db, controlDb, dataDir, full }) {
    const findings = new Findings();
    const tell = (file: string, found: readonly Record<string, string>[]) => {
      for (const text of found.map((fault) => Object.values(fault)[0]!).filter((fault) => fault !== "ok"))
        findings.add("A database file is damaged", RESTORE, `${file}: ${text}`);
    };
    for (const pragma of structurePragmas(db, dataDir, full)) tell("cistern.db", rows(db, pragma));
    tell("control.db", rows(controlDb, "PRAGMA integrity_check(20)"));
    return { examined: 2, violations: findings.list() };
  },
};

// Of a large store the events are left out: reading each of them, with its entry in the index, is another check.
function structurePragmas(db: DatabaseSync, dataDir: string, full: boolean): readonly string[] {
  if (full) return ["PRAGMA integrity_check(20)"];
  if (statSync(join(dataDir, "cistern.db")).size <= QUICK_BYTES) return ["PRAGMA quick_check(20)"];
  const tables = rows<{ name: string }>(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'events'");
  return tables.filter(({ name }) => !name.startsWith("sqlite_")).map(({ name }) => `PRAGMA quick_check('${name}')`);
}

/** Each finds the rows of a table that name a row which is not there. */
const references: readonly (readonly [what: string, sql: string])[] = [
  ["files of no data source", "SELECT file_id AS place FROM files WHERE source NOT IN (SELECT source FROM sources)"],
  [
    "files of no known stamp",
    "SELECT file_id AS place FROM files WHERE stamp IS NOT NULL AND stamp NOT IN (SELECT stamp FROM stamps)",
  ],
  [
    "data sources of no collector",
    "SELECT data_source AS place FROM sources WHERE collector_id NOT IN (SELECT collector_id FROM collectors)",
  ],
  ["gaps of no data source", "SELECT id AS place FROM gaps WHERE source NOT IN (SELECT source FROM sources)"],
  [
    "quarantined lines of no file",
    "SELECT id AS place FROM quarantine q WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.file = q.file AND f.source = q.source)",
  ],
  [
    "tombstones of no data source",
    "SELECT DISTINCT source AS place FROM tombstones WHERE source NOT IN (SELECT source FROM sources)",
  ],
  [
    "volume of no data source",
    "SELECT DISTINCT source AS place FROM volume WHERE source NOT IN (SELECT source FROM sources)",
  ],
  ["rewinds of no data source", "SELECT rewind AS place FROM rewinds WHERE source NOT IN (SELECT source FROM sources)"],
  ["second readings of no file", "SELECT reread AS place FROM rereads WHERE file NOT IN (SELECT file FROM files)"],
  [
    "reports of no data source",
    "SELECT report_id AS place FROM report_sources WHERE source NOT IN (SELECT source FROM sources)",
  ],
  [
    "counts by type of no data source",
    "SELECT DISTINCT source AS place FROM type_counts WHERE source NOT IN (SELECT source FROM sources)",
  ],
  [
    "counts of an unknown type",
    "SELECT DISTINCT type AS place FROM type_counts WHERE type NOT IN (SELECT type FROM types)",
  ],
];

export const referencesCheck: Check = {
  id: "references",
  title: "Every row belongs to something that is there",
  run({ db, survey }) {
    const findings = new Findings();
    for (const [what, sql] of references)
      for (const { place } of rows<{ place: string | number }>(db, sql))
        findings.add(`There are ${what}`, RESTORE, String(place));
    const { events, found } = survey();
    return { examined: events + references.length, violations: [...findings.list(), ...found.places.list()] };
  },
};

export const uniquenessCheck: Check = {
  id: "uniqueness",
  invariant: "I2",
  title: "No event stands in the store twice, no log position is used twice",
  run({ db, survey }) {
    const index = row<{ sql: string }>(db, "SELECT sql FROM sqlite_schema WHERE name = 'events_once'");
    const unique = /UNIQUE INDEX .*\(source, time_key, event_id, content_hash\)/.test(index?.sql ?? "");
    const missing = unique ? [] : ["events_once"];
    const { events, found } = survey();
    return {
      examined: events,
      violations: [
        ...violationsOf("The unique index over source, time, event id and content is missing", RESTORE, missing),
        ...violationsOf("Log positions are used that were not given out", RESTORE, positionsNotGiven(db)),
        ...found.index.list(),
        ...found.positions.list(),
      ],
    };
  },
};

function positionsNotGiven(db: DatabaseSync): readonly string[] {
  const used = `SELECT (SELECT coalesce(max(seq), 0) FROM events) AS used,
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0) AS given`;
  const { used: last, given } = row<{ used: number; given: number }>(db, used)!;
  const sources = rows<SourceName & { last_seq: number; given: number }>(
    db,
    `SELECT collector_id, data_source, last_seq, coalesce((SELECT max(last_seq) FROM files f WHERE f.source = s.source), 0) AS given
     FROM sources s WHERE ${STAYS}`,
  ).filter((source) => source.last_seq !== source.given);
  return [
    ...(last > given ? [`position ${last} is used, up to ${given} were given out`] : []),
    ...sources.map((source) => `${nameOf(source)}: its log ends at ${source.given}, its row says ${source.last_seq}`),
  ];
}
