import { Checkbox, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { CollectorRow, DraftRow } from "../../api-types.ts";
import { bytes, count } from "../../format/numbers.ts";
import { duration } from "../../format/times.ts";
import { BacklogBar } from "../Backlog/BacklogBar.tsx";
import { CollectorMenu } from "../CollectorMenu/CollectorMenu.tsx";
import { sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { Gauge } from "../Gauge/Gauge.tsx";
import { LossCountdown } from "../HealthEvidence/HealthEvidence.tsx";
import { RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import { SkeletonRows } from "../Rows/Rows.tsx";
import { Sparkline } from "../Sparkline/Sparkline.tsx";
import { StateBadge } from "../StateBadge/StateBadge.tsx";
import { VendorMark } from "../VendorMark/VendorMark.tsx";
import styles from "./CollectorTable.module.css";
import { DraftLine } from "./DraftLine.tsx";

interface Props {
  readonly collectors: readonly CollectorRow[];
  readonly drafts: readonly DraftRow[];
  readonly loading: boolean;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
}

export const columns = 10;

/** The installed collectors and the drafts, one row each. */
export function CollectorTable({ collectors, drafts, loading, selected, onSelect }: Props) {
  const all = collectors.length > 0 && collectors.every(({ id }) => selected.has(id));
  const toggle = (id: string) =>
    onSelect(selected.has(id) ? new Set([...selected].filter((each) => each !== id)) : new Set([...selected, id]));
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-busy={loading}>
        <thead>
          <tr>
            <th className={styles.check}>
              <Checkbox
                size="xs"
                aria-label="Select all collectors"
                checked={all}
                indeterminate={!all && selected.size > 0}
                disabled={collectors.length === 0}
                onChange={() => onSelect(new Set(all ? [] : collectors.map(({ id }) => id)))}
              />
            </th>
            <th>Type</th>
            <th>Name</th>
            <th className={`${styles.number} ${styles.volume}`}>Volume in the last day</th>
            <th>Last log received</th>
            <th className={styles.status}>Status</th>
            <th>24 hours</th>
            <th className={styles.number}>Lag</th>
            <th>Complete through</th>
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {loading && <SkeletonRows rows={3} columns={columns} height={60} />}
          {collectors.map((collector) => (
            <Row
              key={collector.id}
              collector={collector}
              selected={selected.has(collector.id)}
              onToggle={() => toggle(collector.id)}
            />
          ))}
          {drafts.map((draft) => (
            <DraftLine key={draft.id} draft={draft} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({
  collector,
  selected,
  onToggle,
}: {
  readonly collector: CollectorRow;
  readonly selected: boolean;
  readonly onToggle: () => void;
}) {
  const { name, vendor, connectorTitle, volumeLastDay, lagSeconds } = collector;
  return (
    <tr data-selected={selected}>
      <td className={styles.check}>
        <Checkbox size="xs" aria-label={`Select ${name}`} checked={selected} onChange={onToggle} />
      </td>
      <td>
        <Tooltip label={connectorTitle}>
          <span className={styles.type}>
            <VendorMark vendor={vendor} />
            {vendor}
          </span>
        </Tooltip>
      </td>
      <td className={styles.name}>
        <Link to="/collectors/$id" params={{ id: collector.id }} data-row>
          {name}
        </Link>
        <Origin collector={collector} />
      </td>
      <td className={styles.number}>
        {count(volumeLastDay.events)}
        <span className={styles.under}>{bytes(volumeLastDay.bytes)}</span>
      </td>
      <td>
        <RelativeTime at={collector.lastReceivedAt} none="none yet" />
      </td>
      <td className={styles.status}>
        <StateBadge health={collector.health} />
        <span
          className={styles.reason}
          title={collector.action && `${sentence(collector.reason)} ${sentence(collector.action)}`}
        >
          {collector.reason}
        </span>
        <LossCountdown headroom={collector.headroom} />
        {collector.backlog && <BacklogBar backlog={collector.backlog} label={name} />}
      </td>
      <td>
        <Sparkline values={collector.sparkline} label={name} />
      </td>
      <td className={styles.number}>{lagSeconds === undefined ? "–" : duration(lagSeconds)}</td>
      <td className={styles.through}>
        <Gauge
          share={collector.completeShare}
          pending={collector.pendingFiles > 0}
          lost={collector.lost}
          completeThrough={collector.completeThrough}
        />
      </td>
      <td className={styles.menu}>
        <CollectorMenu collector={collector} />
      </td>
    </tr>
  );
}

function Origin({ collector }: { readonly collector: CollectorRow }) {
  const words = [collector.site?.name, collector.managedBy === "file" ? "managed by file" : undefined].filter(Boolean);
  return words.length === 0 ? null : <span className={styles.under}>{words.join(" · ")}</span>;
}
