import { useQuery } from "@tanstack/react-query";
import { eventsApi } from "../components/Events/events-api.ts";

/** One event with its metadata and exact text. A stored event never changes, so it is read once. */
export function useEventsDetail(seq: string) {
  return useQuery({
    queryKey: ["event", seq],
    queryFn: ({ signal }) => eventsApi.event(seq, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000, // a text can have 16 MB
  });
}
