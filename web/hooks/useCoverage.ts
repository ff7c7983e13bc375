import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, api } from "../api.ts";
import { useToast } from "../components/Toast/Toast.tsx";
import { useSession } from "./useSession.ts";

/** How many days the calendar shows. */
export const coverageDays = [7, 30, 90, 365] as const;
export type CoverageDays = (typeof coverageDays)[number];

const DAY_MS = 86_400_000;

/** What is known of each hour, or of each day of a long time, up to now. */
export function useCoverage(collector: string, days: CoverageDays) {
  return useQuery({
    queryKey: ["coverage", collector, days],
    queryFn: ({ signal }) => {
      const now = Date.now();
      const from = new Date(now - (days - 1) * DAY_MS).toISOString().slice(0, 10);
      const query = new URLSearchParams({
        from: `${from}T00:00:00Z`,
        to: new Date(now).toISOString(),
        step: days > 31 ? "day" : "hour",
      });
      return api.coverage(collector, query, signal);
    },
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  });
}

export interface CellChoice {
  readonly source: string;
  readonly from: string;
  readonly to: string;
}

/** The files that speak for a cell, a page at a time. */
export function useCoverageFiles(collector: string, { source, from, to }: CellChoice) {
  return useInfiniteQuery({
    queryKey: ["coverage-files", collector, source, from, to],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ source, from, to, ...(pageParam !== undefined && { after: pageParam }) });
      return api.coverageFiles(collector, query, signal);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });
}

/** Whether this account may issue reports. The server decides; this only hides what it refuses. */
export function useMayReport(): boolean {
  return useSession().data?.account?.permissions?.includes("reports.issue") ?? false;
}

const reportsKey = (collector: string) => ["reports", collector] as const;

/** The completeness reports that were issued, and issuing another. */
export function useReports(collector: string) {
  const client = useQueryClient();
  const toast = useToast();
  const issued = useQuery({
    queryKey: reportsKey(collector),
    queryFn: ({ signal }) => api.reports(collector, signal),
    enabled: useMayReport(),
  });
  const issue = useMutation({
    mutationFn: (interval: { from: string; to: string }) => api.issueReport({ collector, ...interval }),
    onSuccess: () => toast({ tone: "good", title: "The report is issued" }),
    onError: (error: Error) =>
      toast({
        tone: "bad",
        title: "The report could not be issued",
        text: error instanceof ApiError ? error.problem.detail : error.message,
      }),
    onSettled: () => client.invalidateQueries({ queryKey: reportsKey(collector) }),
  });
  return { issued, issue };
}
