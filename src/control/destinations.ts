// Destinations in control.db.
import type { DestinationPlan } from "../model/delivery-plan.ts";
import {
  type DestinationChange,
  type DestinationControl,
  type DestinationKinds,
  type InstalledDestination,
  isOperation,
  type NewDestination,
} from "../model/destinations.ts";
import { newId } from "../model/ids.ts";
import type { FormatName } from "../model/outgoing.ts";
import type { RandomBytes } from "../security/secret-box.ts";
import { allCollectors } from "./collectors.ts";
import type { Database, Row } from "./database.ts";
import { openedSettings } from "./plans.ts";
import { cleanName, nameKey, notFound, refusal } from "./refusals.ts";
import type { HeldSecretKey } from "./secret-key.ts";
import { openSecrets, secretInfos, storeSecret } from "./secret-rows.ts";

/** Name of the key of the pseudonyms among a destination's secrets; no setting has this name. */
const PSEUDONYM_KEY = "pseudonym_key";

export interface DestinationParts {
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
}

/** A configuration file may also change what it manages. */
export interface FileDestinations {
  updateDestinationFromFile(
    id: string,
    change: DestinationChange & Partial<Pick<InstalledDestination, "managedBy" | "kind">>,
    secrets: Readonly<Record<string, string>>,
  ): InstalledDestination;
}

export function destinationsOver(
  db: Database,
  key: HeldSecretKey,
  { now, randomBytes }: DestinationParts,
): DestinationControl & FileDestinations {
  const at = () => now().toISOString();
  const seal = (ownerId: string, name: string, value: string) =>
    storeSecret(db, key.require(), { ownerId, name, value, at: at() }, randomBytes);
  const change = (
    id: string,
    after: Partial<InstalledDestination>,
    secrets: Readonly<Record<string, string | null>>,
  ) => {
    const written = write(db, { ...requireDestination(db, id), ...after, updatedAt: at() });
    for (const [name, value] of Object.entries(secrets))
      if (value === null) db.run("DELETE FROM secrets WHERE owner_id = ? AND name = ?", id, name);
      else seal(id, name, value);
    return written;
  };
  return {
    destinations: () => db.all("SELECT * FROM destinations ORDER BY name_key").map(toDestination),
    destination: (id) => find(db, id),
    createDestination: (given, secrets) =>
      db.transaction(() => {
        const id = newId("dest", randomBytes);
        const created = insert(db, { ...given, id, createdAt: at(), updatedAt: at() });
        seal(id, PSEUDONYM_KEY, Buffer.from(randomBytes(32)).toString("hex"));
        for (const [name, value] of Object.entries(secrets)) seal(id, name, value);
        return created;
      }),
    updateDestination: (id, after, secrets, addressOf) =>
      db.transaction(() => {
        const before = requireDestination(db, id);
        if (!isOperation(after)) refuseOfFile(before);
        if (leadsElsewhere(before, after, addressOf)) forgetSecrets(db, id);
        return change(id, after, secrets);
      }),
    updateDestinationFromFile: (id, after, secrets) => db.transaction(() => change(id, after, secrets)),
    deleteDestination: (id) =>
      db.transaction(() => {
        refuseOfFile(requireDestination(db, id));
        db.run("DELETE FROM secrets WHERE owner_id = ?", id);
        db.run("DELETE FROM destinations WHERE id = ?", id);
      }),
    destinationSecrets: (id) => secretInfos(db, id).filter(({ name }) => name !== PSEUDONYM_KEY),
    destinationSettings: (id) => {
      const { [PSEUDONYM_KEY]: _, ...secrets } = openSecrets(db, key.require, id);
      return { ...requireDestination(db, id).settings, ...secrets };
    },
    destinationPlans: (parse) =>
      db.all("SELECT * FROM destinations ORDER BY name_key").map((row) => planOf(db, key, toDestination(row), parse)),
  };
}

function planOf(
  db: Database,
  key: HeldSecretKey,
  destination: InstalledDestination,
  parse: DestinationKinds["parse"],
): DestinationPlan {
  const { collectorIds, createdAt: _created, updatedAt: _updated, managedBy: _managed, ...facts } = destination;
  const collectors = allCollectors(db).filter(({ id }) => collectorIds === undefined || collectorIds.includes(id));
  let pseudonymKey = "";
  const opened = openedSettings(
    () => {
      const { [PSEUDONYM_KEY]: own = "", ...secrets } = openSecrets(db, key.require, destination.id);
      pseudonymKey = own;
      return { ...destination.settings, ...secrets };
    },
    (settings) => parse(destination.kind, settings),
  );
  return {
    ...facts,
    ...opened,
    pseudonymKey,
    collectors: collectors.map(({ id, name, connector }) => ({ id, name, connector })),
  };
}

