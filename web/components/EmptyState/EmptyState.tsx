import type { ReactNode } from "react";
import { Vessel } from "../Gauge/Gauge.tsx";
import styles from "./EmptyState.module.css";

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  /** The one next action. */
  readonly action?: ReactNode;
}

/** What will stand here, and the one next action. */
export function EmptyState({ title, children, action }: Props) {
  return (
    <div className={styles.empty}>
      <span className={styles.sign}>
        <Vessel share={0} pending={false} lost={false} size="large" />
      </span>
      <h2>{title}</h2>
      <p className={styles.text}>{children}</p>
      {action}
    </div>
  );
}
