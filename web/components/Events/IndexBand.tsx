import { plural } from "../../format/numbers.ts";
import { useEventsProgress } from "../../hooks/useEventsProgress.ts";
import styles from "./Events.module.css";

/** Says how far the search index is while it is behind the log; nothing otherwise. */
export function IndexBand() {
  const progress = useEventsProgress();
  if (progress === undefined) return null;
  const { indexedSeq, lastSeq, rebuilding } = progress;
  const share = lastSeq === 0 ? 0 : Math.min(1, indexedSeq / lastSeq);
  return (
    <div className={styles.band} role="status">
      <progress value={share} max={1} aria-label="Search index" />
      <span>
        {rebuilding ? "The search index is being built anew" : "The search index is catching up"}:{" "}
        {plural(Math.max(0, lastSeq - indexedSeq), "stored event")} cannot be found yet. Nothing is missing from the
        store.
      </span>
    </div>
  );
}
