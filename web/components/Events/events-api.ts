// The part of the HTTP API that the events page reads.
import { request } from "../../api.ts";

export interface EventRow {
  readonly seq: number;
  readonly key: string;
  readonly eventId: string;
  readonly collectorId: string;
  readonly collector: string;
  readonly dataSource: string;
  readonly type: string;
  /** As upstream wrote it; empty where it wrote none. */
  readonly time: string;
  readonly timeMs: number;
  readonly ingestedAt: string;
  readonly siteName?: string;
  readonly user?: string;
  /** One line of plain text, at most 300 characters. */
  readonly summary: string;
  readonly conversation?: string;
}

export interface EventDetail extends EventRow {
  readonly metadata: {
    readonly connector: string;
    readonly siteId?: string;
    readonly timezone?: string;
    readonly flags: readonly string[];
    readonly origin: { readonly fileId: string; readonly fileSha256: string; readonly line: number };
    readonly contentHash: string;
    readonly sizeBytes: number;
  };
  /** The exact text; absent where the bytes are not UTF-8. */
  readonly raw?: string;
  readonly rawBase64?: string;
}

export interface EventsPage {
  readonly events: readonly EventRow[];
  readonly next?: string;
}

export interface EventsHistogram {
  readonly stepMs: number;
  readonly from: string | number;
  readonly to: string | number;
  readonly buckets: readonly { readonly at: number; readonly events: number }[];
}

export interface SearchProgress {
  readonly indexedSeq: number;
  readonly lastSeq: number;
  readonly rebuilding: boolean;
}

const get = async <T>(path: string, signal: AbortSignal): Promise<T> =>
  (await (await request("GET", path, undefined, signal)).json()) as T;

/** What the events page asks for. */
export const eventsApi = {
  page: (filters: URLSearchParams, signal: AbortSignal, limit: number, after?: string) => {
    const query = new URLSearchParams(filters);
    query.set("limit", String(limit));
    if (after !== undefined) query.set("after", after);
    return get<EventsPage>(`/events?${query}`, signal);
  },
  count: (filters: URLSearchParams, signal: AbortSignal) =>
    get<{ count: number; exact: boolean }>(`/events/count?${filters}`, signal),
  histogram: (filters: URLSearchParams, signal: AbortSignal) =>
    get<EventsHistogram>(`/events/histogram?${filters}&buckets=120`, signal),
  types: (filters: URLSearchParams, signal: AbortSignal) =>
    get<readonly { type: string; events: number }[]>(`/events/types?${filters}`, signal),
  sources: (signal: AbortSignal) => get<readonly { name: string; title: string }[]>("/events/data-sources", signal),
  event: (seq: string, signal: AbortSignal) => get<EventDetail>(`/events/${encodeURIComponent(seq)}`, signal),
  progress: (signal: AbortSignal) => get<SearchProgress>("/search/progress", signal),
  rawUrl: (seq: number) => `/api/v1/events/${seq}/raw`,
};
