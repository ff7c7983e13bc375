import type { RewindState } from "../../model/rewind.ts";

/** A row of `rewinds`. */
export interface RewindRow {
  readonly rewind: number;
  readonly to_time: string;
  readonly to_us: number;
  readonly requested_at: string;
  readonly requested_by: string;
  readonly applied_at: string | null;
  readonly from_cursor: string | null;
  readonly cancelled_at: string | null;
  readonly files: number;
  readonly bytes: number;
  readonly done: number;
  readonly failed: number;
  readonly inserted: number;
}

/** Of a data source's row: its last rewind as JSON. */
export const LAST_REWIND = `(SELECT json_object('rewind', rewind, 'to_time', to_time, 'requested_at', requested_at,
    'requested_by', requested_by, 'applied_at', applied_at, 'from_cursor', from_cursor, 'cancelled_at', cancelled_at,
    'files', files, 'bytes', bytes, 'done', done, 'failed', failed, 'inserted', inserted)
  FROM rewinds WHERE source = s.source ORDER BY rewind DESC LIMIT 1)`;

type Progress = Pick<RewindRow, "applied_at" | "cancelled_at" | "files" | "done" | "failed">;

/** Whether it has something left to do. */
export const isOpen = (row: Progress): boolean => phaseOf(row) === "requested" || phaseOf(row) === "rereading";

function phaseOf({ applied_at, cancelled_at, files, done, failed }: Progress): RewindState["phase"] {
  if (cancelled_at !== null) return "cancelled";
  if (applied_at === null) return "requested";
  return done + failed < files ? "rereading" : "done";
}

/** Reads LAST_REWIND. */
export function toRewind(text: string | null): RewindState | undefined {
  if (text === null) return undefined;
  const row = JSON.parse(text) as RewindRow;
  const { files, bytes, done, failed, inserted } = row;
  return {
    id: row.rewind,
    to: row.to_time,
    requestedAt: row.requested_at,
    requestedBy: row.requested_by,
    from: row.from_cursor ?? undefined,
    phase: phaseOf(row),
    again: { files, bytes, done, failed, inserted },
  };
}
