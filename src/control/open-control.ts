// control.db as a whole: the two contracts it fulfils, over one connection.
import type { Access, SecretKeyControl } from "../model/access.ts";
import type { AlertStore } from "../model/alerts.ts";
import type { Collector } from "../model/collector.ts";
import type { CollectorChange, Control } from "../model/control.ts";
import type { DestinationControl } from "../model/destinations.ts";
import { newId } from "../model/ids.ts";
import type { PasswordCost } from "../security/password.ts";
import type { RandomBytes } from "../security/secret-box.ts";
import { openAccess, type SessionLimits } from "./access.ts";
import { alertsOver, type FileAlerts } from "./alerts.ts";
import { allCollectors, changeCollector, findCollector, insertCollector, requireCollector } from "./collectors.ts";
import { type Database, openDatabase } from "./database.ts";
import { destinationsOver, type FileDestinations } from "./destinations.ts";
import { allDrafts, deleteDraft, findDraft, requireDraft, writeDraft } from "./drafts.ts";
import { plansOf } from "./plans.ts";
import { notFound, refusal } from "./refusals.ts";
import {
  forgetSecrets,
  type HeldSecretKey,
  holdSecretKey,
  rotateSecretKey,
  type SecretKeyOptions,
} from "./secret-key.ts";
import { openSecrets, secretInfos, storeSecret } from "./secret-rows.ts";
import { readSetting, writeSetting } from "./settings.ts";
import { allSites, deleteSite, insertSite, renameSite } from "./sites.ts";

export interface ControlOptions {
  /** Path of control.db. */
  readonly path: string;
  /** Path of `secret.key`. */
  readonly secretKeyPath: string;
  /** The key's text where the environment gives it instead of the file. */
  readonly secretKey?: string | undefined;
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
  /** Looks only: makes no file, no key and no change. Works while a server runs. */
  readonly readOnly?: boolean | undefined;
  readonly passwordCost?: PasswordCost | undefined;
  readonly sessionLimits?: SessionLimits | undefined;
}

/** What a configuration file may do beyond the console. */
export interface FileUpdates {
  /** Like `updateCollector`, and allowed on collectors that a file manages. */
  updateFromFile(id: string, change: FileChange): Collector;
}

/** Several changes as one. */
export interface Transactions {
  /** The changes of `work`, those of `Access` included, are one transaction: all of them, or none. `work` does not wait for anything. */
  together<T>(work: () => T): T;
}

export type FileChange = CollectorChange & Partial<Pick<Collector, "managedBy">>;

export interface OpenControl {
  readonly control: Control & FileUpdates & Transactions;
  readonly access: Access;
  readonly alerts: AlertStore & FileAlerts;
  readonly destinations: DestinationControl & FileDestinations;
  readonly secretKey: SecretKeyControl;
  /** Wraps every secret with another key: the text given, or a new one, which replaces `secret.key`. */
  rotateSecretKey(to?: string): { readonly keyId: string; readonly secrets: number };
  /** Gives up the secrets of a key that is lost for good. Returns how many. */
  forgetSecrets(): number;
  /** Another number whenever somebody else, such as the command line, has written to control.db; our own changes leave it. */
  changedByOthers(): number;
}

