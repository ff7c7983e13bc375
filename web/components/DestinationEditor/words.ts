import { useMemo } from "react";
import { useCollectors } from "../../hooks/useCollectors.ts";
import { useConnectors } from "../../hooks/useConnectors.ts";

/** Data sources and event types of the connectors that are in use; of all, while none is. */
export function useShapingWords(): { readonly dataSources: readonly string[]; readonly types: readonly string[] } {
  const connectors = useConnectors().data;
  const collectors = useCollectors().data?.collectors;
  return useMemo(() => {
    const used = new Set((collectors ?? []).map(({ connector }) => connector));
    const offered = (connectors ?? []).filter(({ name }) => used.size === 0 || used.has(name));
    const sources = offered.flatMap(({ dataSources }) => dataSources);
    const each = (words: readonly string[]) => [...new Set(words)].toSorted();
    return {
      dataSources: each(sources.map(({ name }) => name)),
      types: each(sources.map(({ upstreamType }) => upstreamType)),
    };
  }, [connectors, collectors]);
}
