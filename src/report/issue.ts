// Completeness reports: what is said, signed, written down, and later corrected.
import { createHash } from "node:crypto";
import type { Collector } from "../model/collector.ts";
import type { Connector } from "../model/connector.ts";
import { MINUTE_US } from "../model/coverage.ts";
import { CollectorError } from "../model/errors.ts";
import { newId } from "../model/ids.ts";
import type { CompletenessReports, IssuedReport, ReportRequest } from "../model/report.ts";
import type { Store } from "../model/store.ts";
import { instantUs, isoFromUs } from "../model/time.ts";
import { fingerprintOf, type SigningKey } from "../security/signing.ts";
import { canonical } from "./canonical.ts";
import { correctionsOf, readDocument, reportedCorrection } from "./corrections.ts";
import { FORMAT, type SourceStatement, type Statement } from "./document.ts";
import { pageOf } from "./page.ts";
import { type ReportReader, readLedger, type SourceSubject, type Span, statementOf } from "./source-statement.ts";

/** Longer intervals are for several reports: one is read as a whole by whoever checks it. */
const LONGEST_US = 400 * 24 * 60 * MINUTE_US;
/** Earlier reports that are looked at for corrections, and listed. */
const MOST_REPORTS = 200;

export interface ReportParts {
  readonly reader: ReportReader;
  readonly store: Pick<Store, "beginReport" | "finishReport">;
  collector(id: string): Collector | undefined;
  readonly connectors: readonly Connector[];
  /** Made when first asked for. */
  signingKey(): SigningKey;
  readonly now: () => Date;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly version: string;
}

/** Everything that may be done with completeness reports. */
export function createReports(parts: ReportParts): CompletenessReports {
  const { reader } = parts;
  return {
    issue: (request) => issue(parts, request),
    async issued(collectorId) {
      const issued = [];
      // One after the other: each that has changed is read whole.
      for (const report of await reader.issuedReports(collectorId, MOST_REPORTS))
        issued.push({ ...report, corrections: await correctionsOf(reader, report) });
      return issued;
    },
    document: (id) => reader.reportDocument(id),
    page: (document) => pageOf(readDocument(document)),
  };
}

async function issue(parts: ReportParts, request: ReportRequest) {
  const collector = parts.collector(request.collectorId);
  if (collector === undefined) throw refused("not_found", `There is no collector ${request.collectorId}`);
  const span = intervalOf(request);
  const key = parts.signingKey();
  const begun = {
    id: newId("rep", parts.randomBytes),
    collectorId: collector.id,
    dataSources: collector.dataSources,
    from: isoFromUs(span.fromUs),
    to: isoFromUs(span.toUs),
    issuedAt: parts.now().toISOString(),
    issuedBy: request.by,
  };
  const earlier = await parts.reader.issuedReports(collector.id, MOST_REPORTS);
  await parts.store.beginReport(begun);
  const sources = await statements(parts, { collector, span, onProgress: request.onProgress });
  const corrections = await correctionsWithin(parts.reader, earlier, span);
  const statement: Statement = {
    format: FORMAT,
    version: 1,
    id: begun.id,
    issued_at: begun.issuedAt,
    issued_by: begun.issuedBy,
    product: `Cistern ${parts.version}`,
    collector: { id: collector.id, name: collector.name, connector: collector.connector },
    interval: { from: begun.from, to: begun.to, minutes: (span.toUs - span.fromUs) / MINUTE_US },
    data_sources: sources,
    corrections,
    signing: { algorithm: "Ed25519", public_key: key.publicKey, fingerprint: fingerprintOf(key.publicKey) },
  };
  const document = signed(statement, key);
  await parts.store.finishReport(begun.id, {
    document,
    sha256: createHash("sha256").update(document).digest("hex"),
    publicKey: key.publicKey,
    completeThrough: Object.fromEntries(sources.map((one) => [one.name, one.complete_through ?? undefined])),
    corrects: [...new Set(corrections.map(({ report }) => report))],
  });
  return { id: begun.id, document };
}

/** The exact bytes of a report: the statement and its signature as canonical JSON, and a line end. */
export function signed(statement: Statement, key: SigningKey): Uint8Array {
  const signature = key.sign(Buffer.from(canonical(statement)));
  return new Uint8Array(Buffer.from(`${canonical({ ...statement, signature })}\n`));
}

function intervalOf({ from, to }: ReportRequest): Span {
  const [fromUs, toUs] = [instantUs(from), instantUs(to)];
  const isWhole = (us: number | undefined): us is number => us !== undefined && us % MINUTE_US === 0;
  if (!isWhole(fromUs) || !isWhole(toUs) || fromUs >= toUs || toUs - fromUs > LONGEST_US)
    throw refused(
      "report_interval",
      "A report covers whole minutes, from an earlier one to a later one, at most 400 days",
      "Give both bounds as whole minutes, such as 2026-07-15T00:00:00Z.",
    );
  return { fromUs, toUs };
}

interface Work {
  readonly collector: Collector;
  readonly span: Span;
  readonly onProgress: ReportRequest["onProgress"];
}

async function statements(parts: ReportParts, { collector, span, onProgress }: Work): Promise<SourceStatement[]> {
  const subjects = collector.dataSources.map((name) => subjectOf(parts.connectors, collector, name));
  const ledgers = [];
  for (const { key } of subjects) ledgers.push(await readLedger(parts.reader, key, span, true));
  const total = ledgers.flatMap(({ files }) => files).reduce((sum, { done }) => sum + (done?.held ?? 0), 0);
  let done = 0;
  onProgress?.(done, total);
  const onHashed = (events: number) => {
    done += events;
    onProgress?.(done, total);
  };
  const sources: SourceStatement[] = [];
  for (const [index, subject] of subjects.entries())
    sources.push(await statementOf(parts.reader, subject, { span, part: ledgers[index]!, onHashed }));
  return sources;
}

function subjectOf(connectors: readonly Connector[], collector: Collector, name: string): SourceSubject {
  const feed = connectors.find((one) => one.name === collector.connector)?.resolve(name);
  const principal: unknown = feed?.principal(collector.settings);
  return {
    key: { collectorId: collector.id, dataSource: name },
    upstreamType: feed?.upstreamType ?? name,
    principal: typeof principal === "string" ? principal : undefined,
  };
}

/** What earlier reports of the same time said, and is otherwise now. */
async function correctionsWithin(reader: ReportReader, earlier: readonly IssuedReport[], { fromUs, toUs }: Span) {
  const overlapping = earlier.filter(
    (report) => (instantUs(report.from) ?? 0) < toUs && (instantUs(report.to) ?? 0) > fromUs,
  );
  const corrections = [];
  for (const report of overlapping) corrections.push(...(await correctionsOf(reader, report)));
  return corrections.map(reportedCorrection);
}

const refused = (reason: string, message: string, action?: string) =>
  new CollectorError("rejected", message, { reason, action });
