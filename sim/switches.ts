// The hazards that a seed can draw. Each has a random stream of its own, so that switching one off leaves the others as they were;
// that is what makes shrinking find the cause.
import { randomOf } from "../src/sandbox/random.ts";

/** Name, and what it stands for; the letters are those of the table in docs/reliability.md. */
export const switches = {
  lateFiles: "A1 files published hours late, within the overlap",
  veryLateFiles: "A1 files published days late, beyond the overlap",
  ties: "A2 several files share one end time",
  largeTies: "A3 more files share one end time than fit a page",
  inclusiveAfter: "A4 `after` includes its bound",
  wholeSeconds: "A4 upstream compares whole seconds",
  nullLastEndTime: "A5 a page without last_end_time",
  brokenPages: "A5 lists that are web pages, or lack has_more",
  listFailures: "A6 lists that fail: 5xx, resets, silence",
  downloadFailures: "A6 downloads that fail, some for longer than the overlap",
  passingAbsence: "A6 a 404 for a file that is there",
  truncatedBodies: "A7 bodies cut short",
  corruptBodies: "A7 bodies of the right length with wrong bytes",
  absentHashes: "A7 files listed without a hash",
  expiringAddresses: "A8 signed addresses that expire while streaming",
  duplicates: "A9 the same event in two files",
  changedPayloads: "A10 the same event id with other content",
  noEventId: "A11 events without an id",
  badLines: "A11 lines that are not JSON",
  concatenated: "A11 two objects on one line",
  crashes: "A12 the process dies between any two steps",
  crashInTransaction: "A12 the process dies between any two statements",
  longOutage: "A12 a stop longer than the overlap",
  longStop: "A15 a stop longer than upstream keeps files",
  vanishingFiles: "A15 listed files that upstream deletes",
  unknownTypes: "A16 event types nobody has heard of",
  newestStalls: "A17 max_event_time stands still",
  frozenWorker: "A18 a worker that is frozen, replaced, and wakes up",
  clockJumps: "A19 our clock is wrong, and jumps by a day",
  restoredBackup: "A20 the database goes back to an earlier state",
  retention: "A22 old events are removed while files are listed again",
  erasure: "A22 events are erased and come again",
  foreignFiles: "A23 files of another workspace",
  rateLimits: "429 with and without Retry-After",
  revokedKey: "the key is refused for a while",
  diskFull: "the disk is full for a while",
  hostileText: "NUL, lone surrogates, bytes that are not UTF-8",
  oddTimes: "times with 0, 3, 6, 9 digits, without a zone, or absent",
} as const;

export type Switch = keyof typeof switches;
export const allSwitches = Object.keys(switches) as readonly Switch[];

const SHARE = 0.4;
/** Rare, because what they cost hides what else goes wrong. */
const RARE: Partial<Record<Switch, number>> = {
  longStop: 0.08,
  restoredBackup: 0.15,
  foreignFiles: 0.15,
  largeTies: 0.2,
  diskFull: 0.25,
};

/** The switches that a seed turns on. Crashes always are: a seed without one proves little. */
export function drawn(seed: number): ReadonlySet<Switch> {
  const on = allSwitches.filter((name) => randomOf(seed, "switch", name).chance(RARE[name] ?? SHARE));
  return new Set<Switch>([...on, "crashes", "longOutage"]);
}
