import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { count } from "../../format/numbers.ts";
import type { useEvents } from "../../hooks/useEvents.ts";
import { useEventsKeys } from "../../hooks/useEventsKeys.ts";
import type { EventsSearch } from "./address.ts";
import styles from "./Events.module.css";
import { EventsNothing } from "./EventsNothing.tsx";
import { EventsTable, type EventsTableHandle } from "./EventsTable.tsx";
import type { EventRow } from "./events-api.ts";

interface ListProps {
  readonly search: EventsSearch;
  readonly events: ReturnType<typeof useEvents>;
  readonly open: string | undefined;
  /** Goes to an address: with an open event, or without. */
  readonly go: (search: EventsSearch, open?: string) => void;
}

/** The table with the keyboard, and the news that wait above it while the reader is further down. */
export function EventsList({ search, events: { list, rows, fresh, take }, open, go }: ListProps) {
  const table = useRef<EventsTableHandle>(null);
  const [top, setTop] = useState(true);
  const { current } = useCurrentRow(
    rows,
    open,
    table,
    (seq) => go(search, seq),
    open === undefined ? undefined : () => go(search),
  );
  useEffect(() => {
    if (top && fresh.length > 0) take();
  }, [top, fresh, take]);
  const fetch = useCallback(() => void list.fetchNextPage(), [list.fetchNextPage]);
  const nothing = list.error || (list.isSuccess && rows.length === 0);
  return (
    <>
      <EventsTable
        rows={rows}
        search={search}
        loading={list.isPending}
        stale={list.isPlaceholderData}
        current={current}
        handle={table}
        more={{ left: list.hasNextPage, loading: list.isFetchingNextPage, fetch }}
        onTop={setTop}
        instead={
          nothing ? (
            <EventsNothing search={search} error={list.error} retry={() => void list.refetch()} go={go} />
          ) : undefined
        }
      />
      {!top && fresh.length > 0 && (
        <button
          type="button"
          className={styles.news}
          onClick={() => {
            take();
            table.current?.toTop();
          }}
        >
          {count(fresh.length)} new
        </button>
      )}
    </>
  );
}

// The row that is open or was last moved to, and the keys that move it.
function useCurrentRow(
  rows: readonly EventRow[],
  open: string | undefined,
  table: RefObject<EventsTableHandle | null>,
  show: (seq: string) => void,
  close: (() => void) | undefined,
) {
  const [cursor, setCursor] = useState<number>();
  const current = open === undefined ? cursor : Number(open);
  const move = (step: 1 | -1) => {
    const at = rows.findIndex(({ seq }) => seq === current);
    const index = at === -1 ? 0 : Math.max(0, Math.min(rows.length - 1, at + step));
    const next = rows[index];
    if (next === undefined) return;
    setCursor(next.seq);
    table.current?.show(index);
    if (open !== undefined) show(String(next.seq));
  };
  const leave =
    close &&
    (() => {
      setCursor(current);
      close();
      const index = rows.findIndex(({ seq }) => seq === current);
      if (index !== -1) table.current?.show(index);
    });
  useEventsKeys({ move, close: leave });
  return { current };
}
