import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, api } from "../api.ts";
import { useToast } from "../components/Toast/Toast.tsx";
import { collectorsKey } from "./useCollectors.ts";

export const collectorKey = (id: string) => [...collectorsKey, id] as const;

/** One collector with its data sources and errors, kept fresh every five seconds. */
export function useCollector(id: string) {
  return useQuery({
    queryKey: collectorKey(id),
    queryFn: ({ signal }) => api.collector(id, signal),
    refetchInterval: 5_000,
  });
}

type Acknowledged = Parameters<typeof api.acknowledge>[0];

/** What can be done on one collector's page, beyond what the list offers. */
export function useCollectorRepairs(id: string) {
  const client = useQueryClient();
  const toast = useToast();
  const refresh = () => client.invalidateQueries({ queryKey: collectorsKey });
  const told = (done: string, failed: string) => ({
    onSuccess: () => toast({ tone: "good", title: done }),
    onError: (error: Error) =>
      toast({ tone: "bad", title: failed, text: error instanceof ApiError ? error.problem.detail : error.message }),
    onSettled: refresh,
  });
  const source = useMutation({
    mutationFn: ({ name, action }: { name: string; action: "pause" | "resume" }) => api.actOnSource(id, name, action),
    ...told("The data source is changed", "The data source could not be changed"),
  });
  const retry = useMutation({
    mutationFn: (file: string) => api.retryFile(id, file),
    ...told("The file is asked for again", "The file could not be asked for again"),
  });
  const acknowledge = useMutation({
    mutationFn: (what: Acknowledged) => api.acknowledge(what),
    ...told("Acknowledged; it stays on record", "It could not be acknowledged"),
  });
  return { source, retry, acknowledge };
}
