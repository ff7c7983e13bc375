import type { Backlog } from "../../api-types.ts";
import { absolute } from "../../format/times.ts";
import { useZone } from "../../hooks/useZone.ts";
import styles from "./BacklogBar.module.css";
import { paceWords, progressWords, restWords } from "./words.ts";

interface Props {
  readonly backlog: Backlog;
  /** Whose backlog it is. */
  readonly label: string;
  /** Pace and forecast in full below the bar. */
  readonly detailed?: boolean;
}

/** How far a backlog is, how fast it gets on, and until when. */
export function BacklogBar({ backlog, label, detailed = false }: Props) {
  const { zone } = useZone();
  const ends = backlog.endsAt === undefined ? undefined : absolute(backlog.endsAt, zone);
  const pace = paceWords(backlog);
  return (
    <span className={styles.backlog}>
      <progress
        className={styles.bar}
        value={backlog.filesDone}
        max={backlog.filesListed}
        aria-label={`Backlog of ${label}`}
      />
      <span className={styles.words} title={ends && `Forecast: ${ends}`}>
        {detailed && `${progressWords(backlog)}, `}
        {restWords(backlog)}
        {detailed && pace !== "" && <span className={styles.pace}>{pace}</span>}
        {detailed && ends && <span className={styles.pace}>Forecast: {ends}</span>}
      </span>
    </span>
  );
}
