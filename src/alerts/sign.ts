// Signatures in the form of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body.
import { createHmac } from "node:crypto";

const PREFIX = "whsec_";

/** The three headers of a signed message. */
export function signedHeaders(id: string, at: Date, body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
