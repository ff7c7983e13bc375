import { Button } from "@mantine/core";
import { useState } from "react";
import type { DataSourceStatus } from "../../api-types.ts";
import { count, plural } from "../../format/numbers.ts";
import { useRewind } from "../../hooks/useRewind.ts";
import { useMayOperate } from "../../hooks/useSession.ts";
import { AbsoluteTime, RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import styles from "./Rewind.module.css";
import { RewindDialog } from "./RewindDialog.tsx";

interface Props {
  readonly collectorId: string;
  readonly source: DataSourceStatus;
}

/** The last rewind of a data source and how it gets on; for operators the buttons that begin and cancel one. */
export function RewindSection({ collectorId, source }: Props) {
  const [asking, setAsking] = useState(false);
  const { cancel } = useRewind(collectorId, source.name);
  const mayOperate = useMayOperate();
  const { rewind, cursor } = source;
  const open = rewind?.phase === "requested" || rewind?.phase === "rereading";
  if (rewind === undefined && !(mayOperate && cursor !== undefined)) return null;
  return (
    <section aria-label={`Rewind of ${source.title}`}>
      <h3>Rewind</h3>
      <div className={styles.line}>
        {rewind && <LastRewind rewind={rewind} />}
        {mayOperate && open && (
          <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel the rewind
          </Button>
        )}
        {mayOperate && !open && cursor !== undefined && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            Rewind…
          </Button>
        )}
      </div>
      {asking && <RewindDialog collectorId={collectorId} source={source} onClose={() => setAsking(false)} />}
    </section>
  );
}

function LastRewind({ rewind }: { readonly rewind: NonNullable<DataSourceStatus["rewind"]> }) {
  const { to, phase, requestedAt, requestedBy, again } = rewind;
  return (
    <span>
      To <AbsoluteTime at={to} />, by {requestedBy} <RelativeTime at={requestedAt} />: {phaseWords[phase]}
      {again.files > 0 && `, ${count(again.done)} of ${plural(again.files, "file")} fetched again`}
      {again.failed > 0 && `, ${count(again.failed)} not to be had`}
      {again.inserted > 0 && `, ${plural(again.inserted, "event")} came back`}
    </span>
  );
}

const phaseWords = {
  requested: "begins with the next look upstream",
  rereading: "under way",
  done: "done",
  cancelled: "cancelled",
} as const;
