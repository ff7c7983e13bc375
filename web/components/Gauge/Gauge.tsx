import { useId } from "react";
import { percent } from "../../format/numbers.ts";
import { absolute, shortTime } from "../../format/times.ts";
import { useNow } from "../../hooks/useNow.ts";
import { useZone } from "../../hooks/useZone.ts";
import styles from "./Gauge.module.css";

interface VesselProps {
  /** Share of the period that is complete, 0 to 1. */
  readonly share: number;
  readonly pending: boolean;
  readonly lost: boolean;
  readonly size?: "small" | "large";
}

/** The vessel alone: filled where complete, hatched where files are pending, a red hair-line where something is lost. */
export function Vessel({ share, pending, lost, size = "small" }: VesselProps) {
  const hatch = useId();
  const inner = 15;
  const level = Math.max(0, Math.min(1, share)) * inner;
  const top = 17.25 - level;
  return (
    <svg className={styles.vessel} data-size={size} viewBox="0 0 14 20" aria-hidden="true" focusable="false">
      <pattern id={hatch} width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line className={styles.hatch} x1="0" y1="0" x2="0" y2="3" />
      </pattern>
      {pending && <rect x="2.5" y="2.25" width="9" height={Math.max(inner - level, 3)} fill={`url(#${hatch})`} />}
      <rect className={styles.fill} x="2.5" y={top} width="9" height={level} />
      {lost && <line className={styles.lost} x1="0.5" x2="13.5" y1="11" y2="11" />}
      <path className={styles.wall} d="M1.25 1.5v17.25h11.5V1.5" />
    </svg>
  );
}

interface GaugeProps extends VesselProps {
  readonly completeThrough: string | undefined;
}

/** The gauge with its number: up to when everything that upstream has published is here. */
export function Gauge({ completeThrough, ...vessel }: GaugeProps) {
  const now = useNow();
  const { zone } = useZone();
  const words = [
    completeThrough === undefined ? "Nothing is complete yet" : `Complete through ${absolute(completeThrough, zone)}`,
    `${percent(vessel.share)} of the period`,
    ...(vessel.pending ? ["files are pending"] : []),
    ...(vessel.lost ? ["something is lost for good"] : []),
  ];
  return (
    <span className={styles.gauge} title={words.join(", ")}>
      <Vessel {...vessel} />
      <span>
        <span className="visually-hidden">{words.join(", ")}</span>
        <span className={styles.number} aria-hidden="true">
          {completeThrough === undefined ? "–" : shortTime(completeThrough, now, zone)}
        </span>
      </span>
    </span>
  );
}
