import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api } from "../../api.ts";
import type { CollectorDetail, Connector } from "../../api-types.ts";
import { plural } from "../../format/numbers.ts";
import { CopyButton } from "../CopyButton/CopyButton.tsx";
import { Icon } from "../Icon/Icon.tsx";
import { KeyValue } from "../KeyValue/KeyValue.tsx";
import { AbsoluteTime } from "../RelativeTime/RelativeTime.tsx";
import styles from "./CollectorSettings.module.css";

interface Props {
  readonly collector: CollectorDetail;
  readonly connector: Connector | undefined;
  readonly editable: boolean;
}

/** How the collector is set up: read here, changed in the panel. */
export function CollectorSettings({ collector, connector, editable }: Props) {
  return (
    <>
      <div className={styles.columns}>
        <KeyValue rows={own(collector, connector)} />
        <KeyValue rows={platform(collector)} />
      </div>
      <div className={styles.foot}>
        {editable && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Icon name="edit" size={14} />}
            renderRoot={(props) => (
              <Link to="/collectors/$id/edit" params={{ id: collector.id }} search={true} {...props} />
            )}
          >
            Edit settings
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          component="a"
          href={api.exportUrl(collector.id)}
          download={`${collector.name}.yaml`}
          leftSection={<Icon name="download" size={14} />}
        >
          Export YAML
        </Button>
        {collector.managedBy === "file" && (
          <span className="quiet">Managed by the configuration file: change it there.</span>
        )}
      </div>
    </>
  );
}

function own(collector: CollectorDetail, connector: Connector | undefined): [string, ReactNode][] {
  const label = (name: string) => connector?.fields.find((field) => field.name === name)?.label ?? name;
  return [
    ["Connector", collector.connectorTitle],
    ...collector.secrets.map(({ name, last4, setAt }): [string, ReactNode] => [
      label(name),
      <span key={name}>
        Set, ends in <code>{last4}</code>, since <AbsoluteTime at={setAt} />
      </span>,
    ]),
    ...Object.entries(collector.settings).map(([name, value]): [string, ReactNode] => [
      label(name),
      <Value key={name} value={value} what={label(name)} />,
    ]),
    ["Collector id", <Value key="id" value={collector.id} what="collector id" />],
  ];
}

function Value({ value, what }: { readonly value: unknown; readonly what: string }) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return (
    <span className={styles.value}>
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  );
}

function platform(collector: CollectorDetail): [string, ReactNode][] {
  const { start, retentionDays, requestsPerMinute } = collector;
  return [
    ["Site", collector.site?.name ?? "none"],
    ["Timezone", collector.timezone ?? "none; UTC where upstream gives no zone"],
    ["Start", start === undefined ? "all that upstream still has" : <AbsoluteTime key="start" at={start} />],
    ["Poll interval", collector.pollInterval],
    ["Overlap", collector.overlap],
    ["Requests per minute", requestsPerMinute === "auto" ? "auto: found out" : `at most ${requestsPerMinute}`],
    ["Retention", retentionDays === undefined ? "events are kept" : plural(retentionDays, "day")],
    ["Installed", <AbsoluteTime key="at" at={collector.createdAt} />],
    ["Last changed", <AbsoluteTime key="changed" at={collector.updatedAt} />],
  ];
}
