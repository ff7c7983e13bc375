import type { ReactNode } from "react";
import type { Destination, DestinationKind } from "../../api-types.ts";
import { bytes, count, rate } from "../../format/numbers.ts";
import { stepTime } from "../../format/times.ts";
import { useSettingsPermission } from "../../hooks/useSettings.ts";
import { KeyValue } from "../KeyValue/KeyValue.tsx";
import { RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import { Answers } from "./Answers.tsx";
import styles from "./DestinationOverview.module.css";
import { DestinationSettings } from "./DestinationSettings.tsx";

interface Props {
  readonly destination: Destination;
  readonly kind: DestinationKind | undefined;
}

/** Counts, pace, what is ahead by collector, the last answers, and how it is set up. */
export function DestinationOverview({ destination, kind }: Props) {
  const mayWrite = useSettingsPermission("destinations.write") === true;
  const { status } = destination;
  return (
    <>
      <dl className={`card ${styles.counts}`}>
        <Count name="Pending" value={status.pending} />
        <Count name="Delivered" value={status.delivered} />
        <Count name="Kept back by the filter" value={status.filtered} />
        <Count name="Withdrawn" value={status.withdrawn} />
        <Count name="Dead letters" value={status.deadLetters} tone={status.deadLetters > 0 ? "warn" : undefined} />
      </dl>
      <div className={styles.columns}>
        <Card title="Delivery">
          <div className={styles.pad}>
            <KeyValue rows={paceOf(status)} />
          </div>
        </Card>
        <Card title="Pending by collector">
          <Collectors collectors={status.collectors} />
        </Card>
      </div>
      <Card title="Last answers">
        <Answers answers={status.answers} />
      </Card>
      <Card title="Settings">
        <DestinationSettings
          destination={destination}
          kind={kind}
          editable={mayWrite && destination.managedBy === "console"}
        />
      </Card>
    </>
  );
}

function Count({
  name,
  value,
  tone,
}: {
  readonly name: string;
  readonly value: number;
  readonly tone?: "warn" | undefined;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-tone={tone}>{count(value)}</dd>
    </div>
  );
}

function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={`card ${styles.card}`} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

const circuits: Readonly<Record<Destination["status"]["circuit"], string>> = {
  closed: "closed: batches are sent as they come",
  open: "open: nothing is sent until the next attempt",
  trying: "trying: one batch is under way, the others wait for it",
};

function paceOf(status: Destination["status"]): [string, ReactNode][] {
  const { circuit, nextAttemptAt, eventsPerSecond, bytesPerSecond, latencyP95Ms, oldestPendingAt } = status;
  return [
    ["Oldest undelivered", <RelativeTime key="oldest" at={oldestPendingAt} none="none" />],
    ["Rate, last minute", `${rate(eventsPerSecond)}, ${bytes(bytesPerSecond)}/s`],
    ["Latency, p95", latencyP95Ms === undefined ? "no answer since the start" : stepTime(latencyP95Ms)],
    ["Circuit", circuits[circuit]],
    ["Next attempt", <RelativeTime key="next" at={nextAttemptAt} none="at once" />],
  ];
}

function Collectors({ collectors }: { readonly collectors: Destination["status"]["collectors"] }) {
  if (collectors.length === 0) return <p className={styles.none}>No collector delivers here yet.</p>;
  return (
    <div className={styles.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">Collector</th>
            <th scope="col" className={styles.number}>
              Pending
            </th>
            <th scope="col">Oldest</th>
          </tr>
        </thead>
        <tbody>
          {collectors.map(({ id, name, pending, oldestPendingAt }) => (
            <tr key={id}>
              <td>{name}</td>
              <td className={styles.number}>{count(pending)}</td>
              <td>
                <RelativeTime at={oldestPendingAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
