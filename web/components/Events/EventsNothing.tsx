import { Button } from "@mantine/core";
import { ApiError } from "../../api.ts";
import { EmptyState } from "../EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
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
