import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../api.ts";
import { ConfirmDialog } from "../components/ConfirmDialog/ConfirmDialog.tsx";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import { ErrorNotice, sentence } from "../components/ErrorNotice/ErrorNotice.tsx";
import { Icon } from "../components/Icon/Icon.tsx";
import { RelativeTime } from "../components/RelativeTime/RelativeTime.tsx";
import { useToast } from "../components/Toast/Toast.tsx";
import { type AlertChannel, type Alerts, useAlertActions, useAlerts } from "../hooks/useAlerts.ts";
import { useSettingsPermission } from "../hooks/useSettings.ts";
import { Forbidden } from "./NotFound.tsx";
import styles from "./Settings.module.css";
import { ChannelDialog, kindLabels } from "./SettingsAlertChannel.tsx";
import { AlertHeartbeat, AlertRules, AlertTimes } from "./SettingsAlertRules.tsx";

type Open = { readonly what: "create" } | { readonly what: "edit" | "delete"; readonly channel: AlertChannel };

/** Who is told when something is not as it should be: channels, rules, quiet hours, heartbeat, and what was sent. */
export function SettingsAlerts() {
  const { data, error, isPending, refetch } = useAlerts();
  const actions = useAlertActions();
  const mayChange = useSettingsPermission("alerts.write") !== false;
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  if (error instanceof ApiError && error.status === 403) return <Forbidden />;
  const button = mayChange && (
    <Button leftSection={<Icon name="plus" />} onClick={() => setOpen({ what: "create" })}>
      New channel
    </Button>
  );
  return (
    <>
      {error && <ErrorNotice error={error} what="The alerts could not be loaded" retry={() => void refetch()} />}
      {isPending && <Skeleton height={148} radius={8} />}
      {data && (
        <>
          {data.channels.length > 0 && <div className={styles.above}>{button}</div>}
          <div className={`card ${styles.table}`}>
            {data.channels.length === 0 ? (
              <EmptyState title="Nobody is told yet" action={button}>
                Your channels will stand here: webhooks, Slack, mail. Each gets one message when something is not as it
                should be, and one when it is over.
              </EmptyState>
            ) : (
              <Channels channels={data.channels} actions={actions} mayChange={mayChange} onOpen={setOpen} />
            )}
          </div>
          <Problems problems={data.problems} />
          <div className={styles.cards}>
            <AlertRules alerts={data} actions={actions} mayChange={mayChange} />
            <AlertTimes alerts={data} actions={actions} mayChange={mayChange} />
            <AlertHeartbeat alerts={data} actions={actions} mayChange={mayChange} />
          </div>
          <Sent deliveries={data.deliveries} />
        </>
      )}
      {open?.what === "create" && <ChannelDialog actions={actions} onClose={close} />}
      {open?.what === "edit" && <ChannelDialog channel={open.channel} actions={actions} onClose={close} />}
      <ConfirmDialog
        opened={open?.what === "delete"}
        title={`Delete ${open?.what === "delete" ? open.channel.name : ""}?`}
        verb="Delete channel"
        destructive
        busy={actions.remove.isPending}
        error={actions.remove.error}
        onClose={close}
        onConfirm={() => open?.what === "delete" && actions.remove.mutate(open.channel.id, { onSuccess: close })}
      >
        <p>Nothing is sent there any more. Messages that wait for it are dropped.</p>
      </ConfirmDialog>
    </>
  );
}

interface ChannelsProps {
  readonly channels: Alerts["channels"];
  readonly actions: ReturnType<typeof useAlertActions>;
  readonly mayChange: boolean;
  readonly onOpen: (open: Open) => void;
}

function Channels({ channels, actions, mayChange, onOpen }: ChannelsProps) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Kind</th>
          <th scope="col">Gets</th>
          <th scope="col">Sent</th>
          <th scope="col">Given up</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {channels.map((channel) => (
          <tr key={channel.id}>
            <td>
              <strong>{channel.name}</strong>{" "}
              {channel.managedBy === "file" && <span className="quiet">managed by file</span>}
              {!channel.enabled && <span className={styles.soon}> switched off</span>}
            </td>
            <td>{kindLabels[channel.kind]}</td>
            <td>{channel.leastSeverity === "critical" ? "what is critical" : "everything"}</td>
            <td>{channel.sent}</td>
            <td>{channel.failed > 0 ? <span className={styles.soon}>{channel.failed}</span> : 0}</td>
            <td className={styles.actions}>
              {mayChange && <ChannelActions channel={channel} actions={actions} onOpen={onOpen} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ChannelActions({
  channel,
  actions,
  onOpen,
}: Pick<ChannelsProps, "actions" | "onOpen"> & { readonly channel: AlertChannel }) {
  const toast = useToast();
  const { test } = actions;
  const tell = () =>
    test.mutate(channel.id, {
      onSuccess: ({ ok, message = "", action = "" }) =>
        ok
          ? toast({ tone: "good", title: `The test has reached ${channel.name}` })
          : toast({ tone: "bad", title: `The test did not reach ${channel.name}: ${sentence(message)} ${action}` }),
      onError: (error) => toast({ tone: "bad", title: error.message }),
    });
  const { name } = channel;
  return (
    <span className={styles.row}>
      <Button
        size="xs"
        variant="default"
        aria-label={`Send test to ${name}`}
        loading={test.isPending && test.variables === channel.id}
        onClick={tell}
      >
        Send test
      </Button>
      {channel.managedBy === "console" && (
        <>
          <Button
            size="xs"
            variant="default"
            aria-label={`Edit ${name}`}
            onClick={() => onOpen({ what: "edit", channel })}
          >
            Edit
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={`Delete ${name}`}
            onClick={() => onOpen({ what: "delete", channel })}
          >
            Delete
          </Button>
        </>
      )}
    </span>
  );
}

function Problems({ problems }: { readonly problems: Alerts["problems"] }) {
  if (problems.length === 0) return null;
  return (
    <section className={`card ${styles.card}`}>
      <h2>What stands now</h2>
      <div className={styles.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">Problem</th>
              <th scope="col">Where</th>
              <th scope="col">Since</th>
              <th scope="col">Told</th>
            </tr>
          </thead>
          <tbody>
            {problems.map(({ key, title, severity, collector, dataSources, reason, since, notifiedAt }) => (
              <tr key={key}>
                <td>
                  <strong>{title}</strong> <span className="quiet">{severity}</span>
                  <br />
                  <span className="quiet">{sentence(reason)}</span>
                </td>
                <td>{[collector, dataSources.join(", ")].filter(Boolean).join(" / ")}</td>
                <td>
                  <RelativeTime at={since} />
                </td>
                <td>
                  <RelativeTime at={notifiedAt} none="not yet" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const outcomes = { pending: "on its way", sent: "arrived", given_up: "given up" } as const;

function Sent({ deliveries }: { readonly deliveries: Alerts["deliveries"] }) {
  if (deliveries.length === 0) return null;
  return (
    <section className={`card ${styles.card}`}>
      <h2>What was sent</h2>
      <div className={styles.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">Message</th>
              <th scope="col">Channel</th>
              <th scope="col">When</th>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            {deliveries.map(({ id, title, kind, channel, createdAt, state, attempts, error }) => (
              <tr key={id}>
                <td>
                  {title} <span className="quiet">{kind}</span>
                </td>
                <td>{channel}</td>
                <td>
                  <RelativeTime at={createdAt} />
                </td>
                <td>
                  {outcomes[state]}
                  {attempts > 1 && `, ${attempts} attempts`}
                  {error && <span className="quiet"> {error}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
