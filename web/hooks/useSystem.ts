import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";

/** Disk, secret key and version of the server; asked again every half minute. */
export function useSystem() {
  return useQuery({ queryKey: ["system"], queryFn: api.system, refetchInterval: 30_000 });
}