/** Opens control.db and finds its key. Throws `config_invalid` on a schema that is not this program's, `storage` on a failing disk. */
export function openControl(options: ControlOptions): OpenControl {
  const db = openDatabase(options.path, options);
  const keyOptions: SecretKeyOptions = {
    path: options.secretKeyPath,
    fromEnvironment: options.secretKey,
    randomBytes: options.randomBytes,
    readOnly: options.readOnly,
  };
  try {
    const held = holdSecretKey(db, keyOptions);
    return {
      control: controlOver(db, held, options),
      access: openAccess(db, options),
      alerts: alertsOver(db, held, options),
      destinations: destinationsOver(db, held, options),
      secretKey: held,
      rotateSecretKey: (to) => rotateSecretKey(db, held, { ...keyOptions, to }),
      forgetSecrets: () => forgetSecrets(db, held),
      changedByOthers: () => Number(db.get("PRAGMA data_version")!.data_version),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

function controlOver(db: Database, key: HeldSecretKey, options: ControlOptions): Control & FileUpdates & Transactions {
  const at = () => options.now().toISOString();
  const id = (prefix: "col" | "site" | "draft") => newId(prefix, options.randomBytes);
  return {
    sites: () => allSites(db),
    createSite: (name) => db.transaction(() => insertSite(db, id("site"), name, at())),
    renameSite: (siteId, name) => db.transaction(() => renameSite(db, siteId, name)),
    deleteSite: (siteId) => db.transaction(() => deleteSite(db, siteId)),

    collectors: () => allCollectors(db),
    collector: (collectorId) => findCollector(db, collectorId),
    createCollector: (collector, secrets) =>
      db.transaction(() => {
        const created = insertCollector(db, id("col"), collector, at());
        for (const [name, value] of Object.entries(secrets))
          storeSecret(db, key.require(), { ownerId: created.id, name, value, at: at() }, options.randomBytes);
        return created;
      }),
    updateCollector: (collectorId, change) =>
      db.transaction(() => {
        refuseEditOfFile(requireCollector(db, collectorId), Object.keys(change));
        return changeCollector(db, collectorId, change, at());
      }),
    updateFromFile: (collectorId, change) => db.transaction(() => changeCollector(db, collectorId, change, at())),
    deleteCollector: (collectorId) =>
      db.transaction(() => {
        refuseEditOfFile(requireCollector(db, collectorId), ["id"]);
        db.run("DELETE FROM secrets WHERE owner_id = ?", collectorId);
        db.run("DELETE FROM collectors WHERE id = ?", collectorId);
      }),
    plans: (parse) => plansOf(db, key, parse),
    setting: (name) => readSetting(db, settingName(name)),
    setSetting: (name, value) => writeSetting(db, settingName(name), value),
    together: (work) => db.transaction(work),
    close: () => db.close(),
    ...secretsOver(db, key, options),
    ...draftsOver(db, key, options),
  };
}

function secretsOver(db: Database, key: HeldSecretKey, { now, randomBytes }: ControlOptions) {
  return {
    secrets: (collectorId) => secretInfos(db, collectorId),
    setSecret: (collectorId, name, value) =>
      db.transaction(() => {
        requireCollector(db, collectorId);
        const at = now().toISOString();
        return storeSecret(db, key.require(), { ownerId: collectorId, name, value, at }, randomBytes);
      }),
    clearSecret: (collectorId, name) => {
      if (db.run("DELETE FROM secrets WHERE owner_id = ? AND name = ?", collectorId, name) === 0)
        throw notFound("secret", name);
    },
    settingsWithSecrets: (owner) => {
      const id = "draftId" in owner ? owner.draftId : owner.collectorId;
      const settings = "draftId" in owner ? requireDraft(db, id).values : requireCollector(db, id).settings;
      return { ...settings, ...openSecrets(db, key.require, id) };
    },
  } satisfies Partial<Control>;
}

function draftsOver(db: Database, key: HeldSecretKey, { now, randomBytes }: ControlOptions) {
  return {
    drafts: () => allDrafts(db),
    draft: (id) => findDraft(db, id),
    saveDraft: ({ id, connector, values, secrets = {} }, by) =>
      db.transaction(() => {
        const at = now().toISOString();
        if (id !== undefined) requireDraft(db, id);
        const draftId = id ?? newId("draft", randomBytes);
        writeDraft(db, { id: draftId, connector, values, updatedAt: at, updatedBy: by });
        for (const [name, value] of Object.entries(secrets))
          if (value === "") db.run("DELETE FROM secrets WHERE owner_id = ? AND name = ?", draftId, name);
          else storeSecret(db, key.require(), { ownerId: draftId, name, value, at }, randomBytes);
        return requireDraft(db, draftId);
      }),
    deleteDraft: (id) => db.transaction(() => deleteDraft(db, id)),
  } satisfies Partial<Control>;
}

// Pausing is operation, not configuration: it is allowed on every collector.
function refuseEditOfFile({ managedBy, name }: Collector, keys: readonly string[]) {
  if (managedBy !== "file" || keys.every((key) => key === "paused" || key === "pausedDataSources")) return;
  throw refusal(
    "managed_by_file",
    `${name} is managed by the configuration file`,
    "Change it in the configuration file and start the server again.",
  );
}

// The settings of the caller stand apart from those that this folder keeps for itself.
const settingName = (name: string) => `user.${name}`;
