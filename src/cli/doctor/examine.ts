import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { OpenControl } from "../../control/open-control.ts";
import type { Progress } from "../progress.ts";
import type { Survey } from "./survey.ts";

/** Something that is not as it must be, wherever it was found. */
export interface Violation {
  /** What is wrong, as a sentence. */
  readonly what: string;
  /** How often. */
  readonly count: number;
  /** Where: the first ten. */
  readonly examples: readonly string[];
  /** How to mend it. */
  readonly remedy: string;
}

/** What a check may use. Every read is short, so that a server is not held up. */
export interface Examination {
  readonly db: DatabaseSync;
  readonly dataDir: string;
  /** Also what takes a long read: every page and every index entry of the databases. */
  readonly full: boolean;
  readonly nowMs: () => number;
  /** A bar on a terminal; the check ends it. */
  readonly progress: (title: string) => Progress;
  /** What reading every event has told. The first check that asks has it read. */
  readonly survey: () => Survey;
  readonly control: OpenControl;
  readonly controlDb: DatabaseSync;
}

/** One promise about what is stored. */
export interface Check {
  readonly id: string;
  /** The invariant that it belongs to, as docs/doctor.md numbers them. */
  readonly invariant?: string;
  readonly title: string;
  run(examination: Examination): CheckOutcome | Promise<CheckOutcome>;
}

export interface CheckOutcome {
  /** How many things were looked at; 0: there was nothing to look at. */
  readonly examined: number;
  readonly violations: readonly Violation[];
  /** What a person should know, though nothing is broken. */
  readonly warnings?: readonly Violation[];
}

/** Remedies that several checks name. */
export const RESTORE =
  "Check the disk, then restore the last backup that passes cistern doctor: cistern restore FILE --data-dir FOLDER --force. What upstream still has since then is collected again by itself";
export const RECOUNT = "Stop the server, then: cistern doctor --fix --yes";

const EXAMPLES = 10;

/** Gathers violations of a kind under one sentence. */
export class Findings {
  readonly #kinds = new Map<string, { what: string; count: number; examples: string[]; remedy: string }>();

  add(what: string, remedy: string, example: string): void {
    const kind = this.#kinds.get(what) ?? { what, count: 0, examples: [], remedy };
    this.#kinds.set(what, kind);
    kind.count += 1;
    if (kind.examples.length < EXAMPLES) kind.examples.push(example);
  }

  list(): readonly Violation[] {
    return [...this.#kinds.values()];
  }
}

/** Violations of one kind: none, or one with the places. */
export function violationsOf(what: string, remedy: string, places: readonly string[]): readonly Violation[] {
  const findings = new Findings();
  for (const place of places) findings.add(what, remedy, place);
  return findings.list();
}

type Row = Record<string, SQLInputValue>;

/** All rows of a statement, typed as the statement has them. */
export const rows = <T = Row>(db: DatabaseSync, sql: string, ...values: SQLInputValue[]): readonly T[] =>
  db.prepare(sql).all(...values) as unknown as readonly T[];

export const row = <T = Row>(db: DatabaseSync, sql: string, ...values: SQLInputValue[]): T | undefined =>
  db.prepare(sql).get(...values) as unknown as T | undefined;

/**
 * Walks a table in keyset pages: `sql` takes the last key and selects the next rows, a column `key` among them, in its order.
 */
export function* pages<T extends { readonly key: number }>(db: DatabaseSync, sql: string): Iterable<readonly T[]> {
  const statement = db.prepare(sql);
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const page = statement.all(last) as unknown as readonly T[];
    if (page.length === 0) return;
    yield page;
    last = page.at(-1)!.key;
  }
}

/** `conversations of col_x`. Columns of `sources s`. */
export interface SourceName {
  readonly collector_id: string;
  readonly data_source: string;
}
export const nameOf = ({ collector_id, data_source }: SourceName): string => `${data_source} of ${collector_id}`;

/** Condition on `sources s`: the collector is not on its way out, when its rows go table by table. */
export const STAYS = "s.collector_id IN (SELECT collector_id FROM collectors WHERE removing = 0)";
