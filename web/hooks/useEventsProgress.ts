import { useQuery } from "@tanstack/react-query";
import { eventsApi, type SearchProgress } from "../components/Events/events-api.ts";

/** Fewer events than this behind the log is the ordinary flow of things. */
const BEHIND_FROM = 1_000;

/** How far the log reaches, and the search index behind it; asked often only while the index is behind. */
export function useEventsStored() {
  return useQuery({
    queryKey: ["search-progress"],
    queryFn: ({ signal }) => eventsApi.progress(signal),
    refetchInterval: ({ state }) => (isBehind(state.data) ? 2_000 : 20_000),
  });
}

/** The same while the index is behind, and else undefined. */
export function useEventsProgress() {
  const { data } = useEventsStored();
  return data !== undefined && isBehind(data) ? data : undefined;
}

function isBehind(progress: SearchProgress | undefined): boolean {
  return progress !== undefined && (progress.rebuilding || progress.lastSeq - progress.indexedSeq >= BEHIND_FROM);
}
