import type { CoverageFacts } from "./coverage.ts";
import type { DataSourceKey } from "./event.ts";
import type { FileOutcome, LedgerFile } from "./store.ts";

/** A file as coverage and reports see it: its ledger row, and what has become of its lines. */
export interface CoveredFile extends LedgerFile {
  /** Undefined until it is done. */
  readonly done:
    | (FileOutcome & {
        /** Of the bytes that were taken in, 64 hex digits. */
        readonly sha256: string;
        /** False where upstream gave no hash, and two downloads were compared. */
        readonly verified: boolean;
        readonly at: string;
        /** Events of the file that retention and erasure have left. */
        readonly held: number;
      })
    | undefined;
}

/** Files of a data source whose end time is after `fromUs`, up to and with `toUs`, in the order of end times. */
export interface CoveredFilesQuery {
  readonly key: DataSourceKey;
  readonly fromUs: number;
  readonly toUs: number;
  /** Also the files after `toUs` that speak for a part of the time before it. */
  readonly touching?: boolean | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface CoveredFilesPage {
  readonly facts: CoverageFacts;
  /** The nearest end time before the page's first file; undefined where there is none. */
  readonly previousEndUs: number | undefined;
  readonly files: readonly CoveredFile[];
  /** Goes into the next query's `after`; undefined at the end. */
  readonly next: string | undefined;
}

/** What hashing a file's events again has shown. */
export interface Rehash {
  /** Events read, as many as the ledger says are held, or one of the two is wrong. */
  readonly events: number;
  readonly held: number;
  /** Log positions of events whose bytes have another hash than the one stored with them. */
  readonly mismatched: readonly number[];
}

/** A completeness report that is being made: changes of what it will say are noted from here on. */
export interface NewReport {
  readonly id: string;
  readonly collectorId: string;
  readonly dataSources: readonly string[];
  /** RFC 3339; whole minutes. */
  readonly from: string;
  readonly to: string;
  readonly issuedAt: string;
  readonly issuedBy: string;
}

/** What is kept of a report once it is signed. */
export interface SignedReport {
  /** The exact bytes, signature included. */
  readonly document: Uint8Array;
  /** SHA-256 of them, 64 hex digits. */
  readonly sha256: string;
  /** Ed25519, 64 hex digits. */
  readonly publicKey: string;
  readonly completeThrough: Readonly<Record<string, string | undefined>>;
  /** Earlier reports that this one names as corrected. */
  readonly corrects: readonly string[];
}

/** A report that was issued. */
export interface IssuedReport extends NewReport {
  readonly sha256: string;
  readonly publicKey: string;
  readonly sources: readonly {
    readonly dataSource: string;
    /** What was claimed when it was issued. */
    readonly completeThrough: string | undefined;
    /** Files or gaps of its interval have changed since it was begun; what has, the two have to be compared for. */
    readonly changed: boolean;
    /** The last report that has named this one as corrected. */
    readonly correctedBy: string | undefined;
  }[];
}

/** How an earlier report differs from what is known now, for one data source. */
export interface Correction {
  readonly report: string;
  readonly issuedAt: string;
  readonly dataSource: string;
  /** The report had claimed this time as complete; it was not. */
  readonly contradicted: boolean;
  /** Ids of files of the interval that the report does not know. */
  readonly filesAdded: readonly string[];
  /** Files that stand otherwise now, with both states. */
  readonly filesChanged: readonly { readonly id: string; readonly from: string; readonly to: string }[];
  readonly gapsAdded: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
  readonly gapsClosed: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
}

/** What is asked of a report. */
export interface ReportRequest {
  readonly collectorId: string;
  /** RFC 3339; whole minutes. */
  readonly from: string;
  readonly to: string;
  /** Who asks, for the record. */
  readonly by: string;
  /** Told how many of how many events have been hashed again. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Issues completeness reports and keeps them. Refusals are CollectorError `rejected` with reason `not_found` or `report_interval`. */
export interface CompletenessReports {
  /** Reads the ledger, hashes every held event of the interval again, signs, records. Takes as long as reading the events takes. */
  issue(request: ReportRequest): Promise<{ readonly id: string; readonly document: Uint8Array }>;
  /** The latest first, each with what has come to light since. */
  issued(collectorId: string): Promise<readonly (IssuedReport & { readonly corrections: readonly Correction[] })[]>;
  /** The exact bytes; undefined where there is no such report. */
  document(id: string): Promise<Uint8Array | undefined>;
  /** The same as a printable page of HTML, without a script. */
  page(document: Uint8Array): string;
}
