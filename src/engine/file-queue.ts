// The pending files of one data source, worked on a few at a time: fresh ones on slots of their own, so that a backlog
// never delays them, and the oldest ones, nearest to their expiry, on the others.
import type { Lane } from "../model/connector.ts";
import type { LedgerFile } from "../model/store.ts";
import { instantUs } from "../model/time.ts";
import { type Bell, createBell, rungWithin } from "./bell.ts";
import { collectFile } from "./collect-file.ts";
import type { MemoryGate } from "./memory-gate.ts";
import type { SourceContext } from "./source-context.ts";
import { createTurn } from "./turn.ts";
import type { Watch, Work } from "./watch.ts";

/** A file that ended within this time is fresh. */
const FRESH_MS = 2 * 3_600_000;
/** An idle slot sleeps until the next retry is due, at most this long. Each scan wakes it as well. */
const LONGEST_SLEEP_MS = 24 * 3_600_000;
const SHORTEST_SLEEP_MS = 1_000;
const SLOTS: Readonly<Record<Lane, number>> = { fresh: 2, backlog: 3 };

export interface FileQueue {
  /** There may be new pending files. */
  wake(): void;
  /** Files being fetched or committed now. */
  readonly inWork: number;
  /** Works until the signal aborts; throws what concerns the whole data source. */
  run(): Promise<void>;
}

export interface FileQueueOptions {
  readonly ctx: SourceContext;
  readonly memory: MemoryGate;
  readonly askTwiceAtOnce: boolean;
  /** Resolves when ingestion may go on; at once while the disk has room. */
  readonly room: (signal: AbortSignal) => Promise<void>;
  /** Hears when a file has ended, well or not. */
  readonly onEnded: (collected: boolean) => void;
  readonly watch: Watch;
}

/** What one slot of a lane has found empty is so for the others, until the bell rings or a retry is due. */
interface Idle {
  readonly rung: Promise<void>;
  readonly over: Promise<unknown>;
}

export function createFileQueue(options: FileQueueOptions): FileQueue {
  const inWork = new Set<string>();
  const bell = createBell();
  return {
    wake: bell.ring,
    get inWork() {
      return inWork.size;
    },
    run: () => runSlots(options, inWork, bell),
  };
}

/** One run of all slots. What ends one ends the others, and this run only: after a full disk there is another. */
async function runSlots(options: FileQueueOptions, inWork: Set<string>, bell: Bell): Promise<void> {
  const stop = new AbortController();
  const ctx: SourceContext = { ...options.ctx, signal: AbortSignal.any([options.ctx.signal, stop.signal]) };
  const picker = createPicker(ctx, options.watch, inWork, bell);
  const slot = async (lane: Lane) => {
    while (!ctx.signal.aborted) {
      await options.room(ctx.signal);
      const next = await picker.pick(lane);
      if ("over" in next) await next.over;
      else {
        await work(ctx, next, { ...options, inWork });
        // It may be due again sooner than the others sleep.
        picker.forget();
      }
    }
  };
  const slots = lanes().map((lane) =>
    slot(lane).catch((error: unknown) => {
      stop.abort();
      throw error;
    }),
  );
  const ended = await Promise.allSettled(slots);
  const failed = ended.find((result) => result.status === "rejected" && !isAbort(result.reason));
  if (failed?.status === "rejected") throw failed.reason;
}

interface Picker {
  /** A file to work on, or how long there is none. */
  pick(lane: Lane): Promise<LedgerFile | Idle>;
  forget(): void;
}

function createPicker(ctx: SourceContext, watch: Watch, inWork: Set<string>, bell: Bell): Picker {
  const idle = new Map<Lane, Idle>();
  const forgetOne = (lane: Lane, found: Idle) => {
    if (idle.get(lane) === found) idle.delete(lane);
  };
  // Two slots that ask at once must not be given the same file.
  const turn = createTurn();
  const pick = async (lane: Lane): Promise<LedgerFile | Idle> => {
    const rung = bell.next();
    // Where the backlog's slots found nothing at all, there is nothing fresh either.
    const known = idle.get(lane) ?? idle.get("backlog");
    if (known?.rung === rung) return known;
    const file = await watch.during("choosing a file", () => nextFile(ctx, lane, inWork));
    if (file) return file;
    const over = rungWithin(rung, await untilNextRetry(ctx), ctx.sleep, ctx.signal);
    const found: Idle = { rung, over: over.then(() => forgetOne(lane, found)) };
    idle.set(lane, found);
    return found;
  };
  return { pick: (lane) => turn(() => pick(lane)), forget: () => idle.clear() };
}

const lanes = (): Lane[] => (["backlog", "fresh"] as const).flatMap((lane) => Array<Lane>(SLOTS[lane]).fill(lane));

const isAbort = (error: unknown) => error instanceof Error && error.name === "AbortError";

/** Chooses the next due file of the lane and marks it as being in work. */
async function nextFile(ctx: SourceContext, lane: Lane, inWork: Set<string>): Promise<LedgerFile | undefined> {
  if (ctx.signal.aborted) return undefined;
  const now = ctx.now();
  const [file] = await ctx.store.pending({
    key: ctx.key,
    freshAfter: lane === "fresh" ? freshSince(now).toISOString() : undefined,
    now: now.toISOString(),
    limit: 1,
    except: [...inWork],
  });
  if (!file || (lane === "fresh" && !isFresh(file, now))) return undefined;
  inWork.add(file.id);
  return file;
}

async function untilNextRetry({ store, key, now }: SourceContext): Promise<number> {
  const at = now();
  const retryAt = await store.nextRetry(key, at.toISOString());
  if (retryAt === undefined) return LONGEST_SLEEP_MS;
  return Math.min(LONGEST_SLEEP_MS, Math.max(SHORTEST_SLEEP_MS, Date.parse(retryAt) - at.getTime()));
}

async function work(
  ctx: SourceContext,
  file: LedgerFile,
  { inWork, memory, askTwiceAtOnce, onEnded, watch }: FileQueueOptions & { readonly inWork: Set<string> },
): Promise<void> {
  const release = await memory.enter(file.size, ctx.signal);
  let collected = false;
  try {
    const lane = isFresh(file, ctx.now()) ? "fresh" : "backlog";
    const collect = (handle: Work) => collectFile({ ...ctx, work: handle }, file, { lane, askTwiceAtOnce });
    if (release) collected = (await watch.during(`collecting the file ${file.id}`, collect)) !== undefined;
  } finally {
    release?.();
    inWork.delete(file.id);
    onEnded(collected);
  }
}

/** By our clock, which only chooses a place in the queue: a wrong one costs order, nothing else. */
export const freshSince = (now: Date): Date => new Date(now.getTime() - FRESH_MS);

function isFresh({ endTime }: LedgerFile, now: Date): boolean {
  return (instantUs(endTime) ?? 0) > freshSince(now).getTime() * 1_000;
}
