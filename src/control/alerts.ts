// Alerts in control.db: channels with their secrets, settings, what is known of each problem, and the outbox.
import { completeSettings } from "../model/alert-decisions.ts";
import {
  type AlertChannel,
  type AlertSettings,
  type AlertStore,
  type ChannelChange,
  type ChannelKind,
  defaultAlertSettings,
  type NewChannel,
  type Severity,
} from "../model/alerts.ts";
import { newId } from "../model/ids.ts";
import type { RandomBytes } from "../security/secret-box.ts";
import { outboxOver } from "./alert-outbox.ts";
import type { Database, Row } from "./database.ts";
import { cleanName, nameKey, notFound, refusal } from "./refusals.ts";
import type { HeldSecretKey } from "./secret-key.ts";
import { openSecrets, secretInfos, storeSecret } from "./secret-rows.ts";
import { readSetting, writeSetting } from "./settings.ts";

export interface AlertStoreParts {
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
}

/** A configuration file may also change what it manages. */
export interface FileAlerts {
  updateChannelFromFile(id: string, change: ChannelChange, secrets: Readonly<Record<string, string>>): AlertChannel;
}

const SETTINGS = "alerts.settings";
/** Owner and name of the heartbeat's address among the secrets: such addresses let anybody say that all is well. */
const OWNER = "alerts";
const HEARTBEAT = "heartbeat_url";

/** The part of a channel's settings that says where its secrets go. */
const addressFields: Readonly<Record<ChannelKind, readonly string[]>> = {
  webhook: ["url"],
  slack: [],
  email: ["host", "port", "security", "username"],
};

export function alertsOver(db: Database, key: HeldSecretKey, parts: AlertStoreParts): AlertStore & FileAlerts {
  const at = () => parts.now().toISOString();
  const seal = (ownerId: string, name: string, value: string) =>
    storeSecret(db, key.require(), { ownerId, name, value, at: at() }, parts.randomBytes);
  const update = (id: string, change: ChannelChange, secrets: Readonly<Record<string, string>>) => {
    const before = requireChannel(db, id);
    const after = { ...before, ...change };
    if (addressChanged(before, after)) db.run("DELETE FROM secrets WHERE owner_id = ?", id);
    writeChannel(db, after, at());
    for (const [name, value] of Object.entries(secrets)) seal(id, name, value);
    return requireChannel(db, id);
  };
  return {
    settings: () => settingsIn(db),
    saveSettings: (settings) => writeSetting(db, SETTINGS, JSON.stringify(settings)),
    heartbeat: () => secretInfos(db, OWNER).find(({ name }) => name === HEARTBEAT),
    heartbeatUrl: () => openSecrets(db, key.require, OWNER)[HEARTBEAT],
    setHeartbeat: (url) =>
      db.transaction(() => {
        db.run("DELETE FROM secrets WHERE owner_id = ? AND name = ?", OWNER, HEARTBEAT);
        if (url !== undefined) seal(OWNER, HEARTBEAT, url);
      }),
    channels: () => db.all("SELECT * FROM alert_channels ORDER BY name_key").map((row) => toChannel(db, row)),
    channel: (id) => findChannel(db, id),
    createChannel: (channel, secrets) =>
      db.transaction(() => {
        const id = newId("chan", parts.randomBytes);
        insertChannel(db, id, channel, at());
        for (const [name, value] of Object.entries(secrets)) seal(id, name, value);
        return requireChannel(db, id);
      }),
    updateChannel: (id, change, secrets) =>
      db.transaction(() => {
        refuseOfFile(requireChannel(db, id));
        return update(id, change, secrets);
      }),
    updateChannelFromFile: (id, change, secrets) => db.transaction(() => update(id, change, secrets)),
    deleteChannel: (id) =>
      db.transaction(() => {
        refuseOfFile(requireChannel(db, id));
        db.run("DELETE FROM secrets WHERE owner_id = ?", id);
        db.run("DELETE FROM alert_channels WHERE id = ?", id);
      }),
    secretsOf: (id) => openSecrets(db, key.require, id),
    ...outboxOver(db),
  };
}

function settingsIn(db: Database): AlertSettings {
  const stored = readSetting(db, SETTINGS);
  return completeSettings(stored === undefined ? {} : (JSON.parse(stored) as AlertSettings), defaultAlertSettings);
}

function insertChannel(db: Database, id: string, channel: NewChannel, at: string) {
  const name = cleanName(channel.name);
  refuseTakenName(db, name, id);
  db.run(
    `INSERT INTO alert_channels (id, name, name_key, kind, settings, least_severity, enabled, managed_by, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    name,
    nameKey(name),
    channel.kind,
    JSON.stringify(channel.settings),
    channel.leastSeverity,
    Number(channel.enabled),
    channel.managedBy,
    at,
    at,
  );
}

function writeChannel(db: Database, channel: AlertChannel, at: string) {
  const name = cleanName(channel.name);
  refuseTakenName(db, name, channel.id);
  db.run(
    `UPDATE alert_channels SET name = ?, name_key = ?, settings = ?, least_severity = ?, enabled = ?, managed_by = ?,
     updated_at = ? WHERE id = ?`,
    name,
    nameKey(name),
    JSON.stringify(channel.settings),
    channel.leastSeverity,
    Number(channel.enabled),
    channel.managedBy,
    at,
    channel.id,
  );
}

const addressChanged = (before: AlertChannel, after: AlertChannel) =>
  addressFields[before.kind].some((name) => before.settings[name] !== after.settings[name]);

function refuseTakenName(db: Database, name: string, id: string) {
  if (db.get("SELECT 1 FROM alert_channels WHERE name_key = ? AND id <> ?", nameKey(name), id) !== undefined)
    throw refusal("name_taken", `There is an alert channel named ${name} already`, "Choose another name.");
}

function refuseOfFile({ managedBy, name }: AlertChannel) {
  if (managedBy !== "file") return;
  throw refusal(
    "managed_by_file",
    `${name} is managed by the configuration file`,
    "Change it in the configuration file and start the server again.",
  );
}

function findChannel(db: Database, id: string): AlertChannel | undefined {
  const row = db.get("SELECT * FROM alert_channels WHERE id = ?", id);
  return row && toChannel(db, row);
}

function requireChannel(db: Database, id: string): AlertChannel {
  const channel = findChannel(db, id);
  if (channel === undefined) throw notFound("alert channel", id);
  return channel;
}

const toChannel = (db: Database, row: Row): AlertChannel => ({
  id: row.id as string,
  name: row.name as string,
  kind: row.kind as ChannelKind,
  settings: JSON.parse(row.settings as string) as AlertChannel["settings"],
  secrets: secretInfos(db, row.id as string),
  leastSeverity: row.least_severity as Severity,
  enabled: row.enabled === 1,
  managedBy: row.managed_by as AlertChannel["managedBy"],
  sent: row.sent as number,
  failed: row.failed as number,
  createdAt: row.created_at as string,
  updatedAt: row.updated_at as string,
});
