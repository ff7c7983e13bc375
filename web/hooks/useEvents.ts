import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { apiFilters, type EventsSearch } from "../components/Events/address.ts";
import { type EventRow, eventsApi } from "../components/Events/events-api.ts";
import { boundsOf, isOpen } from "../components/Events/period.ts";

const PAGE = 100;
const FOLLOW_MS = 3_000;
const none: readonly EventRow[] = [];

/** The filters of the page with the instant that its period was reckoned from; `renew` reckons it anew. */
export function useEventsFilters(search: EventsSearch) {
  const { view: _, ...filters } = search;
  const key = JSON.stringify(filters);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: now is taken again whenever the address or the turn changes
  const anchor = useMemo(() => Date.now(), [key, turn]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the search
  const query = useMemo(() => apiFilters(search, boundsOf(search, anchor)), [key, anchor]);
  const renew = useCallback(() => setTurn((count) => count + 1), []);
  return { key, anchor, query, open: isOpen(search), renew };
}

export type EventsFilters = ReturnType<typeof useEventsFilters>;

/** The events that match, newest first, page by page; while following, also what has come since. */
export function useEvents({ query, anchor, open, renew }: EventsFilters, following: boolean) {
  const key = `${query} ${anchor}`;
  const list = useInfiniteQuery({
    queryKey: ["events", "list", key],
    queryFn: ({ pageParam, signal }) => eventsApi.page(query, signal, PAGE, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [taken, setTaken] = useState<{ readonly key: string; readonly rows: readonly EventRow[] }>({ key, rows: none });
  const takenRows = taken.key === key ? taken.rows : none;
  const rows = useMemo(
    () => newestFirst(list.data?.pages.flatMap(({ events }) => events) ?? none, takenRows),
    [list.data, takenRows],
  );
  const newest = useNewest(query, following && open && list.isSuccess && !list.isPlaceholderData);
  const fresh = useMemo(() => {
    const known = new Set(rows.map(({ seq }) => seq));
    return (following && !list.isPlaceholderData ? newest : undefined)?.filter(({ seq }) => !known.has(seq)) ?? none;
  }, [rows, newest, following, list.isPlaceholderData]);
  const take = useCallback(() => {
    // A whole page of news may not reach down to what is listed: the list is read again, or there would be a hole in it.
    if (fresh.length >= PAGE) renew();
    else setTaken({ key, rows: newestFirst(takenRows, fresh) });
  }, [fresh, key, takenRows, renew]);
  return { list, rows, fresh, take };
}

// Each reading of events is kept in the access record, so the page is read again only when the log or the index has grown.
function useNewest(query: URLSearchParams, enabled: boolean): readonly EventRow[] | undefined {
  const { data: progress } = useQuery({
    queryKey: ["search-progress", "follow"],
    queryFn: ({ signal }) => eventsApi.progress(signal),
    enabled,
    refetchInterval: FOLLOW_MS,
  });
  const { data } = useQuery({
    queryKey: ["events", "newest", query.toString(), progress?.lastSeq, progress?.indexedSeq],
    queryFn: ({ signal }) => eventsApi.page(query, signal, PAGE),
    enabled: enabled && progress !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return data?.events;
}

function newestFirst(rows: readonly EventRow[], others: readonly EventRow[]): readonly EventRow[] {
  if (others.length === 0) return rows;
  const known = new Set(rows.map(({ seq }) => seq));
  const more = others.filter(({ seq }) => !known.has(seq));
  return [...rows, ...more].sort((a, b) => b.timeMs - a.timeMs || b.seq - a.seq);
}
