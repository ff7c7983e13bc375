// Signatures in the form of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body.
import { createHmac } from "node:crypto";

const PREFIX = "whsec_";

/** A new secret to sign with, from 32 random bytes. */
export const newSigningSecret = (randomBytes: (count: number) => Uint8Array): string =>
  `${PREFIX}${Buffer.from(randomBytes(32)).toString("base64")}`;

/** Whether the text is a secret that can sign: `whsec_` and 24 to 64 bytes in base64. */
export function isSigningSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const { length } = Buffer.from(text.slice(PREFIX.length), "base64");
  return length >= 24 && length <= 64;
}

/** The three headers of a signed message. */
export function signedHeaders(id: string, at: Date, body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
