// One file from pending to done: fetched, verified, prepared, committed. Its failures are its own; none blocks another file.
import type { FileFeed, Lane, UpstreamFile } from "../model/connector.ts";
import { CollectorError } from "../model/errors.ts";
import type { FileOutcome, LedgerFile } from "../model/store.ts";
import { shiftTime } from "../model/time.ts";
import { backoffMs } from "./backoff.ts";
import { type Download, download } from "./download.ts";
import { type InSteps, prepare } from "./prepare.ts";
import { feedContext, type SourceContext } from "./source-context.ts";

/** Wrong bytes, or a refusal, this many times in a row: the file is set aside for a person, and asked for once a day. */
const ATTEMPTS_BEFORE_QUARANTINE = 8;
const QUARANTINE_RETRY_MS = 24 * 3_600_000;
const FIRST_RETRY_MS = 2_000;
const MAX_RETRY_MS = 15 * 60_000;
/** A file is lost only when upstream says so twice, this far apart. */
const SECOND_ASK_MS = 3_600_000;

export interface CollectOptions {
  readonly lane: Lane;
  /** A run that ends when it has caught up asks the second time at once. */
  readonly askTwiceAtOnce: boolean;
}

/**
 * Collects one file. A failure that is the file's own is written to its ledger row and the promise resolves with undefined; one that
 * concerns the whole data source or collector (refused key, foreign events, full disk, lost lease) is thrown.
 */
export async function collectFile(
  ctx: SourceContext,
  file: LedgerFile,
  options: CollectOptions,
): Promise<FileOutcome | undefined> {
  try {
    return await fetchAndCommit(ctx, file, options.lane);
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (!(error instanceof CollectorError)) throw error;
    if (concernsAll(error)) throw error;
    if (isMissing(error)) await noteMissing(ctx, file, error, options);
    else await noteFailure(ctx, file, error);
    return undefined;
  }
}

async function fetchAndCommit(ctx: SourceContext, file: LedgerFile, lane: Lane): Promise<FileOutcome> {
  const { bytes, sha256, verified } = await fetchFile(ctx, file, lane);
  const { feed, settings, timezone } = ctx;
  const steps = prepare(bytes, { feed, sha256, principal: feed.principal(settings), timezone });
  const prepared = await ctx.preparing(() => driven(ctx, steps));
  const { key, stamp } = ctx;
  const commit = {
    key,
    fileId: file.id,
    sha256,
    verified,
    bytes,
    ...prepared,
    stamp,
    ingestedAt: ctx.now().toISOString(),
  };
  return await ctx.store.commitFile(ctx.lease, commit, ctx.overlapMs);
}

// In one go, a file of 15 MB would hold up whoever asks the engine, and the downloads beside it, for a tenth of a second.
async function driven<T>({ letOthersIn, work }: SourceContext, steps: InSteps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    work.moved();
    await letOthersIn();
  }
}

async function fetchFile(ctx: SourceContext, file: LedgerFile, lane: Lane): Promise<Download> {
  const open = async (feed: FileFeed) =>
    await download(await feed.open(feedContext(ctx, lane), file), file, ctx.work.moved);
  const first = await open(ctx.feed);
  if (first.verified) return first;
  const second = await open(ctx.feed);
  if (second.sha256 === first.sha256) return first;
  throw new CollectorError("protocol", "Two downloads of a file that is listed without a hash differ", {
    reason: "hash_mismatch",
    action: "It is fetched again until two downloads agree",
  });
}

/** What stops more than this file. */
function concernsAll(error: CollectorError): boolean {
  return (
    error.code === "auth_failed" ||
    error.code === "config_invalid" ||
    error.code === "storage" ||
    error.code === "fenced"
  );
}

const isMissing = (error: CollectorError) =>
  error.code === "rejected" && (error.status === 404 || error.status === 410);

async function noteFailure(ctx: SourceContext, file: LedgerFile, error: CollectorError): Promise<void> {
  const attempts = file.attempts + 1;
  const setAside = error.retry === "never" && attempts >= ATTEMPTS_BEFORE_QUARANTINE;
  const waitMs = setAside ? QUARANTINE_RETRY_MS : (error.retryAfterMs ?? retryMs(ctx, attempts));
  ctx.log.warn({ file: file.id, code: error.code, reason: error.reason, attempts }, "file not collected");
  await ctx.store.failFile(ctx.lease, ctx.key, file.id, {
    state: setAside ? "quarantined" : "pending",
    error: recorded(ctx, error),
    retryAt: later(ctx, waitMs),
    missingSince: undefined,
  });
}

/** Upstream answers that there is no such file. It is a gap only if it is not listed either, and stays so. */
async function noteMissing(
  ctx: SourceContext,
  file: LedgerFile,
  error: CollectorError,
  options: CollectOptions,
): Promise<void> {
  if (await isListed(ctx, file)) return await noteFailure(ctx, file, error);
  const since = file.missingSince ?? ctx.now().toISOString();
  const waited = ctx.now().getTime() - Date.parse(since);
  const asked = file.missingSince !== undefined && waited >= SECOND_ASK_MS;
  if (asked || (options.askTwiceAtOnce && !(await isListed(ctx, file)))) {
    ctx.log.warn({ file: file.id, endTime: file.endTime }, "gap recorded: upstream no longer has the file");
    return await ctx.store.expireFile(ctx.lease, ctx.key, file.id, ctx.now().toISOString(), ctx.overlapMs);
  }
  await ctx.store.failFile(ctx.lease, ctx.key, file.id, {
    state: "pending",
    error: recorded(ctx, error),
    retryAt: later(ctx, Math.max(1_000, SECOND_ASK_MS - waited)),
    missingSince: since,
  });
}

async function isListed(ctx: SourceContext, file: UpstreamFile): Promise<boolean> {
  const page = await ctx.feed.list(feedContext(ctx, "fresh"), shiftTime(file.endTime, -1_000), ctx.feed.maxPageSize);
  return page.files.some(({ id }) => id === file.id);
}

const later = (ctx: SourceContext, ms: number) => new Date(ctx.now().getTime() + ms).toISOString();

const retryMs = (ctx: SourceContext, attempts: number) =>
  backoffMs(attempts, { firstMs: FIRST_RETRY_MS, maxMs: MAX_RETRY_MS, random: ctx.random });

/** An error as the store keeps it. */
export function recorded(ctx: Pick<SourceContext, "now">, error: CollectorError) {
  const { code, reason, message, action, status } = error;
  return { code, reason, message, action, status, at: ctx.now().toISOString() };
}
