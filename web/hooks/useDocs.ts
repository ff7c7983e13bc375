import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { docsApi } from "../components/Docs/docs-api.ts";
import { markdown } from "../components/Docs/markdown.ts";

/** All documents; they change only with the server's version. */
export function useDocs() {
  return useQuery({ queryKey: ["docs"], queryFn: ({ signal }) => docsApi.list(signal), staleTime: 10 * 60_000 });
}

/** One document, read into blocks; none for an empty path. */
export function useDocsPage(path: string) {
  const query = useQuery({
    queryKey: ["docs", path],
    queryFn: ({ signal }) => docsApi.page(path, signal),
    enabled: path !== "",
    staleTime: 10 * 60_000,
  });
  const text = query.data?.markdown;
  const blocks = useMemo(() => (text === undefined ? undefined : markdown(text)), [text]);
  return { ...query, blocks };
}
