import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Destination, DestinationKind } from "../../api-types.ts";
import { conditionText } from "../../form/condition.ts";
import { durationOf } from "../../form/destination-form.ts";
import { bytes, count } from "../../format/numbers.ts";
import { useCollectors } from "../../hooks/useCollectors.ts";
import settings from "../CollectorSettings/CollectorSettings.module.css";
import { CopyButton } from "../CopyButton/CopyButton.tsx";
import { Guarantee } from "../Guarantee/Guarantee.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { KeyValue } from "../KeyValue/KeyValue.tsx";
import { AbsoluteTime } from "../RelativeTime/RelativeTime.tsx";
import styles from "./DestinationOverview.module.css";

interface Props {
  readonly destination: Destination;
  readonly kind: DestinationKind | undefined;
  readonly editable: boolean;
}

/** How the destination is set up: read here, changed on a page of its own. */
export function DestinationSettings({ destination, kind, editable }: Props) {
  return (
    <>
      {kind && (
        <div className={styles.pad}>
          <Guarantee kind={kind} />
        </div>
      )}
      <div className={settings.columns}>
        <KeyValue rows={whereTo(destination, kind)} />
        <WhatIsSent destination={destination} kind={kind} />
      </div>
      <div className={settings.foot}>
        {editable && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Icon name="edit" size={14} />}
            renderRoot={(props) => <Link to="/destinations/$id/edit" params={{ id: destination.id }} {...props} />}
          >
            Edit settings
          </Button>
        )}
        <Link to="/docs/$" params={{ _splat: `destinations/${destination.kind}` }}>
          {kind?.title ?? destination.kind} in the docs
        </Link>
      </div>
    </>
  );
}

function whereTo(destination: Destination, kind: DestinationKind | undefined): [string, ReactNode][] {
  const label = (name: string) => kind?.settings.find((field) => field.name === name)?.label ?? name;
  return [
    ["Kind", kind?.title ?? destination.kind],
    ...Object.entries(destination.settings).map(([name, value]): [string, ReactNode] => [
      label(name),
      <code key={name}>{typeof value === "string" ? value : JSON.stringify(value)}</code>,
    ]),
    ...destination.secrets.map(({ name, last4, setAt }): [string, ReactNode] => [
      label(name),
      <span key={name}>
        Set, ends in <code>{last4}</code>, since <AbsoluteTime at={setAt} />
      </span>,
    ]),
    [
      "Destination id",
      <span key="id" className={settings.value}>
        <code>{destination.id}</code>
        <CopyButton text={destination.id} what="destination id" />
      </span>,
    ],
  ];
}

function WhatIsSent({ destination, kind }: Omit<Props, "editable">) {
  const collectors = useCollectors().data?.collectors ?? [];
  const nameOf = (id: string) => collectors.find((one) => one.id === id)?.name ?? id;
  const { format, collectorIds, from, createdAt, updatedAt } = destination;
  return (
    <KeyValue
      rows={[
        ["Format", kind?.formats.find(({ name }) => name === format)?.title ?? format],
        [
          "Collectors",
          collectorIds === undefined ? "all, those to come included" : collectorIds.map(nameOf).join(", "),
        ],
        ["Began with", from === "start" ? "all that was stored" : "what came in from then on"],
        ["Filter", <Lines key="filter" lines={filterLines(destination)} none="every event" />],
        ["Masking", <Lines key="masking" lines={maskingLines(destination)} none="everything as it is stored" />],
        ["Batches", batchLine(destination)],
        ["Added", <AbsoluteTime key="added" at={createdAt} />],
        ["Last changed", <AbsoluteTime key="changed" at={updatedAt} />],
      ]}
    />
  );
}

function Lines({ lines, none }: { readonly lines: readonly string[]; readonly none: string }) {
  if (lines.length === 0) return none;
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function filterLines({ filter = {} }: Destination): readonly string[] {
  const { data_sources: sources, types, users, without_users: without, fields = [] } = filter;
  return [
    ...(sources ? [`data source ${sources.join(" or ")}`] : []),
    ...(types ? [`type ${types.join(" or ")}`] : []),
    ...(users ? [`only of ${users.join(", ")}`] : []),
    ...(without ? [`nothing of ${without.join(", ")}`] : []),
    ...fields.map(conditionText),
  ];
}

function maskingLines({ masking = {} }: Destination): readonly string[] {
  const { metadata_only: bare, pseudonyms, drop, mask } = masking;
  return [
    ...(bare ? ["metadata only, no content"] : []),
    ...(pseudonyms ? ["pseudonyms in place of people"] : []),
    ...(drop ? [`left out: ${drop.join(", ")}`] : []),
    ...(mask ? [`masked: ${mask.join(", ")}`] : []),
  ];
}

function batchLine({ maxBatchEvents, maxBatchBytes, maxAgeMs }: Destination): string {
  const limits = [
    ...(maxBatchEvents === undefined ? [] : [`at most ${count(maxBatchEvents)} events`]),
    ...(maxBatchBytes === undefined ? [] : [`at most ${bytes(maxBatchBytes)}`]),
    ...(maxAgeMs === undefined ? [] : [`sent after ${durationOf(maxAgeMs)}`]),
  ];
  return limits.length === 0 ? "as suits this kind" : limits.join(", ");
}
