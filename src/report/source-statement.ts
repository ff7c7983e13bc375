// What is said of one data source and interval: read from the ledger in pages, every held event hashed again.
import {
  type CoverageFacts,
  coverageRuns,
  FILE_SPAN_US,
  isComplete,
  ledgerStretches,
  MINUTE_US,
  minutesOf,
  stretchKind,
} from "../model/coverage.ts";
import type { DataSourceKey } from "../model/event.ts";
import type { CoveredFile } from "../model/report.ts";
import type { DataSourceState, Gap, StoreReader } from "../model/store.ts";
import { earlierOf, instantUs, isoFromUs } from "../model/time.ts";
import { type ReportedFile, type ReportedGap, type SourceStatement, summed } from "./document.ts";

const FILES_A_PAGE = 1_000;

/** The part of a store that reports are made from. */
export type ReportReader = Pick<
  StoreReader,
  "dataSources" | "gaps" | "coveredFiles" | "rehash" | "issuedReports" | "reportDocument"
>;

/** An interval in µs since 1970, whole minutes. */
export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

/** The files of an interval, all pages of it, with what the calendar needs beside. */
export interface LedgerPart {
  readonly facts: CoverageFacts;
  readonly previousEndUs: number | undefined;
  readonly files: readonly CoveredFile[];
}

/** With `touching`, also the files after the interval that speak for a part of it. */
export async function readLedger(
  reader: Pick<ReportReader, "coveredFiles">,
  key: DataSourceKey,
  span: Span,
  touching: boolean,
): Promise<LedgerPart> {
  const query = { key, ...span, touching, limit: FILES_A_PAGE };
  let page = await reader.coveredFiles(query);
  const { previousEndUs } = page;
  const files = [...page.files];
  while (page.next !== undefined) {
    page = await reader.coveredFiles({ ...query, after: page.next });
    files.push(...page.files);
  }
  return { facts: page.facts, previousEndUs, files };
}

export interface SourceSubject {
  readonly key: DataSourceKey;
  readonly upstreamType: string;
  readonly principal: string | undefined;
}

/** Told of each file whose events have been hashed again. */
export type OnHashed = (events: number) => void;

/** Reads the events of the ledger's files again; the counts of held events are those found then. */
export async function statementOf(
  reader: ReportReader,
  { key, upstreamType, principal }: SourceSubject,
  { span, part, onHashed }: { readonly span: Span; readonly part: LedgerPart; readonly onHashed: OnHashed },
): Promise<SourceStatement> {
  const state = (await reader.dataSources()).find(({ key: one }) => isSame(one, key));
  const within = part.files.filter((file) => endUs(file) <= span.toUs);
  const { files, mismatched, events } = await rehashed(reader, key, within, onHashed);
  const gaps = gapsWithin(await reader.gaps({ collectorId: key.collectorId }), key, span);
  const holes = part.files.filter(isHole);
  const minutes = minutesOfPart(part, gaps, span);
  const counts = countsOf(files);
  return {
    name: key.dataSource,
    upstream_type: upstreamType,
    principal: principal ?? null,
    complete: isComplete(minutes) && mismatched.length === 0 && events === counts.held,
    complete_through: claimOf(state, holes) ?? null,
    claim_moved_back: state?.claimMovedBack ?? 0,
    scanned_to: state?.scannedTo ?? null,
    asked_from: part.facts.askedFromUs === undefined ? null : isoFromUs(part.facts.askedFromUs),
    allowance_seconds: Math.round(part.facts.allowanceUs / 1_000_000),
    last_deep_scan: state?.scans.deep ?? null,
    minutes,
    counts,
    gaps: gaps.map((gap) => reportedGap(gap, span)),
    holes: holes.map(({ id, endTime, state: fileState, attempts, error }) => ({
      file_id: id,
      end_time: endTime,
      state: fileState,
      attempts,
      error: error === undefined ? null : (error.reason ?? error.code),
    })),
    files,
    rehash: { events, mismatched },
  };
}

const isSame = (a: DataSourceKey, b: DataSourceKey) => a.collectorId === b.collectorId && a.dataSource === b.dataSource;

const endUs = ({ endTime }: Pick<CoveredFile, "endTime">) => instantUs(endTime) ?? 0;

