import { count } from "../../format/numbers.ts";
import styles from "./Sparkline.module.css";

const WIDTH = 96;
const HEIGHT = 22;

/** One bar an hour over the last day, zero-based. */
export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const highest = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length);
  const total = values.reduce((sum, value) => sum + value, 0);
  return (
    <svg
      className={styles.sparkline}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${label}: ${count(total)} events in the last 24 hours, at most ${count(Math.max(0, ...values))} an hour`}
    >
      <line className={styles.base} x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {values.map((value, hour) => {
        const height = value === 0 ? 0 : Math.max(1.5, (value / highest) * (HEIGHT - 3));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the hour is the identity of its bar
          <rect key={hour} x={hour * step + 0.5} y={HEIGHT - 1 - height} width={step - 1} height={height} rx="0.5" />
        );
      })}
    </svg>
  );
}
