// Reads every event once, in log order, and tells several checks what it saw. Each file is read in one transaction with its
// ledger row, and a transaction ends soon: a server goes on beside it, and what it does meanwhile is not
// taken for damage. The last transaction catches up with the log and compares the counters there.
import type { DatabaseSync } from "node:sqlite";
import { type Query, query } from "../../store/sqlite/connection.ts";
import type { Tally } from "../../store/sqlite/tally.ts";
import type { Progress } from "../progress.ts";
import { addTally, CountComparison } from "./compare-counts.ts";
import { Findings, RESTORE, STAYS } from "./examine.ts";
import { FileSurvey, isTooLarge, type Sample, type SurveyedFile, whereIs } from "./survey-file.ts";

/** What reading every event has told. */
export interface Survey {
  readonly events: number;
  readonly bytes: number;
  readonly files: number;
  /** Files whose events cannot be compared with their digest, because some have gone as they should. */
  readonly linksOnly: number;
  readonly found: SurveyFindings;
  /** Data sources whose counts could not be judged, because events were removed while they were counted. */
  readonly unjudged: readonly string[];
  /** Some sound events, spread over the log, that an index must have. */
  readonly samples: readonly Sample[];
}

const kinds = ["held", "places", "index", "positions", "bytes", "digest", "erased", "counts"] as const;
export type SurveyFindings = Readonly<Record<(typeof kinds)[number], Findings>>;

/** A transaction is ended after this long, between two files. */
const TRANSACTION_MS = 150;
/**
 * Then nothing is read for this long, where somebody writes: the write-ahead log can begin anew only when a commit meets no
 * reader, and with one transaction directly after the other it grew as long as the reading went on.
 */
const REST_MS = 50;

export interface SurveyOptions {
  readonly nowMs: () => number;
  readonly pause: (ms: number) => void;
  readonly progress: Progress;
}

/** Reads every event. The index `events_once` has to be there. */
export const surveyEvents = (db: DatabaseSync, options: SurveyOptions): Survey => new EventSurvey(db, options).run();

class EventSurvey {
  readonly #db: DatabaseSync;
  readonly #options: SurveyOptions;
  readonly #next: Query<{ seq: number; file: number }>;
  readonly #file: Query<SurveyedFile>;
  readonly #fileSurvey: FileSurvey;
  readonly #found = Object.fromEntries(kinds.map((kind) => [kind, new Findings()])) as SurveyFindings;
  readonly #tallies = new Map<number, Tally>();
  /** Files that were read, with how many events their row said they hold then. */
  readonly #visited = new Map<number, number>();
  /** Data sources of which something graver is known: that their counts are wrong has a reason that is told already. */
  readonly #unsound = new Set<number>();
  readonly #last: number;
  #position = Number.MIN_SAFE_INTEGER;

  constructor(db: DatabaseSync, options: SurveyOptions) {
    this.#db = db;
    this.#options = options;
    this.#next = query(db, "SELECT seq, file FROM events WHERE seq > ? ORDER BY seq LIMIT 1");
    this.#file = query(
      db,
      `SELECT f.source, f.file, f.file_id, f.first_seq, f.last_seq, f.inserted, f.quarantined, f.held, f.held_bytes, f.digest,
         coalesce(s.collector_id, '?') AS collector_id, coalesce(s.data_source, '?') AS data_source,
         coalesce(${STAYS}, 1) AS stays
       FROM files f LEFT JOIN sources s ON s.source = f.source WHERE f.file = ? AND f.first_seq IS NOT NULL`,
    );
    this.#last = query<{ last: number | null }>(db, "SELECT max(seq) AS last FROM events").get()?.last ?? 0;
    this.#fileSurvey = new FileSurvey(db, this.#found);
  }

  run(): Survey {
    let comparison: CountComparison | undefined;
    for (let version = this.#dataVersion(); comparison === undefined; ) {
      comparison = this.#transaction(() => this.#readSome());
      const before = version;
      version = this.#dataVersion();
      if (comparison === undefined && version !== before) this.#options.pause(REST_MS);
      this.#options.progress.update(Math.min(Math.max(0, this.#position), this.#last), this.#last);
    }
    this.#lookForUnread();
    const unjudged = comparison.tell(this.#found.counts, this.#unsound);
    const { events, bytes, linksOnly, samples } = this.#fileSurvey;
    return { events, bytes, files: this.#visited.size, linksOnly, found: this.#found, unjudged, samples };
  }

  /** Changes when another connection has committed. */
  #dataVersion(): number {
    return query<{ data_version: number }>(this.#db, "PRAGMA data_version").get()!.data_version;
  }

  #transaction<T>(work: () => T): T {
    this.#db.exec("BEGIN");
    try {
      return work();
    } finally {
      this.#db.exec("COMMIT");
    }
  }

  /** Undefined until the end of the log is reached. */
  #readSome(): CountComparison | undefined {
    const end = this.#options.nowMs() + TRANSACTION_MS;
    do {
      const next = this.#next.get(this.#position);
      if (next === undefined) return new CountComparison(this.#db, this.#tallies, this.#visited);
      this.#readFileAt(next);
    } while (this.#options.nowMs() < end);
    return undefined;
  }

  #readFileAt({ seq, file: number }: { readonly seq: number; readonly file: number }): void {
    const file = this.#fileNumbered(number);
    if (file === undefined || seq < file.first_seq || seq > file.last_seq) {
      this.#found.places.add("Events belong to no file of the ledger", RESTORE, `position ${seq}`);
      this.#position = seq;
      return;
    }
    if (file.first_seq <= this.#position)
      this.#found.positions.add("Log positions are used by two files", RESTORE, whereIs(file));
    const { tally, sound } = this.#fileSurvey.read(file);
    this.#visited.set(file.file, file.held);
    if (!sound) this.#unsound.add(file.source);
    if (file.stays === 1) addTally(this.#tallies, file.source, tally);
    this.#position = file.last_seq;
  }

  #fileNumbered(number: number): SurveyedFile | undefined {
    try {
      return this.#file.get(number);
    } catch (error) {
      if (isTooLarge(error)) return undefined;
      throw error;
    }
  }

  /** Files that should hold events of which none was met, and those of which every line was set aside. */
  #lookForUnread(): void {
    const page = query<SurveyedFile & { there: number }>(
      this.#db,
      `SELECT f.file, f.file_id, f.source, f.held, f.first_seq, f.last_seq, f.quarantined, f.digest,
         coalesce(s.collector_id, '?') AS collector_id, coalesce(s.data_source, '?') AS data_source,
         (SELECT count(*) FROM (SELECT 1 FROM events e WHERE e.seq BETWEEN f.first_seq AND f.last_seq LIMIT 1)) AS there
       FROM files f LEFT JOIN sources s ON s.source = f.source
       WHERE f.file > ? AND (f.held <> 0 OR (f.quarantined > 0 AND f.first_seq IS NULL)) AND coalesce(${STAYS}, 1)
       ORDER BY f.file LIMIT 500`,
    );
    for (let files = page.all(0); files.length > 0; files = page.all(files.at(-1)!.file))
      for (const file of files) {
        if (file.held === 0) this.#fileSurvey.readSetAside(file);
        else if (!this.#visited.has(file.file) && file.there === 0) {
          this.#fileSurvey.tellHeld(file, 0);
          this.#unsound.add(file.source);
        }
      }
  }
}
