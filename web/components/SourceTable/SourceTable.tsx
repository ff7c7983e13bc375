import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { Fragment, useState } from "react";
import type { CollectorDetail, DataSourceStatus } from "../../api-types.ts";
import { sourceShare } from "../../format/headline.ts";
import { bytes, count, plural } from "../../format/numbers.ts";
import { duration } from "../../format/times.ts";
import { useCollectorRepairs } from "../../hooks/useCollector.ts";
import { useMayOperate } from "../../hooks/useSession.ts";
import { BacklogBar } from "../Backlog/BacklogBar.tsx";
import { sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { Gauge } from "../Gauge/Gauge.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import { StateBadge } from "../StateBadge/StateBadge.tsx";
import { SourceDetail } from "./SourceDetail.tsx";
import styles from "./SourceTable.module.css";

/** The data sources of a collector, one row each; a row unfolds into everything that is known of it. */
export function SourceTable({ collector }: { readonly collector: CollectorDetail }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (name: string) =>
    setOpen((before) =>
      before.has(name) ? new Set([...before].filter((each) => each !== name)) : new Set([...before, name]),
    );
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th className={styles.fold}>
              <span className="visually-hidden">Details</span>
            </th>
            <th>Data source</th>
            <th>Complete through</th>
            <th className={styles.status}>Status</th>
            <th>Newest event</th>
            <th className={styles.number}>Lag</th>
            <th className={styles.number}>Pending</th>
            <th className={styles.number}>Events</th>
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {collector.sources.map((source) => (
            <Fragment key={source.name}>
              <Row
                collector={collector}
                source={source}
                open={open.has(source.name)}
                onToggle={() => toggle(source.name)}
              />
              {open.has(source.name) && (
                <tr className={styles.detail}>
                  <td />
                  <td colSpan={8}>
                    <SourceDetail collectorId={collector.id} source={source} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly collector: CollectorDetail;
  readonly source: DataSourceStatus;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function Row({ collector, source, open, onToggle }: RowProps) {
  const { title, upstreamType, health, reason, action, pending, pendingBytes, counts, lagSeconds } = source;
  return (
    <tr>
      <td className={styles.fold}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          aria-expanded={open}
          aria-label={`Details of ${title}`}
          onClick={onToggle}
          data-row
        >
          <Icon name={open ? "chevronDown" : "chevronRight"} size={14} />
        </ActionIcon>
      </td>
      <td className={styles.what}>
        <span className={styles.title}>{title}</span>
        <code className={styles.under}>{upstreamType}</code>
      </td>
      <td className={styles.through}>
        <Gauge
          share={sourceShare(source)}
          pending={pending > 0}
          lost={source.gaps.length > 0}
          completeThrough={source.completeThrough}
        />
      </td>
      <td className={styles.status}>
        <StateBadge health={health} share={sourceShare(source)} />
        <span className={styles.reason}>
          {sentence(reason)} {action && sentence(action)}
        </span>
        {source.backlog && <BacklogBar backlog={source.backlog} label={title} />}
      </td>
      <td>
        <RelativeTime at={source.newestEvent} none="none yet" />
      </td>
      <td className={styles.number}>{lagSeconds === undefined ? "–" : duration(lagSeconds)}</td>
      <td className={styles.number}>
        {pending === 0 ? "–" : plural(pending, "file")}
        {pending > 0 && <span className={styles.under}>{bytes(pendingBytes)}</span>}
      </td>
      <td className={styles.number}>
        {count(counts.events)}
        <span className={styles.under}>{bytes(counts.bytes)}</span>
      </td>
      <td className={styles.actions}>
        <PauseButton collector={collector} source={source} />
      </td>
    </tr>
  );
}

function PauseButton({
  collector,
  source,
}: {
  readonly collector: CollectorDetail;
  readonly source: DataSourceStatus;
}) {
  const repairs = useCollectorRepairs(collector.id);
  const mayOperate = useMayOperate();
  if (!mayOperate || collector.managedBy === "file") return null;
  const { name, title, paused } = source;
  const verb = paused ? "Start" : "Stop";
  return (
    <Tooltip label={`${verb} ${title} alone`}>
      <Button
        size="xs"
        variant="subtle"
        color="gray"
        aria-label={`${verb} ${title}`}
        loading={repairs.source.isPending}
        onClick={() => repairs.source.mutate({ name, action: paused ? "resume" : "pause" })}
      >
        {verb}
      </Button>
    </Tooltip>
  );
}