/** Whoever can edit an address could otherwise have the secret sent to it. */
function leadsElsewhere(
  before: InstalledDestination,
  { settings: after }: DestinationChange,
  addressOf: DestinationKinds["addressOf"],
): boolean {
  if (after === undefined) return false;
  return addressOf(before.kind).some((name) => JSON.stringify(before.settings[name]) !== JSON.stringify(after[name]));
}

const forgetSecrets = (db: Database, id: string) =>
  db.run("DELETE FROM secrets WHERE owner_id = ? AND name <> ?", id, PSEUDONYM_KEY);

function insert(db: Database, given: NewDestination & Pick<InstalledDestination, "id" | "createdAt" | "updatedAt">) {
  const destination = { ...given, name: cleanName(given.name) };
  refuseTakenName(db, destination);
  const row = toRow(destination);
  const columns = Object.keys(row);
  db.run(
    `INSERT INTO destinations (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    ...Object.values(row),
  );
  return destination;
}

function write(db: Database, given: InstalledDestination): InstalledDestination {
  const destination = { ...given, name: cleanName(given.name) };
  refuseTakenName(db, destination);
  const row = toRow(destination);
  const set = Object.keys(row).map((column) => `${column} = ?`);
  db.run(`UPDATE destinations SET ${set.join(", ")} WHERE id = ?`, ...Object.values(row), destination.id);
  return destination;
}

function refuseTakenName(db: Database, { id, name }: Pick<InstalledDestination, "id" | "name">) {
  if (db.get("SELECT 1 FROM destinations WHERE name_key = ? AND id <> ?", nameKey(name), id) !== undefined)
    throw refusal("name_taken", `There is a destination named ${name} already`, "Choose another name.");
}

function refuseOfFile({ managedBy, name }: InstalledDestination) {
  if (managedBy !== "file") return;
  throw refusal(
    "managed_by_file",
    `${name} is managed by the configuration file`,
    "Change it in the configuration file and start the server again.",
  );
}

function find(db: Database, id: string): InstalledDestination | undefined {
  const row = db.get("SELECT * FROM destinations WHERE id = ?", id);
  return row && toDestination(row);
}

function requireDestination(db: Database, id: string): InstalledDestination {
  const destination = find(db, id);
  if (destination === undefined) throw notFound("destination", id);
  return destination;
}

const jsonOrNull = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
const parsed = <T>(value: unknown) => (value === null ? undefined : (JSON.parse(value as string) as T));

const toRow = (destination: InstalledDestination): Row => ({
  id: destination.id,
  name: destination.name,
  name_key: nameKey(destination.name),
  kind: destination.kind,
  settings: JSON.stringify(destination.settings),
  format: destination.format,
  filter: jsonOrNull(destination.filter),
  masking: jsonOrNull(destination.masking),
  collector_ids: jsonOrNull(destination.collectorIds),
  begins: destination.from,
  max_batch_events: destination.maxBatchEvents ?? null,
  max_batch_bytes: destination.maxBatchBytes ?? null,
  max_age_ms: destination.maxAgeMs ?? null,
  paused: destination.paused ? 1 : 0,
  managed_by: destination.managedBy,
  created_at: destination.createdAt,
  updated_at: destination.updatedAt,
});

const toDestination = (row: Row): InstalledDestination => ({
  id: row.id as string,
  name: row.name as string,
  kind: row.kind as string,
  settings: JSON.parse(row.settings as string) as InstalledDestination["settings"],
  format: row.format as FormatName,
  filter: parsed(row.filter),
  masking: parsed(row.masking),
  collectorIds: parsed(row.collector_ids),
  from: row.begins as InstalledDestination["from"],
  maxBatchEvents: (row.max_batch_events as number | null) ?? undefined,
  maxBatchBytes: (row.max_batch_bytes as number | null) ?? undefined,
  maxAgeMs: (row.max_age_ms as number | null) ?? undefined,
  paused: row.paused === 1,
  managedBy: row.managed_by as InstalledDestination["managedBy"],
  createdAt: row.created_at as string,
  updatedAt: row.updated_at as string,
});
