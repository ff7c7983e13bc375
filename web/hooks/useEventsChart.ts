import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { apiFilters, type EventsSearch } from "../components/Events/address.ts";
import { eventsApi } from "../components/Events/events-api.ts";
import { boundsOf } from "../components/Events/period.ts";
import type { EventsFilters } from "./useEvents.ts";
import { useNow } from "./useNow.ts";

const STEP_MS = 15_000;

/** How many events match, and how they lie in time. While following, both are read again every 15 seconds. */
export function useEventsChart(search: EventsSearch, { key, anchor, open }: EventsFilters, following: boolean) {
  const now = Math.floor(useNow() / STEP_MS) * STEP_MS;
  const at = following && open ? Math.max(now, anchor) : anchor;
  const query = apiFilters(search, boundsOf(search, at));
  const histogram = useQuery({
    queryKey: ["events", "histogram", key, at],
    queryFn: ({ signal }) => eventsApi.histogram(query, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const count = useQuery({
    queryKey: ["events", "count", key, at],
    queryFn: ({ signal }) => eventsApi.count(query, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  return { histogram, count };
}
