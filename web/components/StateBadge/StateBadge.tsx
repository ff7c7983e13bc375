import type { ReactNode } from "react";
import type { Health } from "../../api-types.ts";
import styles from "./StateBadge.module.css";
import { states, type Tone } from "./states.ts";

const shapes: Readonly<Record<Health | "draft", ReactNode>> = {
  running: <circle cx="7" cy="7" r="5" fill="currentColor" />,
  catching_up: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="M7 10.2V4.2M4.4 6.6L7 4l2.6 2.6" stroke="var(--surface)" strokeWidth="1.5" fill="none" />
    </>
  ),
  idle: <circle cx="7" cy="7" r="4.6" fill="none" stroke="currentColor" strokeWidth="2" />,
  starting: (
    <circle cx="7" cy="7" r="4.8" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="1.8 2.2" />
  ),
  degraded: <path d="M7 1.5L13 12.5H1z" fill="currentColor" />,
  stalled_upstream: (
    <path d="M4 11.5a2.8 2.8 0 0 1-.3-5.6 3.5 3.5 0 0 1 6.8.6A2.5 2.5 0 0 1 10.5 11.5z" fill="currentColor" />
  ),
  failed: (
    <>
      <rect x="1.5" y="1.5" width="11" height="11" rx="1.5" fill="currentColor" />
      <path d="M4.6 4.6l4.8 4.8M9.4 4.6L4.6 9.4" stroke="var(--surface)" strokeWidth="1.6" />
    </>
  ),
  paused: <path d="M4.5 2.5v9M9.5 2.5v9" stroke="currentColor" strokeWidth="2.6" />,
  draft: <path d="M9 2.5L11.5 5 5 11.5l-2.8.3.3-2.8z" fill="none" stroke="currentColor" strokeWidth="1.4" />,
};

interface BadgeProps {
  /** The state whose shape it has. */
  readonly shape: Health | "draft";
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly filled?: boolean;
}

/** Shape, word and colour together. */
export function Badge({ shape, tone, children, filled = false }: BadgeProps) {
  return (
    <span className={styles.badge} data-tone={tone} data-filled={filled}>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
        {shapes[shape]}
      </svg>
      {children}
    </span>
  );
}

interface Props {
  readonly health: Health | "draft";
  /** Shown behind "Catching up", 0 to 1. */
  readonly share?: number | undefined;
  readonly filled?: boolean;
}

/** The state of a collector or a data source. */
export function StateBadge({ health, share, filled = false }: Props) {
  const { word, tone } = states[health];
  const percentage =
    health === "catching_up" && share !== undefined ? ` ${Math.min(99, Math.floor(share * 100))} %` : "";
  return (
    <Badge shape={health} tone={tone} filled={filled}>
      {word}
      {percentage}
    </Badge>
  );
}
