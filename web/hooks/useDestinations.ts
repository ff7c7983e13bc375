import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ApiError } from "../api.ts";
import type { Destination } from "../api-types.ts";
import { useToast } from "../components/Toast/Toast.tsx";
import { destinationsApi } from "../destinations-api.ts";

export const destinationsKey = ["destinations"] as const;
export const destinationKey = (id: string) => [...destinationsKey, id] as const;

/** All destinations and where they stand, kept fresh every five seconds. */
export function useDestinations() {
  return useQuery({
    queryKey: destinationsKey,
    queryFn: ({ signal }) => destinationsApi.list(signal),
    refetchInterval: 5_000,
  });
}

/** One destination, kept fresh every three seconds. */
export function useDestination(id: string) {
  return useQuery({
    queryKey: destinationKey(id),
    queryFn: ({ signal }) => destinationsApi.one(id, signal),
    refetchInterval: 3_000,
  });
}

/** Everything that can be delivered to. It changes only with the server's version. */
export function useDestinationKinds() {
  return useQuery({ queryKey: ["destination-kinds"], queryFn: destinationsApi.kinds, staleTime: 10 * 60_000 });
}

/** One kind of destination; `missing` once it is known that there is none of this name. */
export function useDestinationKind(name: string) {
  const { data, error, refetch } = useDestinationKinds();
  const kind = data?.find((each) => each.name === name);
  return { kind, missing: data !== undefined && kind === undefined, error, refetch };
}

type Named = Pick<Destination, "id" | "name">;
type Action = Parameters<typeof destinationsApi.act>[1];

const done: Readonly<Record<Action, (name: string) => string>> = {
  pause: (name) => `Paused ${name}; what comes in is kept for it`,
  resume: (name) => `Resumed ${name}`,
  "try-now": (name) => `${name} is tried now`,
};
const failed: Readonly<Record<Action, string>> = {
  pause: "Could not pause",
  resume: "Could not resume",
  "try-now": "Could not try",
};

/** What can be done with a destination; each tells its result and renews the lists. */
export function useDestinationActions() {
  const client = useQueryClient();
  const toast = useToast();
  const navigate = useNavigate();
  const onSettled = () => client.invalidateQueries({ queryKey: destinationsKey });
  const act = useMutation({
    mutationFn: ({ target, action }: { readonly target: Named; readonly action: Action }) =>
      destinationsApi.act(target.id, action),
    onSuccess: (_, { target, action }) => toast({ tone: "good", title: done[action](target.name) }),
    onError: (error, { target, action }) =>
      toast({ tone: "bad", title: `${failed[action]} ${target.name}`, text: whyOf(error) }),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: ({ id }: Named) => destinationsApi.remove(id),
    onSuccess: async (_, { id, name }) => {
      toast({ tone: "good", title: `Removed ${name}`, text: "What it has received stays there." });
      await navigate({ to: "/destinations" });
      client.removeQueries({ queryKey: destinationKey(id) });
      await client.invalidateQueries({ queryKey: destinationsKey });
    },
  });
  return { act, remove };
}

/** What happened and what to do, in one text. */
export function whyOf(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  const { detail, action } = error.problem;
  return action === undefined ? detail : `${detail}. ${action}`;
}
