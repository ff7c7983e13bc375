import { Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Destination, DestinationKind } from "../../api-types.ts";
import { bytes, count, rate } from "../../format/numbers.ts";
import { stepTime } from "../../format/times.ts";
import table from "../CollectorTable/CollectorTable.module.css";
import { sentence } from "../ErrorNotice/ErrorNotice.tsx";
import { PhaseBadge } from "../PhaseBadge/PhaseBadge.tsx";
import { phaseSentence } from "../PhaseBadge/phases.ts";
import { RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import { SkeletonRows } from "../Rows/Rows.tsx";
import { VendorMark } from "../VendorMark/VendorMark.tsx";
import { DestinationMenu } from "./DestinationMenu.tsx";
import styles from "./DestinationTable.module.css";

interface Props {
  readonly destinations: readonly Destination[];
  readonly kinds: readonly DestinationKind[];
  readonly loading: boolean;
}

const COLUMNS = 9;

/** The destinations, one row each: where it stands, what is ahead of it, what it refuses. */
export function DestinationTable({ destinations, kinds, loading }: Props) {
  return (
    <div className={table.scroll}>
      <table className={`${table.table} ${styles.table}`} aria-busy={loading}>
        <thead>
          <tr>
            <th className={styles.first}>Kind</th>
            <th>Name</th>
            <th className={table.status}>State</th>
            <th className={table.number}>Pending</th>
            <th>Oldest undelivered</th>
            <th className={table.number}>Rate</th>
            <th className={table.number}>Latency, p95</th>
            <th className={table.number}>Dead letters</th>
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {loading && <SkeletonRows rows={2} columns={COLUMNS} height={60} />}
          {destinations.map((destination) => (
            <Row
              key={destination.id}
              destination={destination}
              kind={kinds.find(({ name }) => name === destination.kind)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ destination, kind }: { readonly destination: Destination; readonly kind: DestinationKind | undefined }) {
  const { id, name, status, managedBy } = destination;
  const title = kind?.title ?? destination.kind;
  return (
    <tr>
      <td className={styles.first}>
        <Tooltip label={kind?.description ?? title} multiline maw={320}>
          <span className={table.type}>
            <VendorMark vendor={title} />
            {title}
          </span>
        </Tooltip>
      </td>
      <td className={table.name}>
        <Link to="/destinations/$id" params={{ id }} data-row>
          {name}
        </Link>
        {managedBy === "file" && <span className={table.under}>managed by file</span>}
      </td>
      <td className={table.status}>
        <PhaseBadge phase={status.phase} />
        <Reason status={status} />
      </td>
      <td className={`${table.number} ${styles.pending}`}>
        {count(status.pending)} <span className={styles.unit}>pending</span>
      </td>
      <td>
        <RelativeTime at={status.oldestPendingAt} />
      </td>
      <td className={table.number}>
        {rate(status.eventsPerSecond)}
        <span className={table.under}>{bytes(status.bytesPerSecond)}/s</span>
      </td>
      <td className={table.number}>{status.latencyP95Ms === undefined ? "–" : stepTime(status.latencyP95Ms)}</td>
      <td className={`${table.number} ${styles.letters}`}>
        <Letters id={id} name={name} letters={status.deadLetters} />
      </td>
      <td className={table.menu}>
        <DestinationMenu destination={destination} />
      </td>
    </tr>
  );
}

function Reason({ status }: { readonly status: Destination["status"] }) {
  const { problem } = status;
  const action = problem?.action === undefined ? "" : ` ${sentence(problem.action)}`;
  const text = problem === undefined ? phaseSentence(status) : `${sentence(problem.message)}${action}`;
  return (
    <span className={table.reason} title={text}>
      {text}
    </span>
  );
}

function Letters({ id, name, letters }: { readonly id: string; readonly name: string; readonly letters: number }) {
  if (letters === 0) return <span className={styles.none}>0</span>;
  return (
    <Link
      className={styles.dead}
      to="/destinations/$id"
      params={{ id }}
      search={{ tab: "dead-letters" }}
      aria-label={`${count(letters)} dead letters of ${name}`}
    >
      {count(letters)}
      <span className={styles.unit}> {letters === 1 ? "dead letter" : "dead letters"}</span>
    </Link>
  );
}
