// One pass over upstream's list of files. Each file that the ledger does not hold becomes a pending row; the cursor moves
// only when the pass is whole, and only to a time that upstream printed.
import type { FilePage } from "../model/connector.ts";
import { CollectorError } from "../model/errors.ts";
import { UPSTREAM_KEEPS_MS } from "../model/headroom.ts";
import type { DataSourceState, ScanKind } from "../model/store.ts";
import { instantUs, isoFromUs, shiftTime } from "../model/time.ts";
import { freshSince } from "./file-queue.ts";
import { windowMs } from "./schedule.ts";
import { feedContext, type SourceContext } from "./source-context.ts";

/**
 * How far before the last printed end time the next page starts, tried in this order while the list does not move. The
 * boundary second is always read again, so that files with equal times on both sides of a page edge are not lost,
 * whether `after` includes its bound or not. From 0 on the steps go past the bound and may lose files: a suspected gap.
 */
const STEPS_BACK_US = [1_000_000, 1_000, 1, 0, -1, -1_000_000] as const;

export interface ScanOutcome {
  readonly kind: ScanKind;
  readonly listed: number;
  readonly fresh: number;
}

/** Scans once and whole, or throws. `onListed` hears of each page that brought files the ledger did not hold. */
export async function scan(ctx: SourceContext, kind: ScanKind, onListed: () => void): Promise<ScanOutcome> {
  const state = await ctx.store.state(ctx.key);
  const start = startOf(ctx, state, kind);
  const walk = newWalk(start);
  // A wide scan may take hours of the rate budget: it goes behind the polls of other data sources, and looks at the end of its
  // own list in between.
  const lane = kind === "poll" ? "fresh" : "backlog";
  let peekedMs = ctx.now().getTime();
  do {
    if (Math.abs(ctx.now().getTime() - peekedMs) >= ctx.pollIntervalMs) {
      peekedMs = ctx.now().getTime();
      if ((await peek(ctx)) > 0) onListed();
    }
    const page = await ctx.feed.list(feedContext(ctx, lane), walk.after, ctx.feed.maxPageSize);
    walk.servedAt ??= page.servedAt;
    if (walk.step > 0 && STEPS_BACK_US[walk.step]! > 0 && !comesBack(walk, page)) await suspectGap(ctx, walk);
    if (walk.listed === 0) await recordLongStop(ctx, state, page);
    const fresh = await ctx.store.recordListing(ctx.lease, ctx.key, page.files, ctx.now().toISOString());
    if (fresh > 0) onListed();
    walk.listed += page.files.length;
    walk.fresh += fresh;
    ctx.work.moved();
    await advance(ctx, walk, page);
    ctx.signal.throwIfAborted();
  } while (walk.more);
  await ctx.store.finishScan(
    ctx.lease,
    ctx.key,
    {
      kind,
      cursor: walk.cursor,
      scannedTo: walk.servedAt,
      since: askedSince(start, walk.servedAt),
      at: ctx.now().toISOString(),
    },
    ctx.overlapMs,
  );
  return { kind, listed: walk.listed, fresh: walk.fresh };
}

/** Asked for everything after `start`, upstream can only list what it still keeps. */
function askedSince(start: string, servedAt: string | undefined): string | undefined {
  if (servedAt === undefined) return undefined;
  const kept = shiftTime(servedAt, -UPSTREAM_KEEPS_MS);
  return (instantUs(start) ?? 0) > (instantUs(kept) ?? 0) ? start : kept;
}

/**
 * Beside a scan that may take long: one page of the newest files, so that events arrive at once. It moves no cursor and makes no
 * claim. Returns how many files were new.
 */
export async function peek(ctx: SourceContext): Promise<number> {
  const since = freshSince(ctx.now());
  const after = since.toISOString();
  if (ctx.start !== undefined && (instantUs(ctx.start) ?? 0) > since.getTime() * 1_000) return 0;
  const { files } = await ctx.feed.list(feedContext(ctx, "fresh"), after, ctx.feed.maxPageSize);
  return await ctx.store.recordListing(ctx.lease, ctx.key, files, ctx.now().toISOString());
}

interface Walk {
  after: string;
  cursor: string | undefined;
  servedAt: string | undefined;
  listed: number;
  fresh: number;
  more: boolean;
  step: number;
}

