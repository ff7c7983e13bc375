import { ActionIcon, SegmentedControl, Skeleton, Tooltip } from "@mantine/core";
import { useMemo } from "react";
import { absolute, relative } from "../../format/times.ts";
import { useEventsDetail } from "../../hooks/useEventsDetail.ts";
import { useNow } from "../../hooks/useNow.ts";
import { useZone } from "../../hooks/useZone.ts";
import { CopyButton } from "../CopyButton/CopyButton.tsx";
import { ErrorNotice } from "../ErrorNotice/ErrorNotice.tsx";
import type { EventsSearch, EventView } from "../Events/address.ts";
import { type EventDetail, eventsApi } from "../Events/events-api.ts";
import { ExactText } from "../EventsJson/ExactText.tsx";
import { JsonView } from "../EventsJson/JsonView.tsx";
import { SafeText } from "../EventsText/SafeText.tsx";
import { Icon } from "../Icon/Icon.tsx";
import styles from "./EventPanel.module.css";
import { MessageView } from "./MessageView.tsx";
import { MetadataView } from "./MetadataView.tsx";
import { type Message, messageOf } from "./message.ts";

interface Props {
  readonly seq: string;
  readonly search: EventsSearch;
  readonly onClose: () => void;
  readonly onView: (view: EventView) => void;
}

/** One event beside the list: its message, its JSON readable and exact, its metadata. */
export function EventPanel({ seq, search, onClose, onView }: Props) {
  const { data, error, refetch } = useEventsDetail(seq);
  const message = useMemo(() => (data?.raw === undefined ? undefined : messageOf(data.raw)), [data]);
  const wanted = search.view ?? "message";
  const view = wanted === "message" && message === undefined ? "json" : wanted;
  return (
    <aside className={`card ${styles.panel}`} aria-label={`Event ${seq}`}>
      <header className={styles.header}>
        <div className={styles.words}>
          {data ? <Title event={data} message={message} /> : <Skeleton height={44} width="70%" radius={4} />}
        </div>
        <Tooltip label="Close (Esc)">
          <ActionIcon variant="subtle" color="gray" size={30} aria-label="Close the event" onClick={onClose}>
            <Icon name="close" />
          </ActionIcon>
        </Tooltip>
      </header>
      <div className={styles.tools}>
        <SegmentedControl
          size="xs"
          aria-label="View"
          value={view}
          onChange={(next) => onView(next as EventView)}
          data={[
            ...(message || data === undefined ? [{ value: "message", label: "Message" }] : []),
            { value: "json", label: "JSON" },
            { value: "exact", label: "Exact text" },
            { value: "metadata", label: "Metadata" },
          ]}
        />
        <span className={styles.spring} />
        {data && <Take event={data} />}
      </div>
      <div className={styles.body} key={`${seq} ${view}`}>
        {error && <ErrorNotice error={error} what={`Event ${seq} could not be loaded`} retry={() => void refetch()} />}
        {!data &&
          !error &&
          [80, 55, 92, 64, 71].map((width) => <Skeleton key={width} height={12} width={`${width}%`} radius={3} />)}
        {data && <Body event={data} message={message} view={view} />}
      </div>
    </aside>
  );
}

function Title({ event, message }: { readonly event: EventDetail; readonly message: Message | undefined }) {
  const now = useNow();
  const { zone } = useZone();
  return (
    <>
      <h2 className={styles.title} dir="auto">
        <SafeText text={message?.title ?? event.type} />
      </h2>
      <p className={styles.line}>
        {event.timeMs === 0 ? "no time" : `${absolute(event.timeMs, zone)} · ${relative(event.timeMs, now)}`}
        {event.user !== undefined && (
          <>
            {" · "}
            <SafeText text={event.user} />
          </>
        )}
      </p>
    </>
  );
}

function Take({ event }: { readonly event: EventDetail }) {
  return (
    <>
      {event.raw !== undefined && <CopyButton text={event.raw} what="exact text" />}
      <Tooltip label="Download the exact bytes">
        <ActionIcon
          component="a"
          href={eventsApi.rawUrl(event.seq)}
          download={`event-${event.seq}.json`}
          variant="subtle"
          color="gray"
          size={24}
          aria-label="Download the exact bytes"
        >
          <Icon name="download" size={14} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

function Body({
  event,
  message,
  view,
}: {
  readonly event: EventDetail;
  readonly message: Message | undefined;
  readonly view: EventView;
}) {
  if (view === "metadata") return <MetadataView event={event} />;
  if (event.raw === undefined) return <NotText event={event} />;
  if (view === "message" && message) return <MessageView message={message} />;
  return view === "exact" ? <ExactText text={event.raw} /> : <JsonView text={event.raw} />;
}

function NotText({ event }: { readonly event: EventDetail }) {
  return (
    <>
      <p className="quiet">
        The bytes are not valid UTF-8, so they cannot be shown as text. They stand here in Base64; the download has them
        as they came.
      </p>
      <ExactText text={event.rawBase64 ?? ""} />
    </>
  );
}
