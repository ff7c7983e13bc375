import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import type { Destination, DestinationKind, Replay } from "../../api-types.ts";
import { count, percent, plural } from "../../format/numbers.ts";
import { useReplayActions, useReplays } from "../../hooks/useDeliveries.ts";
import { useSettingsPermission } from "../../hooks/useSettings.ts";
import { EmptyState } from "../EmptyState/EmptyState.tsx";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { AbsoluteTime, RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import { ReplayDialog } from "./ReplayDialog.tsx";
import styles from "./Replays.module.css";
import { progressOf } from "./range.ts";

interface Props {
  readonly destination: Destination;
  readonly kind: DestinationKind | undefined;
}

/** Parts of the log that the destination takes again, beside live delivery. */
export function Replays({ destination, kind }: Props) {
  const { data, error, isPending, refetch } = useReplays(destination.id);
  const [asking, setAsking] = useState(false);
  const mayOperate = useSettingsPermission("destinations.operate") === true;
  const button = mayOperate && (
    <Button size="xs" leftSection={<Icon name="refresh" size={14} />} onClick={() => setAsking(true)}>
      New replay
    </Button>
  );
  return (
    <section className="card" aria-label="Replays">
      <div className={styles.head}>
        <h2>Replays</h2>
        {data && data.length > 0 && button}
      </div>
      {error && (
        <div className={styles.pad}>
          <ErrorNotice error={error} what="The replays could not be read" retry={() => void refetch()} />
        </div>
      )}
      {isPending && (
        <div className={styles.pad}>
          <Skeleton height={120} radius={6} />
        </div>
      )}
      {data?.length === 0 && (
        <EmptyState title="Nothing was sent again" action={button}>
          A replay sends a part of the log once more, with filter, masks and format as they are now. Live delivery goes
          on beside it, and upstream is not asked. Its progress will stand here.
        </EmptyState>
      )}
      {data && data.length > 0 && <ReplayTable replays={data} destination={destination} mayOperate={mayOperate} />}
      {asking && <ReplayDialog destination={destination} kind={kind} onClose={() => setAsking(false)} />}
    </section>
  );
}

interface TableProps extends Pick<Props, "destination"> {
  readonly replays: readonly Replay[];
  readonly mayOperate: boolean;
}

function ReplayTable({ replays, destination, mayOperate }: TableProps) {
  const { cancel } = useReplayActions(destination.id);
  const nameOf = (id: string) => destination.status.collectors.find((one) => one.id === id)?.name ?? id;
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Progress</th>
            <th scope="col">Asked for</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {replays.map((replay) => (
            <tr key={replay.id}>
              <td>
                <Range replay={replay} />
                <span className={styles.under}>
                  {replay.collectorIds.map(nameOf).join(", ")}
                  {replay.dataSource !== undefined && ` · ${replay.dataSource}`}
                </span>
              </td>
              <td className={styles.progress}>
                <Progress replay={replay} />
              </td>
              <td className={styles.when}>
                <RelativeTime at={replay.at} />
                <span className={styles.under}>by {replay.by}</span>
              </td>
              <td className={styles.actions}>
                {mayOperate && replay.state === "running" && (
                  <Button
                    size="xs"
                    variant="default"
                    loading={cancel.isPending && cancel.variables === replay.id}
                    onClick={() => cancel.mutate(replay.id)}
                  >
                    Cancel replay
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Range({ replay: { from, to } }: { readonly replay: Replay }) {
  if (from === undefined && to === undefined) return "Everything that was stored";
  return (
    <>
      {from === undefined ? "From the beginning" : <AbsoluteTime at={from} />} to{" "}
      {to === undefined ? "the end" : <AbsoluteTime at={to} />}
    </>
  );
}

const states: Readonly<Record<Replay["state"], string>> = {
  running: "Under way",
  done: "Done",
  cancelled: "Cancelled",
};

function Progress({ replay }: { readonly replay: Replay }) {
  const { state, events, delivered, filtered, dead, endedAt } = replay;
  const share = progressOf(replay);
  return (
    <>
      <div className={styles.line}>
        <strong>{states[state]}</strong>
        {state === "running" && <span>{percent(share)}</span>}
        {endedAt !== undefined && (
          <span className="quiet">
            <RelativeTime at={endedAt} />
          </span>
        )}
      </div>
      {state === "running" && <progress value={share} max={1} aria-label={`Replay ${replay.id}`} />}
      <span className={styles.under}>
        {count(delivered)} of {plural(events, "event")} delivered
        {filtered > 0 && `, ${count(filtered)} kept back by the filter`}
        {dead > 0 && `, ${plural(dead, "dead letter")}`}
      </span>
    </>
  );
}
