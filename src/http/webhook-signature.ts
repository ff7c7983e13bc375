// Signatures in the form of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body.
import { createHmac } from "node:crypto";
import { signingKey } from "../model/signing-secret.ts";

/** The three headers of a signed message. Of several secrets each signs, so that a receiver can change to another without a pause. */
export function signedHeaders(
  id: string,
  at: Date,
  body: string,
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map((secret) => {
    const signature = createHmac("sha256", signingKey(secret)).update(`${id}.${timestamp}.${body}`).digest("base64");
    return `v1,${signature}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
