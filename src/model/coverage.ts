// What is known of every minute of a data source's calendar: a pure function of the ledger, the gaps and the scans.
import type { DataSourceKey } from "./event.ts";
import type { FileState, Gap } from "./store.ts";

/**
 * What is known of one minute, the one that begins at M and holds the instants after M up to and with M + 60 s. A file speaks
 * for the time since the end of the file before it, up to and with its own end. A minute has the first state that is true of it:
 *
 * - `lost`: it touches a recorded gap, or the time of a file that upstream no longer has
 * - `missing`: it touches the time of a file that is quarantined or has failed `FAILING_ATTEMPTS` times, or a suspected gap
 * - `pending`: it touches the time of a listed file that is not done
 * - `collected`: settled, and within `FILE_SPAN` before the end of a done file
 * - `not_asked`: before the collector's start, or older than what upstream still had when it was first asked
 * - `empty`: settled, and upstream has published no file of that time
 * - `late_possible`: scanned, or a done file speaks for it, but not settled: upstream may still publish a file of that time
 * - `not_scanned`: nobody has looked yet; the future is of this kind
 *
 * Settled is what lies whole before `scannedTo − allowance`. The order of this list is the order of `worst`.
 */
export const coverageStates = [
  "lost",
  "missing",
  "pending",
  "not_scanned",
  "late_possible",
  "not_asked",
  "collected",
  "empty",
] as const;

export type CoverageState = (typeof coverageStates)[number];

/** Minutes of each state. */
export type MinuteCounts = Readonly<Record<CoverageState, number>>;

export const MINUTE_US = 60_000_000;

/**
 * How long before its end a done file speaks for at most, and one without a file before it. Upstream cuts a file about each ten
 * minutes while something happens; a quiet night before a file was empty, not collected.
 */
export const FILE_SPAN_US = 60 * MINUTE_US;

/** A pending file that has failed this often counts as missing. */
export const FAILING_ATTEMPTS = 3;

/** How the ledger stands to a stretch of time. `failing`: pending, and tried `FAILING_ATTEMPTS` times. */
export type StretchKind = "done" | "pending" | "failing" | "quarantined" | "expired";

/** Files in a row that stand alike: the time after `fromUs` up to and with `toUs`, µs since 1970. */
export interface LedgerStretch {
  readonly fromUs: number;
  readonly toUs: number;
  readonly kind: StretchKind;
}

/** Bounds of what has been looked at, µs since 1970. */
export interface CoverageFacts {
  /** Upstream was asked for everything after this and still had it; undefined before the first whole scan. */
  readonly askedFromUs: number | undefined;
  /** Upstream's own clock at the start of the last whole scan. */
  readonly scannedToUs: number | undefined;
  /** How late a file may be published. */
  readonly allowanceUs: number;
}

/** A recorded gap: the time after `fromUs` up to and with `toUs`. */
export interface GapStretch extends Pick<LedgerStretch, "fromUs" | "toUs"> {
  readonly reason: Gap["reason"];
}

/** Everything that the calendar of a data source is worked out from. */
export interface CoverageSource {
  readonly facts: CoverageFacts;
  readonly stretches: readonly LedgerStretch[];
  readonly gaps: readonly GapStretch[];
}

/** One page of what the store knows of a period; `next` goes into the next query's `after`. */
export interface CoveragePage extends CoverageSource {
  readonly next: LedgerPlace | undefined;
}

/** A place in the ledger of a data source in the order of end times. */
export interface LedgerPlace {
  readonly endUs: number;
  readonly file: number;
}

export interface CoverageQuery {
  readonly key: DataSourceKey;
  readonly fromUs: number;
  readonly toUs: number;
  readonly after?: LedgerPlace | undefined;
}

/** Minutes in a row with one state; minutes since 1970, `to` exclusive. */
export interface CoverageRun {
  readonly from: number;
  readonly to: number;
  readonly state: CoverageState;
}

