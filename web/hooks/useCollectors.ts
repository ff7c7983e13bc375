import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ApiError, api } from "../api.ts";
import type { CollectorRow } from "../api-types.ts";
import { useToast } from "../components/Toast/Toast.tsx";

export const collectorsKey = ["collectors"] as const;

/** All installed collectors and unfinished drafts, kept fresh every five seconds. */
export function useCollectors() {
  return useQuery({
    queryKey: collectorsKey,
    queryFn: ({ signal }) => api.collectors(signal),
    refetchInterval: 5_000,
  });
}

type Named = Pick<CollectorRow, "id" | "name">;

/** What can be done to installed collectors; each tells its result in a toast and renews the lists. */
export function useCollectorActions() {
  const client = useQueryClient();
  const toast = useToast();
  const navigate = useNavigate();
  const refresh = () => client.invalidateQueries({ queryKey: collectorsKey });
  const failed = (what: string) => (error: Error) =>
    toast({ tone: "bad", title: what, text: error instanceof ApiError ? error.problem.detail : error.message });

  const act = useMutation({
    mutationFn: async ({ targets, action }: { targets: readonly Named[]; action: "pause" | "resume" }) => {
      await Promise.all(targets.map(({ id }) => api.act(id, action)));
    },
    onSuccess: (_, { targets, action }) =>
      toast({ tone: "good", title: `${action === "pause" ? "Stopped" : "Started"} ${spoken(targets)}` }),
    onError: (error, { targets, action }) =>
      failed(`Could not ${action === "pause" ? "stop" : "start"} ${spoken(targets)}`)(error),
    onSettled: refresh,
  });
  const scan = useMutation({
    mutationFn: ({ id }: Named) => api.act(id, "scan"),
    onSuccess: (_, { name }) => toast({ tone: "good", title: `Asked ${name} to look for new files now` }),
    onError: (error, { name }) => failed(`Could not ask ${name} to look for new files`)(error),
    onSettled: refresh,
  });
  const duplicate = useMutation({
    mutationFn: ({ id }: Named) => api.duplicate(id),
    onSuccess: (draft) =>
      navigate({
        to: "/collectors/new/$connector",
        params: { connector: draft.connector },
        search: { draft: draft.id },
      }),
    onError: (error, { name }) => failed(`Could not duplicate ${name}`)(error),
    onSettled: refresh,
  });
  return { act, scan, duplicate, refresh };
}

function spoken(targets: readonly Named[]): string {
  const [first] = targets;
  return targets.length === 1 && first ? first.name : `${targets.length} collectors`;
}
