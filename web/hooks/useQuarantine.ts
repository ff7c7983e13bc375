import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";

/** The beginnings of a collector's quarantined lines. Reading them is recorded, so nothing is read again by itself. */
export function useQuarantine(collectorId: string) {
  return useQuery({
    queryKey: ["quarantine", collectorId],
    queryFn: ({ signal }) => api.quarantine(collectorId, signal),
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
  });
}

/** All of one line, once it is asked for. A line never changes. */
export function useQuarantinedWhole(collectorId: string, line: number, wanted: boolean) {
  return useQuery({
    queryKey: ["quarantine", collectorId, line],
    queryFn: ({ signal }) => api.quarantined(collectorId, line, signal),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}
