import type { CoverageSource } from "../model/coverage.ts";
import type { DataSourceKey, StoredEvent } from "../model/event.ts";
import type { CoveredFile, IssuedReport } from "../model/report.ts";
import type { RewindRequest } from "../model/rewind.ts";
import type {
  DataSourceState,
  DiskUse,
  Gap,
  LedgerFile,
  Store,
  StoredQuarantine,
  StoreReader,
  VolumeBucket,
} from "../model/store.ts";

const isIn = (sources: readonly DataSourceKey[], { collectorId, dataSource }: DataSourceKey) =>
  sources.some((key) => key.collectorId === collectorId && key.dataSource === dataSource);

/** A store for tests of what stands on it: arrays that a test fills, and the contract's answers from them. */
export function fakeReader() {
  const data = {
    states: [] as DataSourceState[],
    events: [] as StoredEvent[],
    pace: { files: 0, bytes: 0, events: 0 },
    holes: [] as (LedgerFile & { readonly dataSource: string })[],
    gaps: [] as Gap[],
    quarantine: [] as StoredQuarantine[],
    removed: [] as string[],
    acknowledged: [] as { readonly what: object; readonly by: string }[],
    retried: [] as string[],
    rewinds: [] as (RewindRequest & { readonly dataSource: string })[],
    /** Whether a rewind is open. */
    rewinding: false,
    coverage: {
      facts: { askedFromUs: undefined, scannedToUs: undefined, allowanceUs: 0 },
      stretches: [],
      gaps: [],
    } as CoverageSource,
    files: [] as CoveredFile[],
    reports: [] as (IssuedReport & { readonly document: Uint8Array })[],
    disk: {
      databaseBytes: 2_000,
      walBytes: 100,
      searchBytes: 300,
      freeBytes: 1_000_000,
      totalBytes: 2_000_000,
    } as DiskUse,
    /** Thrown by every call, where it is set. */
    failure: undefined as Error | undefined,
  };
  const ready = () => {
    if (data.failure) throw data.failure;
  };
  const newestFirst = (a: StoredEvent, b: StoredEvent) => b.timeKey - a.timeKey || b.seq - a.seq;
  const reader: StoreReader = {
    async dataSources() {
      ready();
      return data.states;
    },
    pace: async () => data.pace,
    holes: async ({ dataSource }, limit) => data.holes.filter((hole) => hole.dataSource === dataSource).slice(0, limit),
    gaps: async ({ collectorId }) =>
      data.gaps.filter((gap) => collectorId === undefined || gap.collectorId === collectorId),
    quarantine: async ({ collectorId, id, limit }) =>
      data.quarantine
        .filter((one) => collectorId === undefined || one.collectorId === collectorId)
        .filter((one) => id === undefined || one.id === id)
        .slice(0, limit),
    lastSeq: async (collectorId) =>
      Math.max(0, ...data.events.filter((e) => e.collectorId === collectorId).map((e) => e.seq)),
    readLog: async () => ({ events: data.events, next: undefined }),
    readByTime: async ({ sources, fromUs = 0, toUs = Infinity, type, before, limit }) =>
      data.events
        .filter((event) => isIn(sources, event) && event.timeKey >= fromUs && event.timeKey < toUs)
        .filter((event) => type === undefined || event.type === type)
        .sort(newestFirst)
        .filter(
          ({ timeKey, seq }) =>
            before === undefined || timeKey < before.timeKey || (timeKey === before.timeKey && seq < before.seq),
        )
        .slice(0, limit),
    event: async (seq) => data.events.find((event) => event.seq === seq),
    eventsBySeq: async (seqs) =>
      seqs.map((seq) => data.events.find((event) => event.seq === seq)).filter((event) => event !== undefined),
    async volume({ sources, by, from, to, stepMs }) {
      const buckets = new Map<number, VolumeBucket>();
      for (const event of data.events.filter((one) => isIn(sources, one))) {
        const ms = by === "event" ? event.timeKey / 1_000 : Date.parse(event.ingestedAt);
        if (ms < from || ms >= to) continue;
        const at = from + Math.floor((ms - from) / stepMs) * stepMs;
        const before = buckets.get(at) ?? { at, events: 0, bytes: 0 };
        buckets.set(at, { at, events: before.events + 1, bytes: before.bytes + event.raw.length });
      }
      return [...buckets.values()].sort((a, b) => a.at - b.at);
    },
    async types(sources) {
      const counts = new Map<string, number>();
      for (const event of data.events.filter((one) => isIn(sources, one)))
        counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
      return [...counts].map(([type, events]) => ({ type, events }));
    },
    ...fakeCoverage(data),
    disk: async () => data.disk,
    close: async () => {},
  };
  const store: Pick<Store, "acknowledge" | "retryFile" | "removeCollector" | "requestRewind" | "cancelRewind"> = {
    async requestRewind({ dataSource }, request) {
      ready();
      data.rewinds.push({ ...request, dataSource });
      return data.rewinds.length;
    },
    cancelRewind: async () => data.rewinding,
    async acknowledge(what, by) {
      data.acknowledged.push({ what, by });
      return "gap" in what ? data.gaps.some(({ id }) => id === what.gap) : true;
    },
    async retryFile({ dataSource }, fileId) {
      const known = data.holes.some((hole) => hole.dataSource === dataSource && hole.id === fileId);
      if (known) data.retried.push(fileId);
      return known;
    },
    async removeCollector(collectorId) {
      ready();
      data.removed.push(collectorId);
      data.events = data.events.filter((event) => event.collectorId !== collectorId);
    },
  };
  return { data, reader, store };
}

