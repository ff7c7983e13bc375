import { Button, SegmentedControl, Skeleton } from "@mantine/core";
import { useState } from "react";
import type { Destination, Receipt } from "../../api-types.ts";
import { count, plural } from "../../format/numbers.ts";
import { missingOf, reckoningOf, totalOf } from "../../format/receipts.ts";
import { absolute } from "../../format/times.ts";
import { useReceipts } from "../../hooks/useDeliveries.ts";
import { useZone } from "../../hooks/useZone.ts";
import { receiptPeriods } from "../../search.ts";
import { EmptyState } from "../EmptyState/EmptyState.tsx";
import { ErrorNotice, Notice } from "../ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./Receipts.module.css";

export type ReceiptPeriod = (typeof receiptPeriods)[number];

interface Props {
  readonly destination: Destination;
  readonly hours: ReceiptPeriod;
  readonly onHours: (hours: ReceiptPeriod) => void;
}

const periods = receiptPeriods.map((hours) => ({
  value: String(hours),
  label: hours < 48 ? `${hours} h` : `${hours / 24} d`,
}));

/** What became of the events of each hour, and whether it adds up. */
export function Receipts({ destination, hours, onHours }: Props) {
  const { data, error, isPending, refetch } = useReceipts(destination.id, hours);
  return (
    <section className="card" aria-label="Receipts">
      <div className={styles.head}>
        <h2>Receipts</h2>
        <SegmentedControl
          size="xs"
          aria-label="Period"
          data={periods}
          value={String(hours)}
          onChange={(value) => onHours(Number(value) as ReceiptPeriod)}
        />
      </div>
      {error && (
        <div className={styles.pad}>
          <ErrorNotice error={error} what="The receipts could not be read" retry={() => void refetch()} />
        </div>
      )}
      {isPending && (
        <div className={styles.pad}>
          <Skeleton height={240} radius={6} />
        </div>
      )}
      {data?.length === 0 && (
        <EmptyState title="Nothing was collected for it in this period">
          Each hour in which events came in will stand here: how many were collected, and what became of every one.
        </EmptyState>
      )}
      {data && data.length > 0 && <Loaded receipts={data} destination={destination} />}
    </section>
  );
}

const SHOWN = 120;

function Loaded({ receipts, destination }: { readonly receipts: readonly Receipt[] } & Pick<Props, "destination">) {
  const [shown, setShown] = useState(SHOWN);
  const { ok, sentence } = reckoningOf(receipts);
  const names = new Map(destination.status.collectors.map(({ id, name }) => [id, name]));
  return (
    <>
      <div className={styles.pad}>
        <Notice tone={ok ? "good" : "bad"} title={sentence}>
          {ok
            ? "Collected is counted in the log, pending in the log behind the position, and the rest from what each batch was answered: three counts that have to meet."
            : "They were counted four times, and are counted again every five seconds. If it stays, report it: it is a fault of Cistern."}
        </Notice>
      </div>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <Head />
          <tbody>
            {receipts.slice(0, shown).map((receipt) => (
              <Row
                key={`${receipt.at} ${receipt.collectorId}`}
                receipt={receipt}
                collector={names.get(receipt.collectorId) ?? receipt.collectorId}
              />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                In all
              </th>
              <Numbers counts={totalOf(receipts)} />
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
      {receipts.length > shown && (
        <div className={styles.more}>
          <Button size="xs" variant="default" onClick={() => setShown(shown * 4)}>
            Show earlier hours
          </Button>
          <span className="quiet">
            {count(shown)} of {plural(receipts.length, "row")} are shown
          </span>
        </div>
      )}
    </>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th scope="col">Hour of arrival</th>
        <th scope="col">Collector</th>
        {["Collected", "Kept back", "Delivered", "Dead letters", "Withdrawn", "Pending"].map((name) => (
          <th key={name} scope="col" className={styles.number}>
            {name}
          </th>
        ))}
        <th scope="col">Sum</th>
      </tr>
    </thead>
  );
}

function Row({ receipt, collector }: { readonly receipt: Receipt; readonly collector: string }) {
  const { zone } = useZone();
  return (
    <tr data-wrong={!receipt.reconciles || undefined}>
      <th scope="row" className={styles.hour}>
        {absolute(receipt.at, zone).replace(/:00(?= \S+$)/, "")}
      </th>
      <td>{collector}</td>
      <Numbers counts={receipt} />
      <td>
        <Sum receipt={receipt} />
      </td>
    </tr>
  );
}

function Numbers({ counts }: { readonly counts: ReturnType<typeof totalOf> }) {
  const { collected, filtered, delivered, deadLettered, withdrawn, pending } = counts;
  return [collected, filtered, delivered, deadLettered, withdrawn, pending].map((value, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the place is the column
    <td key={index} className={styles.number} data-zero={value === 0 || undefined}>
      {count(value)}
    </td>
  ));
}

function Sum({ receipt }: { readonly receipt: Receipt }) {
  const missing = missingOf(receipt);
  if (receipt.reconciles) {
    return (
      <span className={styles.mark} data-tone="good">
        <Icon name="check" size={14} /> adds up
      </span>
    );
  }
  return (
    <span className={styles.mark} data-tone="bad">
      <Icon name="warning" size={14} /> {count(Math.abs(missing))} {missing > 0 ? "missing" : "too many"}
    </span>
  );
}
