import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ApiError } from "../../api.ts";
import { useCollectors } from "../../hooks/useCollectors.ts";
import { useEventsStored } from "../../hooks/useEventsProgress.ts";
import { EmptyState } from "../EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { type EventsSearch, filterNames, withPeriod } from "./address.ts";
import styles from "./EventsNothing.module.css";

interface Props {
  readonly search: EventsSearch;
  readonly error: Error | null;
  readonly retry: () => void;
  readonly go: (search: EventsSearch) => void;
}

/** Stands where the rows would: why there are none, and the one thing to do about it. */
export function EventsNothing({ search, error, retry, go }: Props) {
  const collectors = useCollectors();
  const { data: progress } = useEventsStored();
  const kept = progress === undefined || progress.lastSeq > 0; // of collectors that were removed
  if (error instanceof ApiError && error.code === "query_invalid") {
    return (
      <EmptyState title="The query cannot be read">
        What is wrong stands below the search field. The filters and the period are kept.
      </EmptyState>
    );
  }
  if (error) {
    return (
      <div className={styles.error}>
        <ErrorNotice error={error} what="The events could not be loaded" retry={retry} />
      </div>
    );
  }
  if (collectors.data?.collectors.length === 0 && !kept) {
    return (
      <EmptyState title="Nothing is collected yet" action={<NewCollector />}>
        The events of your collectors will stand here, newest first, as soon as the first file is stored.
      </EmptyState>
    );
  }
  const filtered = search.q !== undefined || filterNames.some((name) => search[name] !== undefined);
  if (search.range !== "all") {
    return (
      <EmptyState
        title={filtered ? "No event matches in this period" : "No event in this period"}
        action={<Button onClick={() => go(withPeriod(search, { range: "all" }))}>Search all time</Button>}
      >
        The period goes by the time of the event, not by when it was collected.
      </EmptyState>
    );
  }
  return filtered ? (
    <EmptyState
      title="No event matches"
      action={<Button onClick={() => go({ range: "all" })}>Clear search and filters</Button>}
    >
      Nothing that is stored fits the search and the filters above.
    </EmptyState>
  ) : (
    <EmptyState title="No events yet">
      The events of your collectors will stand here, newest first, as soon as the first file is stored.
    </EmptyState>
  );
}

function NewCollector() {
  return (
    <Button leftSection={<Icon name="plus" />} renderRoot={(props) => <Link to="/collectors/new" {...props} />}>
      New collector
    </Button>
  );
}
