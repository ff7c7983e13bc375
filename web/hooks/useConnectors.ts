import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";

/** The catalogue: everything a collector can be made of. It changes only with the server's version. */
export function useConnectors() {
  return useQuery({ queryKey: ["connectors"], queryFn: api.connectors, staleTime: 10 * 60_000 });
}

/** One connector of the catalogue; `missing` once it is known that there is none of this name. */
export function useConnector(name: string) {
  const query = useConnectors();
  const connector = query.data?.find((each) => each.name === name);
  return {
    connector,
    missing: query.data !== undefined && connector === undefined,
    error: query.error,
    retry: query.refetch,
  };
}