const newWalk = (after: string): Walk => ({
  after,
  cursor: undefined,
  servedAt: undefined,
  listed: 0,
  fresh: 0,
  more: true,
  step: 0,
});

function startOf(ctx: SourceContext, state: DataSourceState, kind: ScanKind): string {
  const start = ctx.start ?? isoFromUs(0);
  if (state.cursor === undefined) return shiftTime(start, -1_000);
  const back = shiftTime(state.cursor, -windowMs(kind, ctx.overlapMs));
  const later = (instantUs(back) ?? 0) > (instantUs(start) ?? 0) ? back : start;
  return shiftTime(later, -1_000);
}

/** Moves the walk behind this page; notes the largest printed end time. */
async function advance(ctx: SourceContext, walk: Walk, page: FilePage): Promise<void> {
  // Some answers say that there is more and print no last end time: the last file's is printed too.
  const last = page.lastEndTime ?? page.files.at(-1)?.endTime;
  const lastUs = last === undefined ? undefined : instantUs(last);
  walk.more = page.more;
  if (last === undefined || lastUs === undefined) {
    if (page.more) throw endlessPage();
    return;
  }
  const before = walk.cursor === undefined ? -1 : (instantUs(walk.cursor) ?? -1);
  if (lastUs > before) {
    walk.cursor = last;
    walk.step = 0;
  } else if (page.more) await stepOn(ctx, walk);
  walk.after = isoFromUs(Math.max(0, Math.max(lastUs, before) - STEPS_BACK_US[walk.step]!));
}

// The page ended where the one before it did: more files share this moment than a page holds, or upstream repeats itself.
async function stepOn(ctx: SourceContext, walk: Walk): Promise<void> {
  if (walk.step === STEPS_BACK_US.length - 1) throw endlessPage();
  walk.step += 1;
  if (STEPS_BACK_US[walk.step] === 0) await suspectGap(ctx, walk);
}

// A step below a second counts only where upstream compares so finely: else it went past the boundary unseen.
function comesBack({ cursor }: Walk, { files }: FilePage): boolean {
  const boundary = instantUs(cursor ?? "") ?? 0;
  return files.some(({ endTime }) => (instantUs(endTime) ?? 0) <= boundary);
}

async function suspectGap(ctx: SourceContext, { cursor }: Walk): Promise<void> {
  if (cursor === undefined) return;
  const { collectorId, dataSource } = ctx.key;
  const bounds = { from: shiftTime(cursor, -1_000), to: shiftTime(cursor, 1_000) };
  const gap = { collectorId, dataSource, ...bounds, reason: "suspected", files: 0 } as const;
  await ctx.store.recordGap(ctx.lease, gap, ctx.now().toISOString());
}

function endlessPage(): CollectorError {
  return new CollectorError("protocol", "Upstream says there are more files, but its list does not move on", {
    reason: "list_stuck",
    action: "Nothing is skipped; the list is asked again at the next poll. If it stays, contact OpenAI support",
  });
}

/** After a stop longer than upstream keeps files, what lies between is lost: that is recorded before anything else. */
async function recordLongStop(ctx: SourceContext, state: DataSourceState, page: FilePage): Promise<void> {
  const { completeThrough, scannedTo } = state;
  const servedUs = instantUs(page.servedAt ?? "");
  const scannedUs = instantUs(scannedTo ?? "");
  if (completeThrough === undefined || scannedUs === undefined || servedUs === undefined) return;
  if (servedUs - scannedUs < UPSTREAM_KEEPS_MS * 1_000) return;
  const to = page.files[0]?.endTime ?? isoFromUs(servedUs - UPSTREAM_KEEPS_MS * 1_000);
  if ((instantUs(to) ?? 0) <= (instantUs(completeThrough) ?? 0)) return;
  const { collectorId, dataSource } = ctx.key;
  const gap = { collectorId, dataSource, from: completeThrough, to, reason: "stopped_too_long", files: 0 } as const;
  await ctx.store.recordGap(ctx.lease, gap, ctx.now().toISOString());
  ctx.log.warn({ from: gap.from, to: gap.to }, "gap recorded: the stop was longer than upstream keeps files");
}
