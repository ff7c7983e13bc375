import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { LetterChoice, ReplayRequest } from "../api-types.ts";
import { useToast } from "../components/Toast/Toast.tsx";
import { destinationsApi, LETTERS_PAGE, type LetterState } from "../destinations-api.ts";
import { plural } from "../format/numbers.ts";
import { destinationKey, destinationsKey, whyOf } from "./useDestinations.ts";

const partOf = (id: string, part: string) => [...destinationKey(id), part] as const;

/** What became of the events of the last hours. */
export function useReceipts(id: string, hours: number) {
  return useQuery({
    queryKey: [...partOf(id, "receipts"), hours],
    queryFn: ({ signal }) => destinationsApi.receipts(id, hours, signal),
    refetchInterval: 5_000,
  });
}

/** Dead letters, the latest first, page by page. */
export function useDeadLetters(id: string, state: LetterState | undefined) {
  return useInfiniteQuery({
    queryKey: [...partOf(id, "letters"), state],
    queryFn: ({ pageParam, signal }) => destinationsApi.letters(id, state, pageParam, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < LETTERS_PAGE ? undefined : page.at(-1)?.id),
    refetchInterval: 5_000,
  });
}

/** Sends dead letters again or gives them up. */
export function useLetterActions(id: string) {
  const client = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: ({ action, ids }: { readonly action: "retry" | "discard"; readonly ids: LetterChoice["ids"] }) =>
      destinationsApi.changeLetters(id, action, { ids }),
    onSuccess: ({ changed }, { action }) =>
      toast({
        tone: "good",
        title:
          action === "retry"
            ? `${plural(changed, "event")} will be sent again`
            : `Gave up ${plural(changed, "event")}; they stay listed`,
      }),
    onError: (error) => toast({ tone: "bad", title: "The dead letters were not changed", text: whyOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: destinationsKey }),
  });
}

/** Replays, the latest first; a running one is followed closely. */
export function useReplays(id: string) {
  return useQuery({
    queryKey: partOf(id, "replays"),
    queryFn: ({ signal }) => destinationsApi.replays(id, signal),
    refetchInterval: ({ state }) => (state.data?.some(({ state: now }) => now === "running") ? 2_000 : 15_000),
  });
}

/** First a forecast, then the replay that it tells of. */
export function useReplayActions(id: string) {
  const client = useQueryClient();
  const toast = useToast();
  const onSettled = () => client.invalidateQueries({ queryKey: destinationsKey });
  const forecast = useMutation({ mutationFn: (body: ReplayRequest) => destinationsApi.forecastReplay(id, body) });
  const start = useMutation({
    mutationFn: (body: ReplayRequest) => destinationsApi.replay(id, body),
    onSuccess: ({ events }) => toast({ tone: "good", title: `The replay of ${plural(events, "event")} begins` }),
    onSettled,
  });
  const cancel = useMutation({
    mutationFn: (replay: number) => destinationsApi.cancelReplay(id, replay),
    onSuccess: () => toast({ tone: "good", title: "The replay is cancelled; what was sent stays sent" }),
    onError: (error) => toast({ tone: "bad", title: "The replay could not be cancelled", text: whyOf(error) }),
    onSettled,
  });
  return { forecast, start, cancel };
}