type Hole = CoveredFile & { readonly state: "pending" | "quarantined" };
const isHole = (file: CoveredFile): file is Hole => file.state === "pending" || file.state === "quarantined";

/** The ledger may have found a hole since the claim was read. */
const claimOf = (state: DataSourceState | undefined, holes: readonly Hole[]): string | undefined =>
  state?.completeThrough === undefined
    ? undefined
    : holes.reduce((claim, { endTime }) => earlierOf(claim, endTime), state.completeThrough as string | undefined);

async function rehashed(
  reader: ReportReader,
  key: DataSourceKey,
  files: readonly CoveredFile[],
  onHashed: OnHashed,
): Promise<{ readonly files: ReportedFile[]; readonly mismatched: number[]; readonly events: number }> {
  const reported: ReportedFile[] = [];
  const mismatched: number[] = [];
  let events = 0;
  for (const file of files) {
    const hashed = file.done === undefined ? undefined : await reader.rehash(key, file.id);
    reported.push(reportedFile(file, hashed?.held));
    if (hashed === undefined) continue;
    mismatched.push(...hashed.mismatched);
    events += hashed.events;
    onHashed(hashed.events);
  }
  return { files: reported, mismatched, events };
}

/** `held` is what was found when the events were read, a moment after the ledger. */
export function reportedFile({ id, endTime, state, size, sha256, done }: CoveredFile, held?: number): ReportedFile {
  const known = { id, end_time: endTime, state, size, listed_sha256: sha256 ?? null };
  if (done === undefined) return { ...known, done: null };
  const { at: _at, ...outcome } = done;
  return { ...known, done: { ...outcome, held: held ?? outcome.held } };
}

function countsOf(files: readonly ReportedFile[]): SourceStatement["counts"] {
  const inState = (wanted: ReportedFile["state"]) => files.filter(({ state }) => state === wanted).length;
  const sums = summed.map((name) => [name, files.reduce((sum, { done }) => sum + (done?.[name] ?? 0), 0)] as const);
  return {
    files: files.length,
    files_done: inState("done"),
    files_pending: inState("pending"),
    files_quarantined: inState("quarantined"),
    files_expired: inState("expired"),
    ...(Object.fromEntries(sums) as Record<(typeof summed)[number], number>),
  };
}

function minutesOfPart({ facts, previousEndUs, files }: LedgerPart, gaps: readonly Gap[], { fromUs, toUs }: Span) {
  const ends = files.map((file) => ({ endUs: endUs(file), kind: stretchKind(file.state, file.attempts) }));
  const source = {
    facts,
    stretches: ledgerStretches(ends, previousEndUs),
    gaps: gaps.map((gap) => ({ ...boundsOf(gap), reason: gap.reason })),
  };
  return { ...minutesOf(coverageRuns(source, fromUs / MINUTE_US, toUs / MINUTE_US)) };
}

/** The time that a gap stands for; one without a beginning of its own stands for the span of a file. */
function boundsOf({ from, to }: Pick<Gap, "from" | "to">): Span {
  const toUs = instantUs(to) ?? Number.MAX_SAFE_INTEGER;
  const fromUs = instantUs(from) ?? 0;
  return { fromUs: fromUs < toUs ? fromUs : Math.max(0, toUs - FILE_SPAN_US), toUs };
}

/** Gaps of the data source that touch the interval. */
export function gapsWithin(gaps: readonly Gap[], key: DataSourceKey, span: Span): readonly Gap[] {
  return gaps.filter((gap) => {
    const { fromUs, toUs } = boundsOf(gap);
    return isSame(gap, key) && toUs > span.fromUs && fromUs < span.toUs;
  });
}

export function reportedGap(gap: Gap, span: Span): ReportedGap {
  const { fromUs, toUs } = boundsOf(gap);
  return {
    from: isoFromUs(Math.max(fromUs, span.fromUs)),
    to: isoFromUs(Math.min(toUs, span.toUs)),
    whole_from: gap.from,
    whole_to: gap.to,
    reason: gap.reason,
    files: gap.files,
    file_id: gap.fileId ?? null,
    recorded_at: gap.recordedAt,
    acknowledged_at: gap.acknowledgedAt ?? null,
  };
}
