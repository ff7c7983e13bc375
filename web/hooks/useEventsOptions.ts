import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { apiFilters, chosen, type EventsSearch, type FilterName } from "../components/Events/address.ts";
import { eventsApi } from "../components/Events/events-api.ts";
import { boundsOf } from "../components/Events/period.ts";
import { count } from "../format/numbers.ts";
import { useCollectors } from "./useCollectors.ts";
import type { EventsFilters } from "./useEvents.ts";
import { useSites } from "./useSites.ts";

export interface FilterOption {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** What each filter can be set to. A value that is chosen is always among them. */
export function useEventsOptions(
  search: EventsSearch,
  filters: EventsFilters,
): Readonly<Record<FilterName, readonly FilterOption[]>> {
  const collectors = useCollectors().data?.collectors;
  const sites = useSites().data;
  const typeQuery = apiFilters(search, boundsOf(search, filters.anchor), "type");
  const types = useQuery({
    queryKey: ["events", "types", typeQuery.toString()],
    queryFn: ({ signal }) => eventsApi.types(typeQuery, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  }).data;
  const sources = useQuery({
    queryKey: ["events", "data-sources"],
    queryFn: ({ signal }) => eventsApi.sources(signal),
    staleTime: 60_000,
  }).data;
  return useMemo(() => {
    const options: Record<FilterName, readonly FilterOption[]> = {
      collector: (collectors ?? []).map(({ id, name, connectorTitle }) => ({
        value: id,
        label: name,
        hint: connectorTitle,
      })),
      source: (sources ?? []).map(({ name, title }) => ({
        value: name,
        label: title,
        ...(name !== title && { hint: name }),
      })),
      type: (types ?? []).map(({ type, events }) => ({ value: type, label: type, hint: count(events) })),
      site: (sites ?? []).map(({ id, name }) => ({ value: id, label: name })),
    };
    for (const name of ["collector", "source", "type", "site"] as const)
      options[name] = withMissing(options[name], chosen(search, name));
    return options;
  }, [collectors, sources, sites, types, search]);
}

function withMissing(options: readonly FilterOption[], values: readonly string[]): readonly FilterOption[] {
  const known = new Set(options.map(({ value }) => value));
  return [...options, ...values.filter((value) => !known.has(value)).map((value) => ({ value, label: value }))];
}
