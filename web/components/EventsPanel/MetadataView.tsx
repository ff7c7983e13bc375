import type { ReactNode } from "react";
import { bytes, count } from "../../format/numbers.ts";
import { absolute } from "../../format/times.ts";
import { CopyButton } from "../CopyButton/CopyButton.tsx";
import type { EventDetail } from "../Events/events-api.ts";
import { SafeText } from "../EventsText/SafeText.tsx";
import { KeyValue } from "../KeyValue/KeyValue.tsx";
import { RelativeTime } from "../RelativeTime/RelativeTime.tsx";
import styles from "./EventPanel.module.css";
import { flagMeaning } from "./flags.ts";

/** Everything that is known of an event beside its own bytes. */
export function MetadataView({ event }: { readonly event: EventDetail }) {
  const { metadata } = event;
  return (
    <KeyValue
      rows={[
        ["Collector", event.collector],
        ["Collector id", <Id key="id" text={event.collectorId} what="collector id" />],
        ["Connector", metadata.connector],
        ["Data source", event.dataSource],
        ["Type", <SafeText key="type" text={event.type} exact />],
        ["Time", <Time key="time" event={event} />],
        ["Ingested", <Instant key="ingested" at={event.ingestedAt} />],
        [
          "Site",
          event.siteName === undefined ? <None key="site" /> : `${event.siteName} (${metadata.siteId ?? "no id"})`,
        ],
        ["Timezone", metadata.timezone ?? <None key="zone" />],
        ["Flags", <Flags key="flags" flags={metadata.flags} />],
        ["Event id", <Id key="event" text={event.eventId} what="event id" />],
        ["Key", <Id key="key" text={event.key} what="key" />],
        ["Position in the log", count(event.seq)],
        ["Content hash", <Id key="hash" text={metadata.contentHash} what="content hash" />],
        [
          "Size",
          `${count(metadata.sizeBytes)} bytes${metadata.sizeBytes < 1_000 ? "" : ` (${bytes(metadata.sizeBytes)})`}`,
        ],
        ["Origin file", <Id key="file" text={metadata.origin.fileId} what="file id" />],
        ["SHA-256 of the file", <Id key="sha" text={metadata.origin.fileSha256} what="SHA-256 of the file" />],
        ["Line of the file", count(metadata.origin.line)],
      ]}
    />
  );
}

function Id({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <span className={styles.value}>
      <code>
        <SafeText text={text} exact />
      </code>
      <CopyButton text={text} what={what} />
    </span>
  );
}

function Time({ event }: { readonly event: EventDetail }) {
  if (event.time === "") return "Upstream wrote none";
  return (
    <>
      <div>
        <code>
          <SafeText text={event.time} exact />
        </code>{" "}
        <span className="quiet">as upstream wrote it</span>
      </div>
      {event.timeMs !== 0 && <Instant at={event.timeMs} />}
    </>
  );
}

function Instant({ at }: { readonly at: string | number }): ReactNode {
  return (
    <>
      {absolute(at)}{" "}
      <span className="quiet">
        <RelativeTime at={at} />
      </span>
    </>
  );
}

function Flags({ flags }: { readonly flags: readonly string[] }) {
  if (flags.length === 0) return <None />;
  return flags.map((flag) => {
    const { name, meaning } = flagMeaning(flag);
    return (
      <div key={flag} className={styles.flag}>
        <strong>{name}</strong>: {meaning}.
      </div>
    );
  });
}

function None() {
  return <span className="quiet">none</span>;
}
