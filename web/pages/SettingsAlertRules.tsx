import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../api.ts";
import { ErrorNotice } from "../components/ErrorNotice/ErrorNotice.tsx";
import { RelativeTime } from "../components/RelativeTime/RelativeTime.tsx";
import { useToast } from "../components/Toast/Toast.tsx";
import { duration } from "../format/times.ts";
import type { Alerts, useAlertActions } from "../hooks/useAlerts.ts";
import styles from "./Settings.module.css";

interface Props {
  readonly alerts: Alerts;
  readonly actions: ReturnType<typeof useAlertActions>;
  readonly mayChange: boolean;
}

const lasting = [0, 5, 15, 30, 60, 120, 360, 720, 1_440].map((minutes) => minutes * 60_000);
const HOUR_MS = 3_600_000;

const delayLabel = (ms: number) => (ms === 0 ? "at once" : `after ${duration(ms / 1_000)}`);

/** What is told, and after how long. */
export function AlertRules({ alerts, actions, mayChange }: Props) {
  return (
    <section className={`card ${styles.card}`}>
      <h2>Rules</h2>
      <div className={styles.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Told</th>
              <th scope="col">On</th>
            </tr>
          </thead>
          <tbody>
            {alerts.rules.map(({ name, title, description, enabled, afterMs }) => {
              const change = (part: { enabled?: boolean; afterMs?: number }) =>
                actions.settings.mutate({ rules: { [name]: { enabled, afterMs, ...part } } });
              const choices = [...new Set([...lasting, afterMs])].sort((a, b) => a - b);
              return (
                <tr key={name}>
                  <td>
                    <strong>{title}</strong>
                    <br />
                    <span className="quiet">{description}</span>
                  </td>
                  <td>
                    <Select
                      size="xs"
                      aria-label={`${title} is told`}
                      data={choices.map((ms) => ({ value: String(ms), label: delayLabel(ms) }))}
                      allowDeselect={false}
                      disabled={!mayChange || !enabled}
                      value={String(afterMs)}
                      onChange={(value) => value !== null && change({ afterMs: Number(value) })}
                    />
                  </td>
                  <td>
                    <Switch
                      aria-label={title}
                      checked={enabled}
                      disabled={!mayChange}
                      onChange={(event) => change({ enabled: event.currentTarget.checked })}
                    />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Reminders, quiet hours and private networks. */
export function AlertTimes({ alerts, actions, mayChange }: Props) {
  const { quietHours, reminderMs, allowNetworks } = alerts;
  const [quiet, setQuiet] = useState(quietHours ?? { timezone: "UTC", from: "22:00", to: "07:00" });
  const [isQuiet, setIsQuiet] = useState(quietHours !== undefined);
  const [networks, setNetworks] = useState(allowNetworks.join(", "));
  const [reminder, setReminder] = useState(String(reminderMs));
  const toast = useToast();
  const { error } = actions.settings;
  const fields = error instanceof ApiError ? error.problem.fields : undefined;
  const range = Object.entries(fields ?? {}).find(([name]) => name.startsWith("allowNetworks"))?.[1];
  const save = () =>
    actions.settings.mutate(
      {
        quietHours: isQuiet ? quiet : null,
        reminderMs: Number(reminder),
        allowNetworks: networks.split(/[\s,;]+/).filter((one) => one !== ""),
      },
      { onSuccess: () => toast({ tone: "good", title: "Saved" }) },
    );
  const reminders = [...new Set([0, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS, reminderMs])].sort(
    (a, b) => a - b,
  );
  return (
    <section className={`card ${styles.card}`}>
      <h2>Times and networks</h2>
      {error && <ErrorNotice error={error} what="The settings were not saved" />}
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Select
          label="Remind of a problem that stays"
          data={reminders.map((ms) => ({
            value: String(ms),
            label: ms === 0 ? "never" : `every ${duration(ms / 1_000)}`,
          }))}
          allowDeselect={false}
          disabled={!mayChange}
          value={reminder}
          onChange={(value) => value !== null && setReminder(value)}
        />
        <Switch
          label="Quiet hours: only what is critical is sent"
          checked={isQuiet}
          disabled={!mayChange}
          onChange={(event) => setIsQuiet(event.currentTarget.checked)}
        />
        {isQuiet && <QuietHoursFields quiet={quiet} set={setQuiet} fields={fields} />}
        <TextInput
          label="Private networks to which alerts may be sent"
          description="Such as 10.20.0.0/16; public addresses need none"
          error={range}
          disabled={!mayChange}
          value={networks}
          onChange={(event) => setNetworks(event.currentTarget.value)}
        />
        {mayChange && (
          <div className={styles.buttons}>
            <Button type="submit" loading={actions.settings.isPending}>
              Save
            </Button>
          </div>
        )}
      </form>
    </section>
  );
}

type QuietHours = NonNullable<Alerts["quietHours"]>;

const quietFields: readonly {
  readonly name: keyof QuietHours;
  readonly label: string;
  readonly placeholder: string;
}[] = [
  { name: "from", label: "From", placeholder: "22:00" },
  { name: "to", label: "To", placeholder: "07:00" },
  { name: "timezone", label: "Timezone", placeholder: "Europe/Berlin" },
];

function QuietHoursFields({
  quiet,
  set,
  fields,
}: {
  readonly quiet: QuietHours;
  readonly set: (quiet: QuietHours) => void;
  readonly fields: Readonly<Record<string, string>> | undefined;
}) {
  return quietFields.map(({ name, label, placeholder }) => (
    <TextInput
      key={name}
      label={label}
      placeholder={placeholder}
      value={quiet[name]}
      error={fields?.[`quietHours.${name}`]}
      onChange={(event) => set({ ...quiet, [name]: event.currentTarget.value })}
    />
  ));
}

/** The address that is called while everything makes progress. */
export function AlertHeartbeat({ alerts, actions, mayChange }: Props) {
  const { address, intervalMs, beatAt, error } = alerts.heartbeat;
  const [url, setUrl] = useState("");
  const { heartbeat } = actions;
  const fields = heartbeat.error instanceof ApiError ? heartbeat.error.problem.fields : undefined;
  return (
    <section className={`card ${styles.card}`}>
      <h2>Heartbeat</h2>
      <p className="quiet">
        An address that is called every {duration(intervalMs / 1_000)} while every data source that is not paused makes
        progress. A service that misses the calls raises the alarm, also when this server is gone.
      </p>
      {address && (
        <p>
          Set <RelativeTime at={address.setAt} />
          {address.last4 && <>, ends with {address.last4}</>}. Last taken <RelativeTime at={beatAt} none="never" />.{" "}
          {error && <span className={styles.soon}>{error}</span>}
        </p>
      )}
      {mayChange && (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            heartbeat.mutate(url.trim(), { onSuccess: () => setUrl("") });
          }}
        >
          <TextInput
            label={address ? "Another address" : "Address"}
            placeholder="https://beat.example/…"
            error={fields?.url ?? heartbeat.error?.message}
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <div className={styles.buttons}>
            {address && (
              <Button variant="default" onClick={() => heartbeat.mutate(null)}>
                Remove
              </Button>
            )}
            <Button type="submit" loading={heartbeat.isPending} disabled={url.trim() === ""}>
              Save
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}
