import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Volume } from "../../api-types.ts";
import { bytes, count } from "../../format/numbers.ts";
import { absolute, duration } from "../../format/times.ts";
import { useTheme } from "../../hooks/useTheme.ts";
import { useZone } from "../../hooks/useZone.ts";
import { Icon } from "../Icon/Icon.tsx";
import { chartOptions } from "./options.ts";
import { columnsOf } from "./steps.ts";
import styles from "./VolumeChart.module.css";

interface Props {
  readonly volume: Volume & { readonly from: number; readonly to: number };
  /** Told the bounds that were brushed, in milliseconds. */
  readonly onZoom: (from: number, to: number) => void;
}

type Bucket = Volume["buckets"][number];

/** Events over time: zero-based bars, gaps where there is nothing, brush to zoom, the numbers as a table on demand. */
export function VolumeChart({ volume, onZoom }: Props) {
  const [hovered, setHovered] = useState<Bucket>();
  const [asTable, setAsTable] = useState(false);
  const { zone } = useZone();
  const step = duration(volume.stepMs / 1_000);
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        <span>
          {hovered === undefined ? (
            <>
              <strong>{count(volume.total.events)}</strong> events, {bytes(volume.total.bytes)} in this period
            </>
          ) : (
            <>
              <strong>{count(hovered.events)}</strong> events, {bytes(hovered.bytes)} in {step} from{" "}
              {absolute(hovered.at, zone)}
            </>
          )}
        </span>
        <Button
          size="xs"
          variant="subtle"
          aria-expanded={asTable}
          leftSection={<Icon name={asTable ? "chart" : "table"} size={14} />}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? "Chart" : "Table"}
        </Button>
      </figcaption>
      {asTable ? (
        <VolumeTable volume={volume} step={step} />
      ) : (
        <Canvas volume={volume} onZoom={onZoom} onHover={setHovered} />
      )}
    </figure>
  );
}

function Canvas({ volume, onZoom, onHover }: Props & { readonly onHover: (bucket: Bucket | undefined) => void }) {
  const place = useRef<HTMLDivElement>(null);
  const handlers = useRef({ onZoom, onHover });
  handlers.current = { onZoom, onHover };
  const { resolved } = useTheme();
  const { zone } = useZone();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read anew when the theme has changed
  useEffect(() => {
    const target = place.current;
    if (target === null) return;
    const { times, events, buckets } = columnsOf(volume);
    const options = chartOptions({
      width: target.clientWidth,
      zone,
      volume,
      onHover: (index) => handlers.current.onHover(index === undefined ? undefined : buckets[index]),
      onZoom: (from, to) => handlers.current.onZoom(from, to),
    });
    const chart = new uPlot(options, [times, events], target);
    const observer = new ResizeObserver(() => chart.setSize({ width: target.clientWidth, height: options.height }));
    observer.observe(target);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [volume, zone, resolved]);
  return (
    <div
      ref={place}
      className={styles.canvas}
      role="img"
      aria-label={`Chart of ${count(volume.total.events)} events from ${absolute(volume.from)} to ${absolute(volume.to)}; the table has the numbers`}
    />
  );
}

function VolumeTable({ volume, step }: { readonly volume: Volume; readonly step: string }) {
  const { zone } = useZone();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.table} tabIndex={0} aria-label="Volume as a table">
      <table>
        <thead>
          <tr>
            <th>From, for {step}</th>
            <th>Events</th>
            <th>Bytes</th>
          </tr>
        </thead>
        <tbody>
          {volume.buckets.toReversed().map(({ at, events, bytes: size }) => (
            <tr key={at}>
              <td className="mono">{absolute(at, zone)}</td>
              <td>{count(events)}</td>
              <td>{bytes(size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
