// What a rewind would fetch, found out by listing alone. Nothing is downloaded, and nothing is written.
import type { Outbound } from "../http/outbound.ts";
import type { CollectorPlan } from "../model/collector.ts";
import type { Connector, FileFeed, UpstreamFile } from "../model/connector.ts";
import { CollectorError } from "../model/errors.ts";
import type { FileAmount, RewindForecast } from "../model/rewind.ts";
import type { FileState, Store } from "../model/store.ts";
import { instantUs, isoFromUs, shiftTime } from "../model/time.ts";

export interface ForecastParts {
  readonly connectors: readonly Connector[];
  readonly outbound: Pick<Outbound, "createUpstream">;
  readonly store: Pick<Store, "state" | "fileStates" | "ledgerAmount">;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** The list of a page is compared with the ledger in pieces of this size. */
const IDS_AT_ONCE = 1_000;
/** After so many pages without a new file the list does not move. */
const IDLE_PAGES = 5;

/**
 * Lists a data source from `to` on and compares with the ledger. Throws `rejected` where it cannot be rewound there, and whatever
 * upstream's list throws.
 */
export async function forecastRewind(
  parts: ForecastParts,
  plan: CollectorPlan,
  dataSource: string,
  to: string,
): Promise<RewindForecast> {
  const feed = feedOf(parts, plan, dataSource);
  const key = { collectorId: plan.collector.id, dataSource };
  const { cursor, rewind } = await parts.store.state(key);
  if (cursor === undefined || !(usOf(to) < usOf(cursor))) throw nothingBehind(to);
  const { start } = plan.collector;
  if (start !== undefined && usOf(to) < usOf(start)) throw beforeStart(to, start);
  const { files, requests } = await listFrom(parts, plan, feed, to);
  const states = await statesOf(parts, key, files);
  const those = (wanted: (state: FileState | undefined) => boolean) => files.filter(({ id }) => wanted(states.get(id)));
  const here = those((state) => state === "done");
  const waiting = those((state) => state === "pending" || state === "quarantined");
  const toFetch = those((state) => state === undefined || state === "expired");
  const upTo = files.reduce((latest, { endTime }) => Math.max(latest, usOf(endTime)), usOf(cursor));
  const held = await parts.store.ledgerAmount(key, to, isoFromUs(upTo));
  const listed = amountOf(files.filter(({ id }) => states.has(id)));
  return {
    key,
    to,
    cursor,
    listed: amountOf(files),
    oldestListed: files[0]?.endTime,
    toFetch: amountOf(toFetch),
    waiting: amountOf(waiting),
    here: amountOf(here),
    gone: { files: Math.max(0, held.files - listed.files), bytes: Math.max(0, held.bytes - listed.bytes) },
    hereIds: here.map(({ id }) => id),
    after: rewind?.id,
    requests,
  };
}

function feedOf({ connectors }: ForecastParts, { collector, settingsError }: CollectorPlan, name: string): FileFeed {
  if (settingsError !== undefined) {
    const { message, reason, action } = settingsError;
    throw new CollectorError("config_invalid", message, { reason, action });
  }
  const connector = connectors.find((one) => one.name === collector.connector);
  const feed = collector.dataSources.includes(name) ? connector?.resolve(name) : undefined;
  if (feed === undefined) throw new CollectorError("rejected", `The collector has no data source ${name}`);
  return feed;
}

/** Every file from `to` on, each once, oldest first. The boundary of a page is always read again. */
async function listFrom(parts: ForecastParts, { collector, settings }: CollectorPlan, feed: FileFeed, to: string) {
  const connector = parts.connectors.find(({ name }) => name === collector.connector)!;
  const upstream = parts.outbound.createUpstream({
    credential: connector.credential(settings),
    lane: "fresh",
    requestsPerMinute: collector.requestsPerMinute,
  });
  const ctx = { settings, upstream, now: parts.now, signal: parts.signal };
  const found = new Map<string, UpstreamFile>();
  let after = shiftTime(to, -1_000);
  let requests = 0;
  let idle = 0;
  for (let more = true; more; ) {
    const page = await feed.list(ctx, after, feed.maxPageSize);
    requests += 1;
    const before = found.size;
    for (const file of page.files) if (usOf(file.endTime) >= usOf(to)) found.set(file.id, file);
    const last = page.lastEndTime ?? page.files.at(-1)?.endTime;
    more = page.more && last !== undefined;
    if (last === undefined) continue;
    // A page that brought nothing new: more files share this moment than a page holds. A forecast may step over it.
    idle = found.size > before ? 0 : idle + 1;
    if (idle > IDLE_PAGES) throw stuck();
    after = idle === 0 ? shiftTime(last, -1_000) : shiftTime(later(last, after), 1_000);
  }
  const files = [...found.values()].sort((a, b) => usOf(a.endTime) - usOf(b.endTime));
  return { files, requests };
}

async function statesOf({ store }: ForecastParts, key: RewindForecast["key"], files: readonly UpstreamFile[]) {
  const states = new Map<string, FileState>();
  for (let from = 0; from < files.length; from += IDS_AT_ONCE) {
    const ids = files.slice(from, from + IDS_AT_ONCE).map(({ id }) => id);
    for (const { id, state } of await store.fileStates(key, ids)) states.set(id, state);
  }
  return states;
}

const amountOf = (files: readonly UpstreamFile[]): FileAmount => ({
  files: files.length,
  bytes: files.reduce((sum, { size }) => sum + size, 0),
});

const usOf = (text: string): number => instantUs(text) ?? 0;
const later = (a: string, b: string): string => (usOf(a) > usOf(b) ? a : b);

const stuck = () =>
  new CollectorError("protocol", "Upstream says there are more files, but its list does not move on", {
    reason: "list_stuck",
    action: "Try again later. If it stays, contact OpenAI support",
  });

const nothingBehind = (to: string) =>
  new CollectorError("rejected", `The cursor is not after ${to}: there is nothing to go back to`, {
    reason: "rewind_ahead",
    action: "Name an instant before the cursor of the data source",
  });

const beforeStart = (to: string, start: string) =>
  new CollectorError("rejected", `The collector begins at ${start}: nothing from ${to} on is asked for before that`, {
    reason: "rewind_before_start",
    action: "Give the collector an earlier start, or rewind to its start at the earliest",
  });
