// Envelope encryption: each secret has a random key of its own, and that key is wrapped by the key of the data dir.
import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import { CollectorError } from "../model/errors.ts";

/** The 256-bit key of a data dir. It stands in a file or in the environment, never in the database. */
export interface SecretKey {
  /** 8 hex digits that name the key and tell nothing of it. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Where a secret stands. It is bound to that place: a ciphertext moved to another row cannot be opened. */
export interface SecretPlace {
  readonly table: string;
  readonly row: string;
  readonly column: string;
}

/** What is stored of a secret. */
export interface SealedSecret {
  readonly keyId: string;
  readonly wrappedKey: Uint8Array;
  readonly sealed: Uint8Array;
}

export type RandomBytes = (count: number) => Uint8Array;

const version = 1;
const checkText = "cistern secret key";

/** Reads a key: 32 bytes as base64, base64url or hex. Throws `config_invalid` with reason `secret_key_malformed`. */
export function parseSecretKey(text: string): SecretKey {
  const trimmed = text.trim();
  const bytes = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, "hex") : fromBase64(trimmed);
  if (bytes === undefined || bytes.length !== 32 || new Set(bytes).size < 8)
    throw new CollectorError("config_invalid", "The secret key is not 32 random bytes in base64 or hex", {
      reason: "secret_key_malformed",
      action: "Enter the content of the data directory's secret.key as it was saved.",
    });
  return { id: keyId(bytes), bytes };
}

/** A new key, with the text that goes into its file. */
export function newSecretKey(randomBytes: RandomBytes): { readonly key: SecretKey; readonly text: string } {
  const bytes = randomBytes(32);
  return { key: { id: keyId(bytes), bytes }, text: Buffer.from(bytes).toString("base64") };
}

/** Encrypts a secret for its place. */
export function sealSecret(key: SecretKey, place: SecretPlace, value: string, randomBytes: RandomBytes): SealedSecret {
  const own = Buffer.from(randomBytes(32));
  const sealed = encrypt(own, valueContext(place), Buffer.from(value, "utf8"), randomBytes);
  const wrappedKey = encrypt(key.bytes, wrapContext(place, key.id), own, randomBytes);
  own.fill(0);
  return { keyId: key.id, wrappedKey, sealed };
}

/** The secret. Throws where key, place or bytes are not those it was sealed with. */
export function openSecret(key: SecretKey, place: SecretPlace, secret: SealedSecret): string {
  const own = decrypt(key.bytes, wrapContext(place, secret.keyId), secret.wrappedKey);
  const value = decrypt(own, valueContext(place), secret.sealed);
  const text = value.toString("utf8");
  own.fill(0);
  value.fill(0);
  return text;
}

/** The same secret under another key; its own ciphertext stays as it is. */
export function rewrapSecret(
  from: SecretKey,
  to: SecretKey,
  place: SecretPlace,
  secret: SealedSecret,
  randomBytes: RandomBytes,
): SealedSecret {
  const own = decrypt(from.bytes, wrapContext(place, secret.keyId), secret.wrappedKey);
  const wrappedKey = encrypt(to.bytes, wrapContext(place, to.id), own, randomBytes);
  own.fill(0);
  return { keyId: to.id, wrappedKey, sealed: secret.sealed };
}

/** A value by which a key can be recognised later; it may stand in the database. */
export function checkValueOf(key: SecretKey, randomBytes: RandomBytes): string {
  return Buffer.from(encrypt(key.bytes, "check", Buffer.from(checkText), randomBytes)).toString("base64");
}

/** Whether this key made that check value. */
export function matchesCheckValue(key: SecretKey, checkValue: string): boolean {
  try {
    return decrypt(key.bytes, "check", Buffer.from(checkValue, "base64")).toString() === checkText;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

function encrypt(key: Uint8Array, context: string, plain: Uint8Array, randomBytes: RandomBytes): Uint8Array {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context, "utf8"));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: Uint8Array, context: string, sealed: Uint8Array): Buffer {
  if (sealed[0] !== version || sealed.length < 29) throw new Error("Unknown format of a sealed secret");
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, 13), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(context, "utf8")).setAuthTag(sealed.subarray(13, 29));
  return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]);
}

const placeText = ({ table, row, column }: SecretPlace) => JSON.stringify([version, table, row, column]);
const valueContext = (place: SecretPlace) => `value ${placeText(place)}`;
const wrapContext = (place: SecretPlace, id: string) => `key ${id} ${placeText(place)}`;

const keyId = (bytes: Uint8Array) => createHmac("sha256", bytes).update("cistern key id").digest("hex").slice(0, 8);

function fromBase64(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, "base64") : undefined;
}
