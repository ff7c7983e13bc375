import { SegmentedControl, Skeleton } from "@mantine/core";
import { useState } from "react";
import type { DeliveryPreview as Preview } from "../../api-types.ts";
import { count } from "../../format/numbers.ts";
import { useSettingsPermission } from "../../hooks/useSettings.ts";
import type { EditorProps } from "../DestinationEditor/DestinationEditor.tsx";
import { EmptyState } from "../EmptyState/EmptyState.tsx";
import { ErrorNotice, Notice } from "../ErrorNotice/ErrorNotice.tsx";
import { SafeText } from "../EventsText/SafeText.tsx";
import { BeforeAfter } from "./BeforeAfter.tsx";
import styles from "./DeliveryPreview.module.css";
import { volumeSentence } from "./volume.ts";

/** Stored events before and after filter, masks and format. Nothing is sent; content is shown as text. */
export function DeliveryPreview({ editing }: EditorProps) {
  const { preview, stale } = editing;
  const mayRead = useSettingsPermission("events.read") === true;
  return (
    <section className={`card ${styles.card}`} aria-label="Preview">
      <div className={styles.head}>
        <h2>Preview</h2>
        {preview.data && stale && <span className={styles.stale}>Changed since: press Preview again</span>}
      </div>
      {!mayRead && (
        <Notice tone="info" title="The preview shows events, which your account may not read">
          It needs the permission events.read, which the role Analyst has and Administrator alone has not. An
          administrator can give it to you under Settings, Accounts. Everything else on this page works without it.
        </Notice>
      )}
      {mayRead && preview.error && <ErrorNotice error={preview.error} what="No preview could be made" />}
      {mayRead && preview.isIdle && (
        <p className="quiet">
          Press Preview to see the newest stored events as this destination would get them, and how much that is a day.
          Nothing is sent. Looking at events is noted in the access record.
        </p>
      )}
      {mayRead && preview.isPending && <Skeleton height={220} radius={6} />}
      {mayRead && preview.data && <Shown preview={preview.data} />}
    </section>
  );
}

function Shown({ preview }: { readonly preview: Preview }) {
  const [chosen, setChosen] = useState(0);
  const { events } = preview;
  const event = events[Math.min(chosen, events.length - 1)];
  if (event === undefined) {
    return (
      <EmptyState title="Nothing is stored yet">
        As soon as a collector has brought events, the newest are shown here before and after.
      </EmptyState>
    );
  }
  return (
    <>
      <p>{volumeSentence(preview)}</p>
      <div className={styles.choice}>
        <SegmentedControl
          size="xs"
          aria-label="Event"
          data={events.map((_, index) => ({ value: String(index), label: count(index + 1) }))}
          value={String(events.indexOf(event))}
          onChange={(value) => setChosen(Number(value))}
        />
        <span className={styles.about}>
          <span className="mono">{event.time}</span> · {event.collector} · <SafeText text={event.type} />
        </span>
      </div>
      <BeforeAfter key={event.seq} event={event} />
    </>
  );
}
