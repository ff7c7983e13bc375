// A report beside the data folder it speaks of: what the ledger and the stored bytes say today.
import { createHash } from "node:crypto";
import type { CoveredFile } from "../model/report.ts";
import { correctionsOf, spanOf } from "./corrections.ts";
import type { ReportDocument, ReportedFile, SourceStatement } from "./document.ts";
import { type OnHashed, type ReportReader, readLedger } from "./source-statement.ts";

export interface Comparison {
  /** What cannot be: the report says otherwise than the store, and no later event explains it. */
  readonly faults: readonly string[];
  /** What has changed since the report was issued, and may. */
  readonly notes: readonly string[];
}

/** Compares every file of the report with the ledger, and hashes the held events again. */
export async function compareWithStore(
  reader: ReportReader,
  report: ReportDocument,
  { document, onHashed }: { readonly document: Uint8Array; readonly onHashed: OnHashed },
): Promise<Comparison> {
  const faults: string[] = [];
  const notes: string[] = [];
  for (const source of report.data_sources) {
    const found = await compareSource(reader, report, source, onHashed);
    faults.push(...found.faults.map((fault) => `${source.name}: ${fault}`));
    notes.push(...found.notes.map((note) => `${source.name}: ${note}`));
  }
  const record = await compareRecord(reader, report, document);
  return { faults: [...faults, ...record.faults], notes: [...notes, ...record.notes] };
}

async function compareSource(
  reader: ReportReader,
  report: ReportDocument,
  source: SourceStatement,
  onHashed: OnHashed,
): Promise<Comparison> {
  const key = { collectorId: report.collector.id, dataSource: source.name };
  const { files } = await readLedger(reader, key, spanOf(report), false);
  const now = new Map(files.map((file) => [file.id, file]));
  const faults = source.files.flatMap((file) => fileFaults(file, now.get(file.id)));
  const notes: string[] = [];
  let held = 0;
  for (const file of files) {
    if (file.done === undefined) continue;
    const hashed = await reader.rehash(key, file.id);
    if (hashed === undefined) continue;
    held += hashed.held;
    onHashed(hashed.events);
    if (hashed.events !== hashed.held)
      faults.push(`of the file ${file.id} ${hashed.events} events are there, the ledger says ${hashed.held}`);
    for (const seq of hashed.mismatched.filter((one) => !source.rehash.mismatched.includes(one)))
      faults.push(`the event at position ${seq} is not as it was stored`);
  }
  const added = files.filter(({ id }) => !source.files.some((file) => file.id === id)).length;
  if (added > 0) notes.push(`${plural(added, "file")} came later than the report`);
  const moved = source.files.filter(
    ({ id, state }) => now.get(id) !== undefined && now.get(id)!.state !== state,
  ).length;
  if (moved > 0) notes.push(`${plural(moved, "file")} stand otherwise than when the report was issued`);
  if (held < source.counts.held)
    notes.push(`${plural(source.counts.held - held, "event")} fewer are held: retention or erasure has removed them`);
  return { faults, notes };
}

/** A done file never changes any more: only the number of its held events may go down. */
function fileFaults({ id, done }: ReportedFile, now: CoveredFile | undefined): string[] {
  if (now === undefined) return [`the ledger does not know the file ${id}`];
  if (done === null) return [];
  if (now.done === undefined) return [`the file ${id} was done and is now ${now.state}`];
  const faults: string[] = [];
  if (now.done.sha256 !== done.sha256) faults.push(`the file ${id} has another hash in the ledger`);
  for (const name of ["lines", "inserted", "duplicates", "conflicts", "quarantined", "tombstoned"] as const)
    if (now.done[name] !== done[name])
      faults.push(`the file ${id} has ${now.done[name]} ${name} in the ledger, the report says ${done[name]}`);
  if (now.done.held > done.held) faults.push(`the file ${id} holds more events than when the report was issued`);
  return faults;
}

/** Whether this data folder has issued the report, and what it has found out since. */
async function compareRecord(reader: ReportReader, report: ReportDocument, document: Uint8Array): Promise<Comparison> {
  const issued = await reader.issuedReports(report.collector.id, Number.MAX_SAFE_INTEGER);
  const own = issued.find(({ id }) => id === report.id);
  if (own === undefined) return { faults: [], notes: [`This data folder has no record of the report ${report.id}`] };
  const sha256 = createHash("sha256").update(document).digest("hex");
  if (own.sha256 !== sha256) return { faults: ["The report that was issued under this id has other bytes"], notes: [] };
  const corrections = await correctionsOf(reader, own);
  return {
    faults: [],
    notes: corrections.map(({ dataSource, contradicted }) =>
      contradicted
        ? `${dataSource}: what the report had claimed as complete was not; a new report says what came to light`
        : `${dataSource}: a new report would say more, nothing that this one had claimed is otherwise`,
    ),
  };
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
