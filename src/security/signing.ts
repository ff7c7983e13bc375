// Ed25519 signatures over exact bytes, and the texts that keys are kept and shown as.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { CollectorError } from "../model/errors.ts";

/** A key that signs. Its private half stands in a file of the data dir and never leaves it. */
export interface SigningKey {
  /** The 32 bytes of the public key, 64 hex digits. */
  readonly publicKey: string;
  /** The signature over these bytes, 128 hex digits. */
  sign(bytes: Uint8Array): string;
}

// What stands before the 32 bytes of a key in DER (RFC 8410).
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** A new key, with the PEM text that goes into its file. */
export function newSigningKey(randomBytes: (count: number) => Uint8Array): {
  readonly key: SigningKey;
  readonly pem: string;
} {
  const der = Buffer.concat([PRIVATE_PREFIX, randomBytes(32)]);
  const object = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  der.fill(0);
  return { key: keyOf(object), pem: object.export({ format: "pem", type: "pkcs8" }) as string };
}

/** Reads a key's file. Throws `config_invalid` with reason `signing_key_malformed`. */
export function parseSigningKey(pem: string): SigningKey {
  let object: KeyObject;
  try {
    object = createPrivateKey(pem);
  } catch (cause) {
    throw malformed("The signing key cannot be read", cause);
  }
  if (object.asymmetricKeyType !== "ed25519") throw malformed("The signing key is not an Ed25519 key");
  return keyOf(object);
}

const keyOf = (object: KeyObject): SigningKey => ({
  publicKey: rawPublicKey(createPublicKey(object)),
  sign: (bytes) => sign(null, bytes, object).toString("hex"),
});

const rawPublicKey = (object: KeyObject) =>
  object.export({ format: "der", type: "spki" }).subarray(PUBLIC_PREFIX.length).toString("hex");

const malformed = (message: string, cause?: unknown) =>
  new CollectorError("config_invalid", message, {
    cause,
    reason: "signing_key_malformed",
    action: "Put the saved signing.key back; without it, move the file away and a new key is made",
  });

/** Whether the key made that signature over these bytes. Both texts are lower-case hex; any other text is no signature. */
export function isSignedBy(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  if (!/^[0-9a-f]{64}$/.test(publicKey) || !/^[0-9a-f]{128}$/.test(signature)) return false;
  return verify(null, bytes, publicKeyObject(publicKey), Buffer.from(signature, "hex"));
}

/** What people compare: SHA-256 over the key's 32 bytes, in groups of four hex digits. */
export function fingerprintOf(publicKey: string): string {
  const digest = createHash("sha256").update(Buffer.from(publicKey, "hex")).digest("hex");
  return digest.match(/.{4}/g)!.join(" ");
}

/** The public key as other programs read it. */
export const publicKeyPem = (publicKey: string): string =>
  publicKeyObject(publicKey).export({ format: "pem", type: "spki" }) as string;

const publicKeyObject = (publicKey: string) =>
  createPublicKey({
    key: Buffer.concat([PUBLIC_PREFIX, Buffer.from(publicKey, "hex")]),
    format: "der",
    type: "spki",
  });

/** A public key as somebody gives it, as 64 hex digits or PEM; undefined where it is neither. */
export function parsePublicKey(text: string): string | undefined {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return trimmed.toLowerCase();
  if (!trimmed.startsWith("-----BEGIN PUBLIC KEY-----")) return undefined;
  try {
    const object = createPublicKey(trimmed);
    return object.asymmetricKeyType === "ed25519" ? rawPublicKey(object) : undefined;
  } catch {
    return undefined; // PEM around something else: the caller says what was expected
  }
}