/** Where the time that a file speaks for begins. `previousEndUs` is the nearest earlier end time in its ledger. */
export function fileStartUs(endUs: number, previousEndUs: number | undefined, kind: StretchKind): number {
  const earliest = Math.max(0, endUs - FILE_SPAN_US);
  if (previousEndUs === undefined) return earliest;
  return kind === "done" ? Math.max(previousEndUs, earliest) : previousEndUs;
}

/** Whether the first file that ends after `toUs` speaks for time before it. */
export const reachesBefore = (toUs: number, endUs: number, kind: StretchKind): boolean =>
  kind !== "done" || endUs - FILE_SPAN_US < toUs;

/** How a file stands in the ledger's terms. */
export const stretchKind = (state: FileState, attempts: number): StretchKind =>
  state === "pending" && attempts >= FAILING_ATTEMPTS ? "failing" : state;

/** The time that files speak for; those in a row that stand alike are one stretch. They come in the order of their end times. */
export function ledgerStretches(
  files: readonly { readonly endUs: number; readonly kind: StretchKind }[],
  previousEndUs: number | undefined,
): readonly LedgerStretch[] {
  const stretches: LedgerStretch[] = [];
  let end = files[0]?.endUs;
  let previous = previousEndUs;
  for (const { endUs, kind } of files) {
    if (endUs !== end) {
      previous = end;
      end = endUs;
    }
    const fromUs = fileStartUs(endUs, previous, kind);
    const last = stretches.at(-1);
    if (last?.kind === kind && fromUs <= last.toUs) stretches[stretches.length - 1] = { ...last, toUs: endUs };
    else stretches.push({ fromUs, toUs: endUs, kind });
  }
  return stretches;
}

type Flag = "lost" | "missing" | "pending" | "done";

const FLAG_OF: Readonly<Record<StretchKind, Flag>> = {
  done: "done",
  pending: "pending",
  failing: "missing",
  quarantined: "missing",
  expired: "lost",
};

/** The state of every minute from `from` to `to` (minutes since 1970, exclusive), as runs without a hole between them. */
export function coverageRuns(source: CoverageSource, from: number, to: number): readonly CoverageRun[] {
  const changes = changesOf(source);
  const { facts } = source;
  const bounds = [from, to, ...changes.map(({ at }) => at), ...Object.values(limitsOf(facts))];
  const edges = [...new Set(bounds)].filter((at) => at >= from && at <= to).sort((a, b) => a - b);
  const open: Record<Flag, number> = { lost: 0, missing: 0, pending: 0, done: 0 };
  const runs: CoverageRun[] = [];
  let next = 0;
  for (const [index, at] of edges.slice(0, -1).entries()) {
    for (; next < changes.length && changes[next]!.at <= at; next++) open[changes[next]!.flag] += changes[next]!.by;
    const state = stateOf(open, limitsOf(facts), at);
    const last = runs.at(-1);
    const end = edges[index + 1]!;
    if (last?.state === state) runs[runs.length - 1] = { ...last, to: end };
    else runs.push({ from: at, to: end, state });
  }
  return runs;
}

interface Change {
  readonly at: number;
  readonly flag: Flag;
  readonly by: 1 | -1;
}

function changesOf({ stretches, gaps }: CoverageSource): readonly Change[] {
  const flagged = [
    ...stretches.map(({ kind, ...stretch }) => ({ ...stretch, flag: FLAG_OF[kind] })),
    ...gaps.map(({ reason, fromUs, toUs }) => ({
      // A lost file with none before it has no beginning of its own.
      fromUs: fromUs < toUs ? fromUs : Math.max(0, toUs - FILE_SPAN_US),
      toUs,
      flag: reason === "suspected" ? ("missing" as const) : ("lost" as const),
    })),
  ];
  const changes = flagged
    .filter(({ fromUs, toUs }) => fromUs < toUs)
    .flatMap(({ fromUs, toUs, flag }): Change[] => [
      { at: Math.floor(fromUs / MINUTE_US), flag, by: 1 },
      { at: Math.ceil(toUs / MINUTE_US), flag, by: -1 },
    ]);
  return changes.sort((a, b) => a.at - b.at);
}

