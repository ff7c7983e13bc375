import type { FeedContext, FileFeed, Lane, Upstream } from "../model/connector.ts";
import type { DataSourceKey } from "../model/event.ts";
import type { Logger } from "../model/log.ts";
import type { Lease, Stamp, Store } from "../model/store.ts";
import type { Tally } from "./request-tally.ts";
import type { Turn } from "./turn.ts";
import type { Work } from "./watch.ts";

/** Waits; ends early, without an error, when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Everything the loops of one data source work with. */
export interface SourceContext {
  readonly store: Store;
  readonly lease: Lease;
  readonly key: DataSourceKey;
  readonly feed: FileFeed;
  readonly settings: unknown;
  readonly upstream: (lane: Lane) => Upstream;
  readonly stamp: Stamp;
  /** RFC 3339: nothing that ended earlier is asked for; undefined: all that upstream still has. */
  readonly start: string | undefined;
  /** How late upstream may publish; also how far the hourly scan looks back. */
  readonly overlapMs: number;
  readonly pollIntervalMs: number;
  /** For times without a zone. */
  readonly timezone: string;
  readonly now: () => Date;
  readonly sleep: Sleep;
  readonly random: () => number;
  /** Resolves after whatever else waits in this thread has had its turn. */
  readonly letOthersIn: () => Promise<void>;
  /** One file at a time is split and hashed, whatever data source it is of. */
  readonly preparing: Turn;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Hears of every step of the work in hand. */
  readonly work: Work;
  readonly tally: Tally;
}

/** What the feed may touch, on a lane of the rate budget. */
export function feedContext(ctx: SourceContext, lane: Lane): FeedContext<unknown> {
  return { settings: ctx.settings, upstream: watched(ctx, ctx.upstream(lane)), now: ctx.now, signal: ctx.signal };
}

function watched({ work, tally }: SourceContext, upstream: Upstream): Upstream {
  return {
    get: (url, request) => work.outside(() => tally.counted(request.route, upstream.get(url, request))),
    getSigned: (url, signal) => work.outside(() => tally.counted("signed", upstream.getSigned(url, signal))),
  };
}
