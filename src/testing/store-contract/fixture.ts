import { createHash } from "node:crypto";
import { afterEach, beforeEach } from "vitest";
import type { UpstreamFile } from "../../model/connector.ts";
import type { DataSourceKey, PreparedEvent, StoredEvent } from "../../model/event.ts";
import { packEvents } from "../../model/event-columns.ts";
import type { FileCommit, FileOutcome, Lease, ScanResult, Store, StoreReader } from "../../model/store.ts";

/** A store that is open, with its reader. */
export interface OpenedStore {
  readonly store: Store;
  readonly reader: StoreReader;
  /** Erases events by position: they are not taken in again. Returns how many there were. */
  erase(seqs: readonly number[], at: string): Promise<number>;
  /** The head of each data source's log chain, in the order in which they were first leased. */
  chainHeads(): readonly { readonly dataSource: string; readonly links: number; readonly head: string }[];
  /** Where the chains are broken, or a file's events are not those that its link covers. Empty: nowhere. */
  chainFaults(): readonly string[];
  /** Closes both and opens them again on the same data. */
  reopen(): Promise<OpenedStore>;
  /** Closes both and removes the data. */
  destroy(): Promise<void>;
}

/** An implementation, as the contract suite sees it. `open` makes an empty store. */
export interface StoreUnderTest {
  readonly name: string;
  open(): Promise<OpenedStore>;
}

export const KEY: DataSourceKey = { collectorId: "col_a", dataSource: "conversations" };
export const OTHER_SOURCE: DataSourceKey = { collectorId: "col_a", dataSource: "audit-log" };
export const OTHER_COLLECTOR: DataSourceKey = { collectorId: "col_b", dataSource: "conversations" };
export const ALLOWANCE_MS = 30 * 60_000;

const BASE_MS = Date.UTC(2026, 6, 15, 12);

/** RFC 3339 of a minute of the story that the cases tell. */
export const minute = (minutes: number): string => new Date(BASE_MS + minutes * 60_000).toISOString();
export const minuteMs = (minutes: number): number => BASE_MS + minutes * 60_000;
export const minuteUs = (minutes: number): number => minuteMs(minutes) * 1000;

/** A line of a file: an event, or with `unreadable` one for quarantine. */
export interface Line extends Partial<Omit<PreparedEvent, "line" | "start" | "end">> {
  readonly raw: string | Uint8Array;
  readonly unreadable?: string;
}

/** An event of the given minute. */
export function aLine(eventId: string, minutes = 0, content = "hello"): Line {
  return {
    eventId,
    timeKey: minuteUs(minutes),
    time: minute(minutes),
    raw: JSON.stringify({ event_id: eventId, timestamp: minute(minutes), content }),
  };
}

export const aFile = (id: string, endMinutes: number, over: Partial<UpstreamFile> = {}): UpstreamFile => ({
  id,
  endTime: minute(endMinutes),
  size: 1000,
  sha256: undefined,
  ...over,
});

export const aScan = (over: Partial<ScanResult> = {}): ScanResult => ({
  kind: "poll",
  cursor: undefined,
  scannedTo: minute(60),
  at: minute(60),
  ...over,
});

const asBytes = (raw: string | Uint8Array): Uint8Array => (typeof raw === "string" ? Buffer.from(raw) : raw);
export const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** A file as the engine hands it over, made of these lines. */
export function aCommit(fileId: string, lines: readonly Line[], over: Partial<FileCommit> = {}): FileCommit {
  const parts = lines.flatMap(({ raw }) => [asBytes(raw), Buffer.from("\n")]);
  const bytes = new Uint8Array(Buffer.concat(parts));
  let start = 0;
  const placed = lines.map((line, index) => {
    const place = { line: index + 1, start, end: start + asBytes(line.raw).length };
    start = place.end + 1;
    return { ...line, ...place };
  });
  const events = placed
    .filter(({ unreadable }) => unreadable === undefined)
    .map(({ raw: _raw, unreadable: _unreadable, ...event }) => ({
      eventId: "e",
      timeKey: 0,
      time: "",
      type: "CONVERSATION_MESSAGE",
      flags: 0,
      ...event,
    }));
  return {
    key: KEY,
    fileId,
    sha256: sha256(bytes).toString("hex"),
    verified: true,
    bytes,
    events: packEvents(events, ({ start: from, end }) => bytes.subarray(from, end)),
    quarantined: placed.flatMap(({ unreadable, line, start: from, end }) =>
      unreadable === undefined ? [] : [{ line, start: from, end, reason: unreadable }],
    ),
    stamp: { siteName: undefined, siteId: undefined, timezone: undefined },
    ingestedAt: minute(61),
    ...over,
  };
}

/** Lists a file that ends at that minute and commits it. */
export async function collect(
  store: Store,
  lease: Lease,
  file: { readonly id: string; readonly end?: number; readonly key?: DataSourceKey },
  lines: readonly Line[],
  over: Partial<FileCommit> = {},
): Promise<FileOutcome> {
  const key = file.key ?? KEY;
  await store.recordListing(lease, key, [aFile(file.id, file.end ?? 0)], minute(60));
  return store.commitFile(lease, aCommit(file.id, lines, { key, ...over }), ALLOWANCE_MS);
}

/** All events of a collector, in log order, in pages of the given size. */
export async function wholeLog(
  reader: StoreReader,
  { after = 0, limit = 1000, collectorId = KEY.collectorId } = {},
): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let next: number | undefined = after; next !== undefined; ) {
    const page = await reader.readLog({ collectorId, after: next, upTo: Number.MAX_SAFE_INTEGER, limit });
    events.push(...page.events);
    next = page.next;
  }
  return events;
}

export const ids = (events: readonly StoredEvent[]): string[] => events.map(({ eventId }) => eventId);
export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** One store for each test of the file that calls this; `use` gives the present one. */
export function eachTest({ open }: StoreUnderTest) {
  let opened: OpenedStore | undefined;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(async () => {
    await opened?.destroy();
    opened = undefined;
  });
  return {
    use: (): OpenedStore => opened!,
    reopen: async (): Promise<OpenedStore> => {
      opened = await opened!.reopen();
      return opened;
    },
    /** A lease on the two data sources that the cases use. */
    lease: (): Promise<Lease> => opened!.store.lease(KEY.collectorId, [KEY.dataSource, OTHER_SOURCE.dataSource]),
  };
}

export type Fixture = ReturnType<typeof eachTest>;
