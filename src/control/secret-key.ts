// The key that wraps every secret: where it comes from, whether it is the right one, and changing it.
import type { SecretKeyControl, SecretKeyStatus } from "../model/access.ts";
import {
  checkValueOf,
  matchesCheckValue,
  newSecretKey,
  parseSecretKey,
  type RandomBytes,
  rewrapSecret,
  type SecretKey,
} from "../security/secret-box.ts";
import type { Database } from "./database.ts";
import { readKeyFile, renameKeyFile, writeKeyFile } from "./key-file.ts";
import { refusal } from "./refusals.ts";
import { placeOf, sealedRow, secretRows, storeWrapped } from "./secret-rows.ts";
import { readSetting, writeSetting } from "./settings.ts";

export interface SecretKeyOptions {
  /** Path of `secret.key`. */
  readonly path: string;
  /** The key's text where the environment gives it; then the file is neither read nor written. */
  readonly fromEnvironment?: string | undefined;
  readonly randomBytes: RandomBytes;
  /** Looks only: makes and stores nothing. */
  readonly readOnly?: boolean | undefined;
}

export interface HeldSecretKey extends SecretKeyControl {
  /** The key, or a CollectorError `rejected` with reason `secret_key_missing` or `secret_key_wrong`. */
  require(): SecretKey;
}

/** Finds the key. One is made only where none is given and no secret exists yet. A wrong or missing key is a state, not an error. */
export function holdSecretKey(db: Database, options: SecretKeyOptions): HeldSecretKey {
  const source = options.fromEnvironment === undefined ? "file" : "environment";
  let held = find(db, options);
  const status = (): SecretKeyStatus => ({
    state: held.state,
    keyId: readSetting(db, "secret_key_id"),
    source,
  });
  return {
    status,
    require() {
      if (held.state === "ok") return held.key;
      throw held.state === "missing"
        ? refusal("secret_key_missing", "The key of the stored secrets is missing", enterKeyAction)
        : refusal("secret_key_wrong", "The key given is not the key of the stored secrets", enterKeyAction);
    },
    enter(value) {
      const key = parseSecretKey(value);
      const check = readSetting(db, "secret_key_check");
      if (check !== undefined && !matchesCheckValue(key, check))
        throw refusal(
          "secret_key_wrong",
          `The key with id ${key.id} is not the key of the stored secrets`,
          `Enter the key with id ${readSetting(db, "secret_key_id")}.`,
        );
      if (check === undefined) adopt(db, key, options.randomBytes);
      if (source === "file") writeKeyFile(options.path, value.trim());
      held = { state: "ok", key };
      return status();
    },
  };
}

/** What to do about a missing or wrong key. */
export const enterKeyAction =
  "Put the saved secret.key back into the data directory, or enter the key in Settings; if it is lost for good, run cistern keys forget and enter the secrets anew.";

type Held =
  | { readonly state: "ok"; readonly key: SecretKey }
  | { readonly state: "missing" }
  | { readonly state: "wrong" };

function find(db: Database, options: SecretKeyOptions): Held {
  const check = readSetting(db, "secret_key_check");
  const needed = check !== undefined && secretRows(db).length > 0;
  const found = options.fromEnvironment === undefined ? readKeyFile(options.path) : options.fromEnvironment;
  if (found === undefined) {
    if (needed) return adoptRotated(options, check) ?? { state: "missing" };
    return options.readOnly ? { state: "missing" } : { state: "ok", key: make(db, options) };
  }
  const key = readable(found);
  if (key === undefined) return { state: "wrong" };
  if (check !== undefined && matchesCheckValue(key, check)) return { state: "ok", key };
  if (needed) return adoptRotated(options, check) ?? { state: "wrong" };
  if (!options.readOnly) adopt(db, key, options.randomBytes);
  return { state: "ok", key };
}

// A rotation that was cut off after its commit and before the rename left the right key beside the old one.
function adoptRotated({ path, fromEnvironment, readOnly }: SecretKeyOptions, check: string): Held | undefined {
  if (fromEnvironment !== undefined) return undefined;
  const text = readKeyFile(`${path}.new`);
  const key = text === undefined ? undefined : readable(text);
  if (key === undefined || !matchesCheckValue(key, check)) return undefined;
  if (!readOnly) renameKeyFile(`${path}.new`, path);
  return { state: "ok", key };
}

function make(db: Database, { path, randomBytes }: SecretKeyOptions): SecretKey {
  const { key, text } = newSecretKey(randomBytes);
  writeKeyFile(path, text);
  adopt(db, key, randomBytes);
  return key;
}

function adopt(db: Database, key: SecretKey, randomBytes: RandomBytes) {
  db.transaction(() => {
    writeSetting(db, "secret_key_id", key.id);
    writeSetting(db, "secret_key_check", checkValueOf(key, randomBytes));
  });
}

/**
 * Wraps every stored secret with a new key, in one transaction. With `to` undefined a key is made and put in place of the file;
 * a crash at any moment leaves either the old key or the new one in force, and the file that fits.
 */
export function rotateSecretKey(
  db: Database,
  held: HeldSecretKey,
  options: SecretKeyOptions & { readonly to?: string | undefined },
): { readonly keyId: string; readonly secrets: number } {
  const from = held.require();
  const made = options.to === undefined ? newSecretKey(options.randomBytes) : undefined;
  const key = made?.key ?? parseSecretKey(options.to!);
  const inFile = options.fromEnvironment === undefined;
  if (inFile) writeKeyFile(`${options.path}.new`, made?.text ?? options.to!.trim());
  const secrets = db.transaction(() => {
    const rows = secretRows(db);
    for (const row of rows)
      storeWrapped(db, row, rewrapSecret(from, key, placeOf(row), sealedRow(row), options.randomBytes));
    adopt(db, key, options.randomBytes);
    return rows.length;
  });
  if (inFile) renameKeyFile(`${options.path}.new`, options.path);
  return { keyId: key.id, secrets };
}

/**
 * Gives up secrets that no key opens any more; the next start makes a new key, and they are entered anew. Returns how many went.
 * Refused with `secret_key_works` where the key is there: then nothing is lost.
 */
export function forgetSecrets(db: Database, held: HeldSecretKey): number {
  if (held.status().state === "ok")
    throw refusal(
      "secret_key_works",
      "The key opens the stored secrets, so there is nothing to give up",
      "Replace single secrets in the console.",
    );
  return db.transaction(() => db.run("DELETE FROM secrets"));
}

function readable(text: string): SecretKey | undefined {
  try {
    return parseSecretKey(text);
  } catch (error) {
    if ((error as { reason?: unknown }).reason === "secret_key_malformed") return undefined;
    throw error;
  }
}
