import { Button, Switch } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { ApiError } from "../api.ts";
import { chosen, type EventsSearch, filterNames, withChosen, withPeriod } from "../components/Events/address.ts";
import styles from "../components/Events/Events.module.css";
import { EventsList } from "../components/Events/EventsList.tsx";
import { FilterMenu } from "../components/Events/FilterMenu.tsx";
import { IndexBand } from "../components/Events/IndexBand.tsx";
import { type Period, periodName, widened } from "../components/Events/period.ts";
import { QueryBar } from "../components/Events/QueryBar.tsx";
import { TimePicker } from "../components/Events/TimePicker.tsx";
import { Histogram } from "../components/EventsHistogram/Histogram.tsx";
import { EventPanel } from "../components/EventsPanel/EventPanel.tsx";
import { Icon } from "../components/Icon/Icon.tsx";
import { PageHeader } from "../components/PageHeader/PageHeader.tsx";
import { count, plural } from "../format/numbers.ts";
import { type EventsFilters, useEvents, useEventsFilters } from "../hooks/useEvents.ts";
import { useEventsChart } from "../hooks/useEventsChart.ts";
import { useEventsOptions } from "../hooks/useEventsOptions.ts";
import { useZone } from "../hooks/useZone.ts";

type Chart = ReturnType<typeof useEventsChart>;

/** Search, histogram, list and one open event. All of it stands in the address. */
export function Events() {
  const search = useSearch({ strict: false }) as EventsSearch;
  const { seq: open } = useParams({ strict: false });
  const [following, setFollowing] = useState(false);
  const filters = useEventsFilters(search);
  const chart = useEventsChart(search, filters, following);
  const events = useEvents(filters, following);
  const go = useGo(open);
  const period = (next: Period) => go(withPeriod(search, next));
  const bounds = shownBounds(chart, filters.anchor);
  const isAll = search.range === "all";
  return (
    <div className={styles.events}>
      <PageHeader
        title="Events"
        line={<Summary search={search} chart={chart} anchor={filters.anchor} />}
        actions={<Follow following={following} possible={filters.open} onChange={setFollowing} renew={filters.renew} />}
      />
      <Filters search={search} filters={filters} error={events.list.error} bounds={bounds} go={go} />
      <IndexBand />
      <div className={styles.split}>
        <div className={`card ${styles.list}`}>
          <Histogram
            data={chart.histogram.data}
            stale={chart.histogram.isPlaceholderData && !following}
            failed={chart.histogram.isError}
            onZoom={period}
            onWiden={isAll ? undefined : () => period(widened(bounds.from, bounds.to, Date.now()))}
          />
          <EventsList search={search} events={events} open={open} go={go} />
        </div>
        {open !== undefined && (
          <EventPanel
            key="panel"
            seq={open}
            search={search}
            onClose={() => go(search, undefined)}
            onView={(view) => go({ ...search, view }, open)}
          />
        )}
      </div>
    </div>
  );
}

type Go = (search: EventsSearch, open?: string) => void;

// Filters and an opened event are steps of the history, so that the back button undoes them.
function useGo(current: string | undefined): Go {
  const navigate = useNavigate();
  return useCallback(
    (search: EventsSearch, ...[open]: [string?]) => {
      const { view: _, ...filters } = search;
      const replace = open !== undefined && current !== undefined;
      if (open === undefined) void navigate({ to: "/events", search: filters });
      else void navigate({ to: "/events/$seq", params: { seq: open }, search, replace });
    },
    [navigate, current],
  );
}

function shownBounds({ histogram }: Chart, anchor: number) {
  const data = histogram.data;
  return { from: new Date(data?.from ?? anchor - 86_400_000).getTime(), to: new Date(data?.to ?? anchor).getTime() };
}

function Summary({
  search,
  chart,
  anchor,
}: {
  readonly search: EventsSearch;
  readonly chart: Chart;
  readonly anchor: number;
}) {
  const { zone } = useZone();
  const { data, isPlaceholderData } = chart.count;
  const name = periodName(search, anchor, zone);
  const many =
    data === undefined
      ? ""
      : data.count === 0
        ? "No events"
        : data.exact
          ? plural(data.count, "event")
          : `more than ${count(data.count)} events`;
  return (
    <span aria-live="polite" aria-busy={isPlaceholderData}>
      {many}
      {many !== "" && " · "}
      {name}
    </span>
  );
}

interface FollowProps {
  readonly following: boolean;
  /** Whether new events can come into the period. */
  readonly possible: boolean;
  readonly onChange: (following: boolean) => void;
  readonly renew: () => void;
}

function Follow({ following, possible, onChange, renew }: FollowProps) {
  return (
    <div className={styles.follow}>
      <Switch
        size="sm"
        label="Follow new events"
        title={possible ? undefined : "The chosen period has an end; choose one that ends now"}
        disabled={!possible}
        checked={following && possible}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <Button variant="default" size="sm" leftSection={<Icon name="refresh" size={14} />} onClick={renew}>
        Refresh
      </Button>
    </div>
  );
}

const names = {
  collector: ["Collector", "collectors"],
  source: ["Data source", "data sources"],
  type: ["Type", "types"],
  site: ["Site", "sites"],
} as const;

interface FiltersProps {
  readonly search: EventsSearch;
  readonly filters: EventsFilters;
  readonly error: Error | null;
  readonly bounds: { readonly from: number; readonly to: number };
  readonly go: Go;
}

function Filters({ search, filters, error, bounds, go }: FiltersProps) {
  const options = useEventsOptions(search, filters);
  const problem = error instanceof ApiError && error.code === "query_invalid" ? error.problem : undefined;
  const ask = (q: string) => {
    const { q: before = "", ...rest } = search;
    if (q === before) filters.renew();
    else go(q === "" ? rest : { ...rest, q });
  };
  return (
    <div className={styles.bar}>
      <QueryBar value={search.q ?? ""} onSearch={ask} problem={problem} />
      {filterNames.map((name) => (
        <FilterMenu
          key={name}
          name={names[name][0]}
          plural={names[name][1]}
          options={options[name]}
          chosen={chosen(search, name)}
          onChange={(values) => go(withChosen(search, name, values))}
        />
      ))}
      <TimePicker
        key={`${bounds.from} ${bounds.to}`}
        period={search}
        bounds={bounds}
        onChange={(next) => go(withPeriod(search, next))}
      />
    </div>
  );
}
