import type { DataSourceKey } from "./event.ts";

/** A query as people write it, understood: what must be there, what must not. See docs/search.md for the language. */
export interface SearchQuery {
  readonly text: string;
  /** Beside the text: only events whose field has one of these values, whole; undefined: any. An empty list finds nothing. */
  readonly types?: readonly string[] | undefined;
  /** Names or ids of the sites that events were stamped with. */
  readonly sites?: readonly string[] | undefined;
  /** Only these data sources; undefined: all. */
  readonly sources?: readonly DataSourceKey[] | undefined;
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

export interface SearchHit {
  readonly seq: number;
  readonly timeKey: number;
}

export interface SearchPage {
  /** Newest event time first. */
  readonly hits: readonly SearchHit[];
  /** Where the next page begins; undefined at the end. Opaque. */
  readonly next: string | undefined;
}

export interface SearchCount {
  readonly count: number;
  /** False where counting stopped, at the limit or for the time it took: then it is "more than". */
  readonly exact: boolean;
}

/** The derived full-text index. It can be deleted and built again from the log. */
export interface SearchIndex {
  /** Throws CollectorError `rejected` with the place and the remedy where the text is not a query. */
  search(
    query: SearchQuery,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<SearchPage>;
  /** With `withinMs`, a count that takes much longer stops once it has found a thousand. */
  count(query: SearchQuery, limit: number, withinMs?: number): Promise<SearchCount>;
  /** Hits per bucket of event time over [from, to), ms; empty buckets left out. */
  histogram(
    query: SearchQuery,
    buckets: { readonly from: number; readonly to: number; readonly stepMs: number },
  ): Promise<readonly { readonly at: number; readonly events: number }[]>;
  /** How far the index follows the log. */
  progress(): Promise<{ readonly indexedSeq: number; readonly lastSeq: number; readonly rebuilding: boolean }>;
  close(): Promise<void>;
}
