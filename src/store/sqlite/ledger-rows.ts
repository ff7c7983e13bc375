import type { FileState, LedgerFile } from "../../model/store.ts";
import { readError } from "./sources.ts";

/** A row of `files`, as far as it becomes a LedgerFile. */
export interface FileRow {
  readonly file_id: string;
  readonly end_time: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly state: FileState;
  readonly listed_at: string;
  readonly attempts: number;
  readonly retry_at: string | null;
  readonly error: string | null;
  readonly missing_since: string | null;
  readonly acknowledged_at: string | null;
}

export const FILE_COLUMNS =
  "file_id, end_time, size, sha256, state, listed_at, attempts, retry_at, error, missing_since, acknowledged_at";

export const toLedgerFile = (row: FileRow): LedgerFile => ({
  id: row.file_id,
  endTime: row.end_time,
  size: row.size,
  sha256: row.sha256 ?? undefined,
  state: row.state,
  listedAt: row.listed_at,
  attempts: row.attempts,
  retryAt: row.retry_at ?? undefined,
  error: readError(row.error),
  missingSince: row.missing_since ?? undefined,
  acknowledgedAt: row.acknowledged_at ?? undefined,
});
