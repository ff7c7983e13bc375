import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import type { Range } from "../search.ts";

export interface Period {
  readonly range?: Range;
  readonly from?: string;
  readonly to?: string;
  readonly by?: "event";
  readonly source?: string;
}

const HOUR_MS = 3_600_000;
const rangeMs: Readonly<Record<Range, number>> = {
  "6h": 6 * HOUR_MS,
  "24h": 24 * HOUR_MS,
  "7d": 168 * HOUR_MS,
  "30d": 720 * HOUR_MS,
};

/** The bounds of a period in milliseconds; without `from` and `to` it ends now. */
export function bounds({ range, from, to }: Period, now: number): { from: number; to: number } {
  if (from !== undefined && to !== undefined) return { from: Date.parse(from), to: Date.parse(to) };
  return { from: now - rangeMs[range ?? "24h"], to: now };
}

/** The volume of one collector over a period; the chart of the period before stays until the new one is there. */
export function useVolume(collector: string, period: Period) {
  return useQuery({
    queryKey: ["volume", collector, period],
    queryFn: async ({ signal }) => {
      const { from, to } = bounds(period, Date.now());
      const query = new URLSearchParams({
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        by: period.by ?? "ingest",
        ...(period.source !== undefined && { source: period.source }),
      });
      return { ...(await api.volume(collector, query, signal)), from, to };
    },
    refetchInterval: period.from === undefined ? 30_000 : false,
    placeholderData: keepPreviousData,
  });
}
