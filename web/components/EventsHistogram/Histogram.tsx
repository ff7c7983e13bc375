import { Button, Skeleton } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import type uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { count, plural } from "../../format/numbers.ts";
import { absolute } from "../../format/times.ts";
import { useTheme } from "../../hooks/useTheme.ts";
import type { EventsHistogram } from "../Events/events-api.ts";
import { type Period, zoomed } from "../Events/period.ts";
import { Icon } from "../Icon/Icon.tsx";
import { allBuckets, type Bucket, stepName } from "./buckets.ts";
import { CHART_HEIGHT, columnsOf, createChart } from "./chart.ts";
import styles from "./Histogram.module.css";

interface Props {
  readonly data: EventsHistogram | undefined;
  /** What is shown belongs to earlier filters; the answer is on its way. */
  readonly stale: boolean;
  readonly failed: boolean;
  readonly onZoom: (period: Period) => void;
  /** Undefined where the period cannot grow. */
  readonly onWiden: (() => void) | undefined;
}

/** How the events lie in time: bars over a UTC axis with a brush, or the same numbers as a table. */
export function Histogram({ data, stale, failed, onZoom, onWiden }: Props) {
  const [asTable, setAsTable] = useState(false);
  const buckets = useMemo(() => (data === undefined ? [] : allBuckets(data)), [data]);
  return (
    <section className={styles.histogram} aria-label="Events over time">
      <div className={styles.head}>
        <span className={styles.caption}>
          {data === undefined ? "Events over time" : `Events per ${stepName(data.stepMs)}, UTC`}
        </span>
        <span className={styles.hint}>Draw over the chart to zoom in</span>
        {onWiden && (
          <Button size="compact-xs" variant="subtle" onClick={onWiden}>
            Zoom out
          </Button>
        )}
        <Button
          size="compact-xs"
          variant="subtle"
          aria-pressed={asTable}
          leftSection={<Icon name={asTable ? "chart" : "table"} size={13} />}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? "Chart" : "Table"}
        </Button>
      </div>
      <div className={styles.place} data-stale={stale} aria-busy={stale}>
        {data === undefined &&
          (failed ? (
            <p className={styles.none}>The chart could not be drawn.</p>
          ) : (
            <Skeleton height={CHART_HEIGHT} radius={4} />
          ))}
        {data !== undefined && asTable && <BucketTable buckets={buckets} stepMs={data.stepMs} onZoom={onZoom} />}
        {data !== undefined && !asTable && <Bars buckets={buckets} stepMs={data.stepMs} onZoom={onZoom} />}
      </div>
    </section>
  );
}

interface BucketsProps {
  readonly buckets: readonly Bucket[];
  readonly stepMs: number;
  readonly onZoom: (period: Period) => void;
}

function Bars({ buckets, stepMs, onZoom }: BucketsProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const latest = useRef({ buckets, stepMs, onZoom });
  latest.current = { buckets, stepMs, onZoom };
  const [hover, setHover] = useState<{ readonly index: number; readonly left: number }>();
  const { resolved } = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read anew when the theme changes
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const made = createChart(element, latest.current.buckets, {
      onHover: (index, left) => setHover(index === undefined ? undefined : { index, left }),
      onBrush: (from, to) => latest.current.onZoom(zoomed(from, to, latest.current.stepMs)),
    });
    chart.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: Math.max(200, element.clientWidth), height: CHART_HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [resolved]);
  useEffect(() => chart.current?.setData(columnsOf(buckets)), [buckets]);
  const total = buckets.reduce((sum, { events }) => sum + events, 0);
  const hovered = hover && buckets[hover.index];
  return (
    <div className={styles.bars}>
      <div
        ref={place}
        role="img"
        aria-label={`Bar chart of ${plural(total, "event")} in ${plural(buckets.length, "step")} of ${stepName(stepMs)}`}
      />
      {hover && hovered && <Tip bucket={hovered} left={hover.left} width={place.current?.clientWidth ?? 0} />}
    </div>
  );
}

const AXIS = 44;

function Tip({ bucket, left, width }: { readonly bucket: Bucket; readonly left: number; readonly width: number }) {
  const before = left > width / 2;
  const place = before ? { right: width - AXIS - left + 12 } : { left: left + AXIS + 12 };
  return (
    <div className={styles.tip} style={place}>
      <strong>{plural(bucket.events, "event")}</strong>
      <span>{span(bucket, "UTC")}</span>
      <span className="quiet">{span(bucket, "local")}</span>
    </div>
  );
}

function span({ from, to }: Bucket, zone: "UTC" | "local"): string {
  const [day, clock, name] = absolute(from, zone).split(" ");
  const [lastDay, lastClock] = absolute(to, zone).split(" ");
  return `${day} ${clock} – ${day === lastDay ? "" : `${lastDay} `}${lastClock} ${name}`;
}

function BucketTable({ buckets, onZoom }: BucketsProps) {
  const filled = buckets.filter(({ events }) => events > 0).toReversed();
  return (
    <div className={styles.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">From (UTC)</th>
            <th scope="col">To (UTC)</th>
            <th scope="col">Events</th>
            <th scope="col">
              <span className="visually-hidden">Zoom</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {filled.map((bucket) => (
            <tr key={bucket.from}>
              <td className="mono">{absolute(bucket.from).slice(0, 19)}</td>
              <td className="mono">{absolute(bucket.to).slice(0, 19)}</td>
              <td>{count(bucket.events)}</td>
              <td>
                <Button size="compact-xs" variant="subtle" onClick={() => onZoom(zoomed(bucket.from, bucket.to, 1))}>
                  Zoom in
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {filled.length === 0 && <p className={styles.none}>No event in this period.</p>}
    </div>
  );
}
