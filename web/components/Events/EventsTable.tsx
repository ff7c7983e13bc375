import { Skeleton } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect, useImperativeHandle, useRef } from "react";
import { type Density, useDensity } from "../../hooks/useDensity.ts";
import { useZone } from "../../hooks/useZone.ts";
import type { EventsSearch } from "./address.ts";
import { EventLine } from "./EventLine.tsx";
import styles from "./EventsTable.module.css";
import type { EventRow } from "./events-api.ts";

/** As `--row-event` in theme/tokens.css. */
const heights: Readonly<Record<Density, number>> = { comfortable: 30, compact: 24 };
const ABOVE_AND_BELOW = 12;
/** More rows are asked for when this many are left below. */
const AHEAD = 40;

export interface EventsTableHandle {
  /** Brings a row into sight and gives it the focus. */
  readonly show: (index: number) => void;
  readonly toTop: () => void;
}

interface Props {
  readonly rows: readonly EventRow[];
  readonly search: EventsSearch;
  readonly loading: boolean;
  readonly stale: boolean;
  /** The row that is open, or else the one that was last moved to. */
  readonly current: number | undefined;
  readonly handle: RefObject<EventsTableHandle | null>;
  readonly more: { readonly left: boolean; readonly loading: boolean; readonly fetch: () => void };
  /** Told whether the newest row is in sight. */
  readonly onTop: (top: boolean) => void;
  /** Stands in place of the rows. */
  readonly instead: ReactNode;
}

/** The events as a table of which only the rows in sight are drawn. */
export function EventsTable({ rows, search, loading, stale, current, handle, more, onTop, instead }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { zone } = useZone();
  const row = heights[useDensity().density];
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => row,
    overscan: ABOVE_AND_BELOW,
    getItemKey: (index) => rows[index]?.seq ?? index,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are measured anew when their height changes
  useEffect(() => virtual.measure(), [row, virtual.measure]);
  useTableHandle(handle, virtual.scrollToIndex, scroller, rows);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const wantsMore = more.left && !more.loading && rows.length > 0 && last >= rows.length - AHEAD;
  useEffect(() => {
    if (wantsMore) more.fetch();
  }, [wantsMore, more.fetch]);
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      data-stale={stale}
      onScroll={(event) => onTop(event.currentTarget.scrollTop < row)}
    >
      <table aria-label="Events" aria-rowcount={more.left ? -1 : rows.length + 1} aria-busy={loading || stale}>
        <thead>
          <tr className={styles.head} aria-rowindex={1}>
            <th scope="col">Time ({zone === "UTC" ? "UTC" : "local"})</th>
            <th scope="col">Collector</th>
            <th scope="col">Type</th>
            <th scope="col">User</th>
            <th scope="col">Summary</th>
          </tr>
        </thead>
        {loading && <SkeletonLines />}
        {instead === undefined && !loading && (
          <tbody className={styles.body} style={{ height: virtual.getTotalSize() }}>
            {items.map(({ key, index, start }) => {
              const event = rows[index];
              if (event === undefined) return null;
              const isCurrent = event.seq === current;
              const tabbable = current === undefined ? index === 0 : isCurrent;
              return (
                <EventLine
                  key={key}
                  row={event}
                  index={index}
                  top={start}
                  search={search}
                  current={isCurrent}
                  tabbable={tabbable}
                  zone={zone}
                />
              );
            })}
          </tbody>
        )}
      </table>
      {instead}
      {!loading && instead === undefined && (
        <p className={styles.end} aria-live="polite">
          {more.loading ? "Loading more" : more.left ? "" : "The period has no earlier events."}
        </p>
      )}
    </div>
  );
}

function useTableHandle(
  handle: Props["handle"],
  scrollToIndex: (index: number, options: { align: "auto" }) => void,
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly EventRow[],
): void {
  useImperativeHandle(handle, () => ({
    show: (index) => {
      scrollToIndex(index, { align: "auto" });
      const seq = rows[index]?.seq;
      // The row is drawn only after the list has moved there.
      requestAnimationFrame(() =>
        requestAnimationFrame(() =>
          scroller.current?.querySelector<HTMLElement>(`[data-event="${seq}"]`)?.focus({ preventScroll: true }),
        ),
      );
    },
    toTop: () => scroller.current?.scrollTo({ top: 0 }),
  }));
}

const widths = ["62%", "48%", "71%", "55%", "80%", "44%"];

function SkeletonLines() {
  return (
    <tbody>
      {Array.from({ length: 14 }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <tr key={line} className={styles.skeleton}>
          {["132px", "70%", "80%", "75%", widths[line % widths.length] ?? "60%"].map((width, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
            <td key={column}>
              <Skeleton height={10} width={width} radius={3} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}
