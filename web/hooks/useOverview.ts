import { useMemo } from "react";
import type { CollectorRow } from "../api-types.ts";
import { filterCollectors, filterDrafts, type OverviewFilter } from "../format/filter.ts";
import { plural } from "../format/numbers.ts";
import { useCollectors } from "./useCollectors.ts";
import { useConnectors } from "./useConnectors.ts";

/** The overview's data: what the filters leave, what can be filtered by, and one line that sums it up. */
export function useOverview(filter: OverviewFilter) {
  const query = useCollectors();
  const connectors = useConnectors().data;
  const { data } = query;
  return useMemo(() => {
    const vendorOf = (name: string) => connectors?.find((each) => each.name === name)?.vendor;
    const collectors = data?.collectors ?? [];
    const drafts = data?.drafts ?? [];
    return {
      query,
      total: collectors.length + drafts.length,
      collectors: filterCollectors(collectors, filter),
      drafts: filterDrafts(drafts, filter, vendorOf),
      vendors: [
        ...new Set([...collectors.map(({ vendor }) => vendor), ...(connectors ?? []).map(({ vendor }) => vendor)]),
      ],
      summary: data === undefined ? "" : summary(collectors),
    };
  }, [query, data, connectors, filter]);
}

/** `3 collectors, 1 needs attention`. */
export function summary(collectors: readonly Pick<CollectorRow, "health">[]): string {
  const needy = collectors.filter(({ health }) => ["failed", "degraded", "stalled_upstream"].includes(health)).length;
  const attention = needy === 0 ? "none needs attention" : `${needy} ${needy === 1 ? "needs" : "need"} attention`;
  return collectors.length === 0
    ? "No collector is installed"
    : `${plural(collectors.length, "collector")}, ${attention}`;
}