/** The same answer for every data source. */
function fakeCoverage(data: {
  readonly coverage: CoverageSource;
  readonly files: readonly CoveredFile[];
  readonly reports: readonly (IssuedReport & { readonly document: Uint8Array })[];
}) {
  return {
    coverage: async () => ({ ...data.coverage, next: undefined }),
    coveredFiles: async ({ limit, after }) => {
      const start = after === undefined ? 0 : Number(after);
      const end = start + limit;
      const { facts } = data.coverage;
      return {
        facts,
        previousEndUs: undefined,
        files: data.files.slice(start, end),
        next: end < data.files.length ? String(end) : undefined,
      };
    },
    rehash: async (_key, fileId) => {
      const held = data.files.find(({ id }) => id === fileId)?.done?.held;
      return held === undefined ? undefined : { events: held, held, mismatched: [] };
    },
    issuedReports: async (collectorId) => data.reports.filter((report) => report.collectorId === collectorId),
    reportDocument: async (id) => data.reports.find((report) => report.id === id)?.document,
  } satisfies Partial<StoreReader>;
}

/** A data source that has collected and is up to date. */
export function aState(key: DataSourceKey, change: Partial<DataSourceState> = {}): DataSourceState {
  return {
    key,
    cursor: "2026-07-15T12:00:00Z",
    scannedTo: "2026-07-15T12:00:00Z",
    completeThrough: "2026-07-15T11:30:00Z",
    claimMovedBack: 0,
    scans: { poll: "2026-07-15T12:00:00Z" },
    lastSuccessAt: "2026-07-15T12:00:00Z",
    error: undefined,
    upstreamNewest: undefined,
    newestEvent: "2026-07-15T11:59:00Z",
    lastIngestedAt: "2026-07-15T12:00:00.000Z",
    oldestPending: undefined,
    ...change,
    counts: {
      events: 10,
      bytes: 1_000,
      duplicates: 0,
      conflicts: 0,
      quarantined: 0,
      unacknowledgedQuarantined: 0,
      filesDone: 3,
      filesPending: 0,
      filesPendingBytes: 0,
      unacknowledgedGaps: 0,
      ...change.counts,
    },
  };
}

/** A stored event with that text. */
export function aStoredEvent(
  change: Partial<Omit<StoredEvent, "raw">> & { readonly raw?: string | Uint8Array } = {},
): StoredEvent {
  const seq = change.seq ?? 1;
  const { raw = `{"event_id":"e${seq}"}`, ...rest } = change;
  return {
    seq,
    collectorId: "col_1",
    dataSource: "messages",
    eventId: `e${seq}`,
    contentHash: String(seq).padStart(64, "0"),
    timeKey: Date.parse("2026-07-15T11:00:00Z") * 1_000 + seq * 1_000_000,
    time: "2026-07-15T11:00:00.000001Z",
    type: "MESSAGE",
    ingestedAt: "2026-07-15T11:30:00.000Z",
    siteName: undefined,
    siteId: undefined,
    timezone: undefined,
    flags: 0,
    fileId: "file_1",
    fileSha256: "a".repeat(64),
    line: seq,
    ...rest,
    raw: typeof raw === "string" ? new TextEncoder().encode(raw) : raw,
  };
}
