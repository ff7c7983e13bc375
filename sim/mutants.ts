// The engine with one defence taken out, thirty-odd times over: a simulation that lets one of them live proves nothing.

export interface Mutant {
  readonly name: string;
  /** Below src/. */
  readonly file: string;
  /** Each text that must be there exactly once, and what stands in its place. */
  readonly changes: readonly (readonly [find: string, put: string])[];
}

const scan = "engine/scan.ts";
const commit = "store/sqlite/commit.ts";
const collect = "engine/collect-file.ts";
const prepare = "engine/prepare.ts";
const claim = "store/sqlite/claim.ts";

export const mutants: readonly Mutant[] = [
  mutant(
    "no overlap",
    "engine/schedule.ts",
    'if (kind === "poll") return Math.min(POLL_WINDOW_MS, overlapMs);',
    "return 0;",
  ),
  mutant(
    "no deep scan",
    "engine/schedule.ts",
    'DAY_MS, now)) return "deep";',
    'DAY_MS, now) && state.scans.deep === undefined) return "deep";',
  ),
  mutant(
    "hash not compared",
    "engine/download.ts",
    "file.sha256 !== undefined && sha256 !==",
    "false && file.sha256 !== undefined && sha256 !==",
  ),
  mutant(
    "no second download where no hash is listed",
    collect,
    "if (second.sha256 === first.sha256) return first;",
    "return first;",
  ),
  mutant("boundary not read again", scan, "[1_000_000, 1_000, 1, 0,", "[0, 0, 0, 0,"),
  mutant("no suspected gap", scan, "if (STEPS_BACK_US[walk.step] === 0) await suspectGap(ctx, walk);", ""),
  mutant("stuck before a moment larger than a page", scan, "1, 0, -1, -1_000_000]", "1, 0]"),
  mutant("steps that upstream rounds believed", scan, "!comesBack(walk, page)", "false"),
  mutant("first page only", scan, "walk.more = page.more;", "walk.more = false;"),
  mutant(
    "null end taken for the end",
    scan,
    "if (page.more) throw endlessPage();\n    return;",
    "walk.more = false;\n    return;",
    "page.lastEndTime ?? page.files.at(-1)?.endTime",
    "page.lastEndTime",
  ),
  mutant("cursor from our clock", scan, "cursor: walk.cursor,", "cursor: ctx.now().toISOString(),"),
  mutant("scanned to, from our clock", scan, "scannedTo: walk.servedAt,", "scannedTo: ctx.now().toISOString(),"),
  mutant("no gap after a long stop", scan, "if (walk.listed === 0) await recordLongStop(ctx, state, page);", ""),
  mutant(
    "a failed file is given up",
    collect,
    'state: setAside ? "quarantined" : "pending",\n    error: recorded(ctx, error),\n    retryAt: later(ctx, waitMs),',
    'state: "quarantined",\n    error: recorded(ctx, error),\n    retryAt: undefined,',
  ),
  mutant(
    "gone at the first 404",
    collect,
    "if (await isListed(ctx, file)) return await noteFailure(ctx, file, error);",
    "return await ctx.store.expireFile(ctx.lease, ctx.key, file.id, ctx.now().toISOString(), ctx.overlapMs);",
  ),
  mutant(
    "principal not compared",
    prepare,
    "identity.principal !== undefined && identity.principal !== options.principal",
    "false",
  ),
  mutant(
    "time key in the collector's zone",
    prepare,
    'timeKey: instantUs(identity.time ?? "") ?? 0,',
    "timeKey: instantUs(time) ?? 0,",
  ),
  mutant("two objects on a line quarantined", prepare, "if (several)", "if (several && false)"),
  mutant("unreadable lines dropped", prepare, "else quarantined.push(", "else if (false) quarantined.push("),
  mutant(
    "quarantined bytes not kept",
    commit,
    "this.#quarantine.run(",
    "if (commit.bytes.length < 0) this.#quarantine.run(",
  ),
  mutant(
    "content left out of the key",
    commit,
    "const hash = hashAt(events, i);",
    "const hash = new Uint8Array(32).fill(7);",
  ),
  mutant(
    "last event of a file left out",
    commit,
    "const event = eventAt(events, i);",
    "const event = eventAt(events, i); if (i === events.count - 1) continue;",
  ),
  mutant("tombstones ignored", commit, "if (isErased?.({ eventId, contentHash: hash, flags })) {", "if (false) {"),
  mutant(
    "duplicates not counted",
    commit,
    "if (changes === 0) duplicates += 1;",
    "if (changes === 0) duplicates += 0;",
  ),
  mutant("claim without allowance", claim, "row.scanned_to_us - row.allowance_us", "row.scanned_to_us"),
  mutant("claim past holes", claim, "const claim = held ? row.hole_us : scanned;", "const claim = scanned;"),
  mutant(
    "epoch not compared",
    "store/sqlite/sources.ts",
    "if (this.#epoch.get(lease.collectorId)?.epoch !== lease.epoch)",
    "if (lease.epoch < 0)",
  ),
  mutant("lease taken again after a pause", "engine/collector-loop.ts", "this.#lease ??= await", "this.#lease = await"),
  mutant("queue not begun again after a failure", "engine/source-loop.ts", "this.#queueRun = undefined;", ""),
  mutant("retention a day early", "engine/retention.ts", "retentionDays * DAY_MS", "(retentionDays - 1) * DAY_MS"),
  mutant("a refusal is for ever", "engine/collector-loop.ts", 'if (error.code === "fenced") {', "if (true) {"),
];

function mutant(name: string, file: string, find: string, put: string, ...more: readonly string[]): Mutant {
  const [alsoFind, alsoPut] = more;
  const second = alsoFind === undefined || alsoPut === undefined ? [] : [[alsoFind, alsoPut] as const];
  return { name, file, changes: [[find, put], ...second] };
}
