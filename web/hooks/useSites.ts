import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api.ts";

const sitesKey = ["sites"] as const;

/** All sites, by name. */
export function useSites() {
  return useQuery({
    queryKey: sitesKey,
    queryFn: api.sites,
    select: (sites) => sites.toSorted((a, b) => a.name.localeCompare(b.name)),
  });
}

/** Creates, renames and deletes sites, and renews the list. */
export function useSiteActions() {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: sitesKey });
  const create = useMutation({ mutationFn: api.createSite, onSettled });
  const rename = useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) => api.renameSite(id, name),
    onSettled,
  });
  const remove = useMutation({ mutationFn: api.deleteSite, onSettled });
  return { create, rename, remove };
}
