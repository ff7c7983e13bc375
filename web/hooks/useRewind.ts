import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiError, api } from "../api.ts";
import { useToast } from "../components/Toast/Toast.tsx";
import { collectorsKey } from "./useCollectors.ts";

/** Sends one data source back in time: first a forecast, then the rewind that it tells of. */
export function useRewind(collector: string, source: string) {
  const client = useQueryClient();
  const toast = useToast();
  const refresh = () => client.invalidateQueries({ queryKey: collectorsKey });
  const forecast = useMutation({ mutationFn: (to: string) => api.forecastRewind(collector, source, to) });
  const rewind = useMutation({
    mutationFn: (confirmed: { token: string; refetch: boolean }) => api.rewind(collector, source, confirmed),
    onSuccess: () => toast({ tone: "good", title: "The rewind begins with the next look upstream" }),
    onSettled: refresh,
  });
  const cancel = useMutation({
    mutationFn: () => api.cancelRewind(collector, source),
    onSuccess: () => toast({ tone: "good", title: "The rewind is cancelled; what came stays" }),
    onError: (error: Error) =>
      toast({
        tone: "bad",
        title: "The rewind could not be cancelled",
        text: error instanceof ApiError ? error.problem.detail : error.message,
      }),
    onSettled: refresh,
  });
  return { forecast, rewind, cancel };
}
