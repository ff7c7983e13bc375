// Part of migration 3: what was collected before there was a chain is linked as it stands.
import type { DatabaseSync } from "node:sqlite";
import { Chain } from "./chain.ts";
import { type Query, query } from "./connection.ts";
import { type DigestedFile, FileDigests } from "./file-digests.ts";

type DoneFile = DigestedFile & { readonly is_whole: number };

const FILES_A_STEP = 1000;

/** Links every done file of a database that has none linked, in log order. A file that has lost events already gets no digest. */
export function linkExistingFiles(db: DatabaseSync): void {
  const digests = new FileDigests(db);
  const chain = new Chain(db);
  const next: Query<DoneFile> = query(
    db,
    `SELECT source, file, first_seq, last_seq, held = inserted AS is_whole, quarantined FROM files
     WHERE state = 'done' AND link IS NULL ORDER BY coalesce(last_seq, 0), file LIMIT ${FILES_A_STEP}`,
  );
  for (let files = next.all(); files.length > 0; files = next.all())
    for (const file of files)
      chain.append(file.source, file.file, file.is_whole === 1 ? (digests.of(file) ?? null) : null);
}
