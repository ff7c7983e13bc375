import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import { api } from "../../api.ts";
import type { QuarantinedLine } from "../../api-types.ts";
import { bytes } from "../../format/numbers.ts";
import { useQuarantine, useQuarantinedWhole } from "../../hooks/useQuarantine.ts";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
import { ExactText } from "../EventsJson/ExactText.tsx";
import { SafeText } from "../EventsText/SafeText.tsx";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./QuarantinedText.module.css";

interface Props {
  readonly collectorId: string;
  /** The number of the quarantined line. */
  readonly id: number;
}

/** The largest line that is shown whole; a larger one is downloaded. */
const MOST_SHOWN = 4_000_000;

/** What a line that could not be read says: as text, its hidden characters named, the beginning first. */
export function QuarantinedText({ collectorId, id }: Props) {
  const { data, error, isPending, refetch } = useQuarantine(collectorId);
  const line = data?.find((one) => one.id === id);
  if (error) return <ErrorNotice error={error} what="The line could not be read" retry={() => void refetch()} />;
  if (isPending) return <Skeleton height={84} radius={6} />;
  if (line === undefined) return <Whole collectorId={collectorId} id={id} />;
  return <Line collectorId={collectorId} line={line} />;
}

function Line({ collectorId, line }: { readonly collectorId: string; readonly line: QuarantinedLine }) {
  const [all, setAll] = useState(false);
  const cut = line.sizeBytes > new TextEncoder().encode(line.text).length;
  return (
    <div className={styles.quarantined}>
      <p className={styles.head}>
        <span className={styles.badge}>
          <Icon name="warning" size={13} /> Not parsed
        </span>
        <span>
          {bytes(line.sizeBytes)} · <SafeText text={line.reason} />
        </span>
      </p>
      <p className={styles.warning}>
        Anybody who can write to upstream may have written this: trust nothing that it says.
      </p>
      {all ? <Whole collectorId={collectorId} id={line.id} /> : <ExactText text={line.text} />}
      <div className={styles.buttons}>
        {cut && !all && line.sizeBytes <= MOST_SHOWN && (
          <Button size="xs" variant="default" onClick={() => setAll(true)}>
            Show all {bytes(line.sizeBytes)}
          </Button>
        )}
        <Download collectorId={collectorId} id={line.id} />
      </div>
    </div>
  );
}

function Whole({ collectorId, id }: Props) {
  const { data, error, refetch } = useQuarantinedWhole(collectorId, id, true);
  if (error) return <ErrorNotice error={error} what="The line could not be read" retry={() => void refetch()} />;
  return data === undefined ? <Skeleton height={84} radius={6} /> : <ExactText text={data} />;
}

function Download({ collectorId, id }: Props) {
  return (
    <Button
      size="xs"
      variant="default"
      component="a"
      href={api.quarantinedUrl(collectorId, id)}
      download={`quarantined-${id}.txt`}
      leftSection={<Icon name="download" size={13} />}
    >
      Download the bytes
    </Button>
  );
}
