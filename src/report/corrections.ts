// What has come to light since a report was issued: its own words against the ledger of today.
import type { Correction, CoveredFile, IssuedReport } from "../model/report.ts";
import type { Gap } from "../model/store.ts";
import { instantUs } from "../model/time.ts";
import { DocumentSchema, type ReportDocument, type ReportedCorrection, type SourceStatement } from "./document.ts";
import { gapsWithin, type ReportReader, readLedger, type Span } from "./source-statement.ts";

/** Ids and gaps beyond this many are left out of a report; the earlier report and the ledger have them all. */
const MOST_NAMED = 1_000;

/** How an issued report differs from what is known now, one entry for each data source that does. */
export async function correctionsOf(reader: ReportReader, report: IssuedReport): Promise<readonly Correction[]> {
  const changed = report.sources.filter((source) => source.changed).map(({ dataSource }) => dataSource);
  if (changed.length === 0) return [];
  const bytes = await reader.reportDocument(report.id);
  if (bytes === undefined) return [];
  const document = readDocument(bytes);
  const corrections: Correction[] = [];
  for (const source of document.data_sources.filter(({ name }) => changed.includes(name))) {
    const correction = await compare(reader, document, source);
    if (correction !== undefined) corrections.push(correction);
  }
  return corrections;
}

/** A report of ours, as it was stored. */
export const readDocument = (bytes: Uint8Array): ReportDocument =>
  DocumentSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));

/** The interval of a report in µs. */
export const spanOf = ({ interval }: Pick<ReportDocument, "interval">): Span => ({
  fromUs: instantUs(interval.from)!,
  toUs: instantUs(interval.to)!,
});

async function compare(
  reader: ReportReader,
  document: ReportDocument,
  source: SourceStatement,
): Promise<Correction | undefined> {
  const key = { collectorId: document.collector.id, dataSource: source.name };
  const span = spanOf(document);
  const { files } = await readLedger(reader, key, span, false);
  const gaps = gapsWithin(await reader.gaps({ collectorId: key.collectorId }), key, span);
  const before = new Map(source.files.map((file) => [file.id, file]));
  const added = files.filter(({ id }) => !before.has(id));
  const altered = files.filter((file) => isAltered(file, before.get(file.id)));
  const gapsBefore = source.gaps.map((gap) => ({ from: gap.whole_from, to: gap.whole_to, reason: gap.reason }));
  const gapsAdded = without(gaps.map(plainGap), gapsBefore);
  const gapsClosed = without(gapsBefore, gaps.map(plainGap));
  if (added.length + altered.length + gapsAdded.length + gapsClosed.length === 0) return undefined;
  const claimUs = source.complete_through === null ? 0 : instantUs(source.complete_through)!;
  const wasClaimed = (time: string) => (instantUs(time) ?? 0) < claimUs;
  return {
    report: document.id,
    issuedAt: document.issued_at,
    dataSource: source.name,
    contradicted:
      [...added, ...altered].some(({ endTime }) => wasClaimed(endTime)) ||
      gapsAdded.some(({ from }) => wasClaimed(from)),
    filesAdded: added.map(({ id }) => id),
    filesChanged: altered.map(({ id, state }) => ({ id, from: before.get(id)!.state, to: state })),
    gapsAdded,
    gapsClosed,
  };
}

function isAltered({ state, done }: CoveredFile, before: SourceStatement["files"][number] | undefined): boolean {
  return before !== undefined && (before.state !== state || before.done?.sha256 !== done?.sha256);
}

interface PlainGap {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

const plainGap = ({ from, to, reason }: Gap): PlainGap => ({ from, to, reason });

function without(gaps: readonly PlainGap[], others: readonly PlainGap[]): readonly PlainGap[] {
  const known = new Set(others.map(textOf));
  return gaps.filter((gap) => !known.has(textOf(gap)));
}

const textOf = ({ from, to, reason }: PlainGap) => `${from} ${to} ${reason}`;

/** As it stands in a report. */
export const reportedCorrection = (correction: Correction): ReportedCorrection => ({
  report: correction.report,
  issued_at: correction.issuedAt,
  data_source: correction.dataSource,
  contradicted: correction.contradicted,
  files_added: correction.filesAdded.slice(0, MOST_NAMED),
  files_changed: correction.filesChanged.slice(0, MOST_NAMED).map((change) => ({ ...change })),
  gaps_added: correction.gapsAdded.slice(0, MOST_NAMED).map((gap) => ({ ...gap })),
  gaps_closed: correction.gapsClosed.slice(0, MOST_NAMED).map((gap) => ({ ...gap })),
});
