// The erasure log stands beside the database and outlives it: one JSON object a line,
//   {"v":1,"at":"2026-03-01T09:00:00.000Z","collector_id":"col_…","data_source":"conversations","hash":"64 hex digits"}
// `hash` is the tombstone's keyed hash. Its key is in the database and in every backup of it, not in the log.
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { CollectorError } from "../../model/errors.ts";
import { withStorageErrors } from "./connection.ts";

/** Name of the log in the data directory. */
export const ERASURE_LOG = "erasures.log";

/** One erased event. */
export interface Erasure {
  readonly at: string;
  readonly collectorId: string;
  readonly dataSource: string;
  readonly hash: Uint8Array;
}

/** Appends and fsyncs: when this returns, a restore will erase these again. */
export function appendErasures(dataDir: string, erasures: readonly Erasure[]): void {
  withStorageErrors(() => {
    const path = join(dataDir, ERASURE_LOG);
    const file = openSync(path, "a", 0o600);
    try {
      ftruncateSync(file, wholeLines(readFileSync(path)));
      writeSync(file, erasures.map(lineOf).join(""));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  });
}

/** Bytes up to the end of the last whole line: what a crash left behind it must not become part of the next one. */
const wholeLines = (log: Buffer): number => log.lastIndexOf("\n") + 1;

/** All erasures in the order in which they were made. A last line that was cut off is left out: its erasure never happened. */
export function readErasures(dataDir: string): readonly Erasure[] {
  const path = join(dataDir, ERASURE_LOG);
  if (!existsSync(path)) return [];
  const lines = withStorageErrors(() => readFileSync(path, "utf8")).split("\n");
  lines.pop();
  return lines.filter((line) => line !== "").map(parse);
}

const lineOf = ({ at, collectorId, dataSource, hash }: Erasure): string =>
  `${JSON.stringify({ v: 1, at, collector_id: collectorId, data_source: dataSource, hash: Buffer.from(hash).toString("hex") })}\n`;

interface Line {
  readonly v: number;
  readonly at: string;
  readonly collector_id: string;
  readonly data_source: string;
  readonly hash: string;
}

function parse(line: string, index: number): Erasure {
  const { v, at, collector_id, data_source, hash } = readLine(line);
  if (v !== 1 || !/^[0-9a-f]{64}$/.test(String(hash)))
    throw new CollectorError("storage", `Line ${index + 1} of ${ERASURE_LOG} is not an erasure`, {
      reason: "erasure_log_damaged",
      action: "Take the log from the last copy of the data directory",
    });
  return { at, collectorId: collector_id, dataSource: data_source, hash: Buffer.from(hash, "hex") };
}

function readLine(line: string): Partial<Line> & Omit<Line, "v"> {
  try {
    return JSON.parse(line) as Line;
  } catch {
    // Told apart by the check that follows: half a line in the middle is as bad as a wrong one.
    return { at: "", collector_id: "", data_source: "", hash: "" };
  }
}
