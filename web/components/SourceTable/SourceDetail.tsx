import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { DataSourceStatus, Gap, Hole } from "../../api-types.ts";
import { count, plural } from "../../format/numbers.ts";
import { useCollectorRepairs } from "../../hooks/useCollector.ts";
import { useMayOperate } from "../../hooks/useSession.ts";
import { BacklogBar } from "../Backlog/BacklogBar.tsx";
import { sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { HealthEvidence } from "../HealthEvidence/HealthEvidence.tsx";
import { KeyValue } from "../KeyValue/KeyValue.tsx";
import { AbsoluteTime, RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import { RewindSection } from "../Rewind/RewindSection.tsx";
import styles from "./SourceTable.module.css";

/** Everything that is known of one data source: position, counts, work under way, holes and gaps. */
export function SourceDetail({
  collectorId,
  source,
}: {
  readonly collectorId: string;
  readonly source: DataSourceStatus;
}) {
  return (
    <div className={styles.inner}>
      <div className={styles.columns}>
        <KeyValue rows={position(source)} />
        <KeyValue rows={counts(source)} />
      </div>
      <HealthEvidence told={source} />
      {source.backlog && <BacklogBar backlog={source.backlog} label={source.title} detailed />}
      <RewindSection collectorId={collectorId} source={source} />
      {source.holes.length > 0 && <Holes collectorId={collectorId} holes={source.holes} />}
      {source.gaps.length > 0 && <Gaps gaps={source.gaps} />}
    </div>
  );
}

const instant = (at: string | undefined, none: string): ReactNode =>
  at === undefined ? none : <AbsoluteTime at={at} />;

function position({
  cursor,
  completeThrough,
  newestEvent,
  lastIngestedAt,
  claimMovedBack,
  activity,
}: DataSourceStatus) {
  const rows: [string, ReactNode][] = [
    ["Cursor", instant(cursor, "none yet")],
    ["Complete through", instant(completeThrough, "nothing yet")],
    ["Newest event", instant(newestEvent, "none yet")],
    ["Last stored", instant(lastIngestedAt, "nothing yet")],
  ];
  if (claimMovedBack > 0) rows.push(["Claim moved back", plural(claimMovedBack, "time")]);
  if (activity?.nextScanAt) rows.push(["Next look upstream", <RelativeTime key="next" at={activity.nextScanAt} />]);
  return rows;
}

function counts({ counts: found, activity }: DataSourceStatus) {
  const rows: [string, ReactNode][] = [
    ["Files done", count(found.filesDone)],
    ["Files pending", count(found.filesPending)],
    ["Duplicates left out", count(found.duplicates)],
    ["Same id, other content", count(found.conflicts)],
    ["Lines quarantined", count(found.quarantined)],
  ];
  if (activity)
    rows.push([
      "At work",
      `${plural(activity.filesInWork, "file")}, ${count(activity.requestsPerMinute)} requests a minute`,
    ]);
  return rows;
}

function Holes({ collectorId, holes }: { readonly collectorId: string; readonly holes: readonly Hole[] }) {
  const { retry } = useCollectorRepairs(collectorId);
  const mayOperate = useMayOperate();
  return (
    <section>
      <h3>Holes</h3>
      <p className={styles.explain}>
        Files that upstream has listed and that are not stored yet. They can still be had.
      </p>
      <ul className={styles.items}>
        {holes.map((hole) => (
          <li key={hole.fileId}>
            <div className={styles.words}>
              <code>{hole.fileId}</code> <span className="quiet">ends</span> <AbsoluteTime at={hole.endTime} />
              <span className={styles.under}>
                {hole.error ? sentence(hole.error.message) : "Waiting for its turn."} {plural(hole.attempts, "attempt")}
                {hole.retryAt && (
                  <>
                    , next <RelativeTime at={hole.retryAt} />
                  </>
                )}
              </span>
            </div>
            {mayOperate && (
              <Button size="xs" variant="default" onClick={() => retry.mutate(hole.fileId)}>
                Retry now
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const gapReasons = {
  expired_upstream: "expired upstream before they could be had",
  stopped_too_long: "collection was stopped for longer than upstream keeps files",
  suspected: "the listing did not move; something may be missing",
} as const;

function Gaps({ gaps }: { readonly gaps: readonly Gap[] }) {
  return (
    <section>
      <h3>Gaps</h3>
      <p className={styles.explain}>Intervals that are lost for good. They stay on record.</p>
      <ul className={styles.items}>
        {gaps.map((gap) => (
          <li key={gap.id}>
            <div className={styles.words}>
              <AbsoluteTime at={gap.from} /> <span className="quiet">to</span> <AbsoluteTime at={gap.to} />
              <span className={styles.under}>
                {plural(gap.files, "file")}: {gapReasons[gap.reason]}
                {gap.acknowledgedBy && `; acknowledged by ${gap.acknowledgedBy}`}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
