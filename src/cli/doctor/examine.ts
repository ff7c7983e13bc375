import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** Something that is not as it must be. */
export interface Violation {
  /** Where, and what is wrong there. */
  readonly what: string;
  /** How to mend it. */
  readonly remedy: string;
}

/** What a check may use. Every statement is a short read of its own, so that a server is not held up. */
export interface Examination {
  readonly db: DatabaseSync;
  readonly dataDir: string;
  /** Also what takes a long read: every page and every index entry of the database. */
  readonly full: boolean;
  /** How many of how many things have been looked at. */
  progress(done: number, total: number): void;
}

/** One promise about what is stored. */
export interface Check {
  readonly id: string;
  readonly title: string;
  run(examination: Examination): CheckOutcome;
}

export interface CheckOutcome {
  /** How many things were looked at. */
  readonly examined: number;
  readonly violations: readonly Violation[];
}

/** Violations beyond this many of one check tell nothing new. */
export const MAX_VIOLATIONS = 100;

type Row = Record<string, SQLInputValue>;

/** All rows of a statement, typed as the statement has them. */
export const rows = <T = Row>(db: DatabaseSync, sql: string, ...values: SQLInputValue[]): readonly T[] =>
  db.prepare(sql).all(...values) as unknown as readonly T[];

export const row = <T = Row>(db: DatabaseSync, sql: string, ...values: SQLInputValue[]): T | undefined =>
  rows<T>(db, sql, ...values)[0];

/**
 * Walks a table in keyset pages: `sql` takes the last key and selects the next rows, a column `key` among them, in its order.
 */
export function* pages<T extends { readonly key: number }>(db: DatabaseSync, sql: string): Iterable<readonly T[]> {
  const statement = db.prepare(sql);
  for (let last = 0; ; ) {
    const page = statement.all(last) as unknown as readonly T[];
    if (page.length === 0) return;
    yield page;
    last = page.at(-1)!.key;
  }
}
