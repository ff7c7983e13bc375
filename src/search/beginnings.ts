// Which words of the index begin with some letters. Asked for the beginning of a word, FTS5 puts together every place of every
// such word before it gives the first hit: seconds in a large index. As alternatives they are read only as far as they are needed.
import type { DatabaseSync } from "node:sqlite";

/** With more of them, FTS5's own way is the quicker one: each word has to be looked up, and each hit looked for in each. */
const mostWords = 256;

// What the tokenizer leaves as it is, but for its case. Anything else it may fold in ways of its own.
const foldsSimply = /^[[\p{Cc}--\s]A-Za-z0-9]+$/v;
const afterAll = "\u{10ffff}";

/**
 * The words of a generation that begin so; `beginning` is one token as it is indexed. Undefined where they cannot be told, or
 * are too many. To be called within the transaction that then searches for them.
 */
export function wordsBeginning(db: DatabaseSync, generation: number, beginning: string): readonly string[] | undefined {
  if (!foldsSimply.test(beginning)) return undefined;
  const from = beginning.toLowerCase();
  const rows = db.prepare(termsSql(db, generation)).all(from, from + afterAll, mostWords + 1);
  return rows.length > mostWords ? undefined : rows.map(({ term }) => String(term));
}

// From word to word, never through the places of one: no token has U+0001 behind its first character, so what follows "word\x01"
// in the order of bytes is the next word.
function termsSql(db: DatabaseSync, generation: number): string {
  const terms = `temp.terms_${generation}`;
  db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS ${terms} USING fts5vocab(main, words_${generation}, instance)`);
  return `WITH RECURSIVE found (term) AS (
      SELECT (SELECT term FROM ${terms} WHERE term >= ?1 LIMIT 1)
      UNION ALL
      SELECT (SELECT term FROM ${terms} WHERE term >= found.term || char(1) LIMIT 1) FROM found WHERE found.term < ?2
    )
    SELECT term FROM found WHERE term < ?2 LIMIT ?3`;
}