interface Limits {
  /** Minutes before these are not asked for, settled, scanned. */
  readonly asked: number;
  readonly settled: number;
  readonly scanned: number;
}

function limitsOf({ askedFromUs, scannedToUs, allowanceUs }: CoverageFacts): Limits {
  const whole = (us: number) => Math.max(0, Math.floor(us / MINUTE_US));
  return {
    asked: askedFromUs === undefined ? 0 : Math.ceil(askedFromUs / MINUTE_US),
    settled: scannedToUs === undefined ? 0 : whole(scannedToUs - allowanceUs),
    scanned: scannedToUs === undefined ? 0 : whole(scannedToUs),
  };
}

function stateOf(open: Readonly<Record<Flag, number>>, { asked, settled, scanned }: Limits, at: number): CoverageState {
  if (open.lost > 0) return "lost";
  if (open.missing > 0) return "missing";
  if (open.pending > 0) return "pending";
  const done = open.done > 0;
  if (done) return at < settled ? "collected" : "late_possible";
  if (at < asked) return "not_asked";
  if (at < settled) return "empty";
  return at < scanned ? "late_possible" : "not_scanned";
}

/** No minute of any state. */
export const noMinutes = (): Record<CoverageState, number> =>
  Object.fromEntries(coverageStates.map((state) => [state, 0])) as Record<CoverageState, number>;

/** How many minutes of each state the runs hold; together they are the period. */
export function minutesOf(runs: readonly CoverageRun[]): MinuteCounts {
  const counts = noMinutes();
  for (const { from, to, state } of runs) counts[state] += to - from;
  return counts;
}

/** One cell of a calendar. */
export interface CoverageBucket {
  /** Its first minute, since 1970. */
  readonly from: number;
  readonly minutes: MinuteCounts;
  readonly worst: CoverageState;
}

/** The runs in cells of `step` minutes, the first at the first run; the last one may be shorter. */
export function coverageBuckets(runs: readonly CoverageRun[], step: number): readonly CoverageBucket[] {
  const start = runs[0]?.from ?? 0;
  const cells: { from: number; minutes: Record<CoverageState, number> }[] = [];
  for (const { from, to, state } of runs) {
    for (let at = from; at < to; ) {
      const index = Math.floor((at - start) / step);
      const end = Math.min(to, start + (index + 1) * step);
      cells[index] ??= { from: start + index * step, minutes: noMinutes() };
      cells[index].minutes[state] += end - at;
      at = end;
    }
  }
  return cells.map((cell) => ({ ...cell, worst: worstOf(cell.minutes) }));
}

/** The first state in the order of `coverageStates` of which there are minutes; `not_scanned` where there are none at all. */
export const worstOf = (minutes: MinuteCounts): CoverageState =>
  coverageStates.find((state) => minutes[state] > 0) ?? "not_scanned";

/** Whether every minute is collected, or proven empty. */
export const isComplete = (minutes: MinuteCounts): boolean =>
  coverageStates.every((state) => state === "collected" || state === "empty" || minutes[state] === 0);

/** What a store's pages say of a period, put together. `read` gives one page. */
export async function wholeCoverage(
  read: (query: CoverageQuery) => Promise<CoveragePage>,
  query: Omit<CoverageQuery, "after">,
): Promise<CoverageSource> {
  let page = await read(query);
  const stretches = [...page.stretches];
  while (page.next !== undefined) {
    page = await read({ ...query, after: page.next });
    stretches.push(...page.stretches);
  }
  return { facts: page.facts, gaps: page.gaps, stretches };
}
