// Puts right what is derived: counters, counts by time and type, the search index. Events, ledger and gaps are never touched.
// No server may run: counting a large store again takes longer than a commit may wait.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { searchPath } from "../../search/database.ts";
import { inTransaction, openForWriting, query } from "../../store/sqlite/connection.ts";
import { BUCKET_US } from "../../store/sqlite/tally.ts";
import { type Cli, print, printJson } from "../cli.ts";
import { STORE_DATABASE, whileNothingRuns } from "../compose.ts";
import { COUNTED, counters } from "./count-checks.ts";
import { type CheckResult, examine } from "./examination.ts";
import { RECOUNT } from "./examine.ts";

/** Something derived that is wrong, and what puts it right. */
interface Repair {
  readonly id: "counters" | "counts" | "search";
  readonly what: string;
  readonly apply: (dataDir: string) => void;
}

const repairs: readonly Repair[] = [
  {
    id: "counters",
    what: "Work out the counters of every data source again from the ledger, the gaps and the lines set aside",
    apply: (dataDir) => withStore(dataDir, recountSources),
  },
  {
    id: "counts",
    what: "Count the events again by time and by type",
    apply: (dataDir) => withStore(dataDir, recountEvents),
  },
  {
    id: "search",
    what: "Delete the search index; the server builds it again from the log when it starts",
    apply: (dataDir) => {
      for (const suffix of ["-wal", "-shm", ""]) rmSync(searchPath(dataDir) + suffix, { force: true });
    },
  },
];

/** Tells what is wrong that can be put right, and with `yes` does it. Ends with 1 where something is wrong that it cannot. */
export async function mend(cli: Cli, dataDir: string, options: { readonly yes: boolean; readonly json: boolean }) {
  await whileNothingRuns(dataDir, async () => {
    const { results } = await examine(cli, { dataDir, full: false, expectedHeads: [], onResult: () => undefined });
    const wrong = results.filter(({ violations }) => violations.length > 0);
    const chosen = repairs.filter(({ id }) => wrong.some((result) => isMendedBy(result, id)));
    const beyond = wrong.filter((result) => result.violations.some(({ remedy }) => remedy !== RECOUNT));
    if (options.yes) for (const repair of chosen) repair.apply(dataDir);
    if (beyond.length > 0) cli.exitCode = 1;
    if (options.json) {
      const mended = chosen.map(({ id, what }) => ({ id, what }));
      printJson(cli, { done: options.yes, repairs: mended, beyond: beyond.map(({ id }) => id) });
    } else for (const line of linesOf(chosen, beyond, options.yes)) print(cli, line);
  });
}

/** Counters are made from the ledger; what is counted by time and type, from the events. */
function isMendedBy({ id, violations }: CheckResult, repair: Repair["id"]): boolean {
  const derived = violations.filter(({ remedy }) => remedy === RECOUNT);
  if (id !== "counts") return id === repair && derived.length > 0;
  return repair !== "search" && derived.length > 0;
}

function linesOf(chosen: readonly Repair[], beyond: readonly CheckResult[], done: boolean): readonly string[] {
  const will = done ? "Done" : "Would be done with --yes";
  return [
    ...(chosen.length === 0 ? ["Nothing derived is wrong."] : chosen.map(({ what }) => `${will}: ${what}`)),
    ...beyond.map(({ title }) => `Not to be mended so: ${title}. See cistern doctor`),
  ];
}

function withStore(dataDir: string, work: (db: DatabaseSync) => void): void {
  const path = join(dataDir, STORE_DATABASE);
  if (!existsSync(path)) return;
  const db = openForWriting(path);
  try {
    inTransaction(db, () => work(db));
  } finally {
    db.close();
  }
}

function recountSources(db: DatabaseSync): void {
  const names = Object.keys(counters);
  const values = names.map((name) => `${counters[name]} AS ${name}`).join(", ");
  const set = names.map((name) => `${name} = c.${name}`).join(", ");
  db.exec(
    `UPDATE sources SET ${set} FROM (SELECT s.source, ${values} FROM ${COUNTED}) c WHERE c.source = sources.source`,
  );
}

function recountEvents(db: DatabaseSync): void {
  db.exec("DELETE FROM volume; DELETE FROM type_counts");
  // Integer division cuts towards zero, and a bucket begins before its events also before 1970.
  const bucket = `(time_key - ((time_key % ${BUCKET_US}) + ${BUCKET_US}) % ${BUCKET_US}) / ${BUCKET_US}`;
  query(
    db,
    `INSERT INTO volume (source, bucket, events, bytes)
     SELECT source, ${bucket}, count(*), sum(length(raw)) FROM events GROUP BY 1, 2`,
  ).run();
  query(
    db,
    "INSERT INTO type_counts (source, type, events) SELECT source, type, count(*) FROM events GROUP BY source, type",
  ).run();
}
