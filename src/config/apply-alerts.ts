import type { AlertChannel, AlertStore, ChannelChange } from "../model/alerts.ts";
import { CollectorError } from "../model/errors.ts";
import type { ConfiguredAlerts, ConfiguredChannel } from "./configuration.ts";
import { nameKey } from "./names.ts";

/** The part of the alerts that a file needs. */
export type FileAlertStore = Pick<
  AlertStore,
  "settings" | "saveSettings" | "channels" | "createChannel" | "secretsOf" | "heartbeatUrl" | "setHeartbeat"
> & {
  updateChannelFromFile(id: string, change: ChannelChange, secrets: Readonly<Record<string, string>>): AlertChannel;
};

/**
 * Brings the alerts in line with the file: what it names is set, what it leaves out stays as it is. A channel that has left the
 * file stays in force and is managed in the console. Applying twice changes nothing.
 */
export function applyAlerts(alerts: FileAlertStore, file: ConfiguredAlerts | undefined): void {
  if (file !== undefined) {
    applySettings(alerts, file);
    for (const channel of file.channels) applyChannel(alerts, channel);
  }
  const named = new Set(file?.channels.map(({ name }) => nameKey(name)));
  for (const { id, name, managedBy } of alerts.channels())
    if (managedBy === "file" && !named.has(nameKey(name)))
      alerts.updateChannelFromFile(id, { managedBy: "console" }, {});
}

function applySettings(
  alerts: FileAlertStore,
  { rules, reminderMs, quietHours, heartbeat, allowNetworks }: ConfiguredAlerts,
) {
  const before = alerts.settings();
  const after = {
    ...before,
    rules: { ...before.rules, ...rules },
    reminderMs: reminderMs ?? before.reminderMs,
    quietHours: quietHours ?? before.quietHours,
    heartbeatMs: heartbeat?.intervalMs ?? before.heartbeatMs,
    allowNetworks: allowNetworks ?? before.allowNetworks,
  };
  if (JSON.stringify(after) !== JSON.stringify(before)) alerts.saveSettings(after);
  if (heartbeat !== undefined && opened(() => alerts.heartbeatUrl()) !== heartbeat.url)
    alerts.setHeartbeat(heartbeat.url);
}

function applyChannel(alerts: FileAlertStore, wanted: ConfiguredChannel) {
  const { name, kind, settings, leastSeverity, enabled, secrets } = wanted;
  const change = { name, settings, leastSeverity, enabled, managedBy: "file" } as const;
  const existing = alerts.channels().find((channel) => nameKey(channel.name) === nameKey(name));
  if (existing?.kind === kind) {
    const stored = opened(() => alerts.secretsOf(existing.id)) ?? {};
    const moved = Object.keys({ ...settings, ...existing.settings }).some(
      (key) => JSON.stringify(settings[key]) !== JSON.stringify(existing.settings[key]),
    );
    const changed = Object.entries(secrets).filter(([key, value]) => moved || stored[key] !== value);
    const differs =
      moved ||
      Object.entries(change).some(
        ([key, value]) => key !== "settings" && existing[key as keyof AlertChannel] !== value,
      );
    if (differs || changed.length > 0) alerts.updateChannelFromFile(existing.id, change, Object.fromEntries(changed));
    return;
  }
  if (existing)
    alerts.updateChannelFromFile(
      existing.id,
      { name: freeName(alerts, name), managedBy: "console", enabled: false },
      {},
    );
  alerts.createChannel({ ...change, kind }, secrets);
}

// Without the data folder's key nothing can be compared; what is then written is refused, and the start says why.
function opened<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CollectorError && error.code === "rejected") return undefined;
    throw error;
  }
}

function freeName(alerts: FileAlertStore, name: string): string {
  const taken = new Set(alerts.channels().map((channel) => nameKey(channel.name)));
  for (let number = 2; ; number++) if (!taken.has(nameKey(`${name} (${number})`))) return `${name} (${number})`;
}
