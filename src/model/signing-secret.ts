// The secrets that webhooks are signed with, in the form of Standard Webhooks.
import { z } from "zod";

const A_SECRET = "expected a secret that begins with whsec_, followed by 24 to 64 bytes in base64";
const PREFIX = "whsec_";

/** A new secret to sign with, from 32 random bytes. */
export const newSigningSecret = (randomBytes: (count: number) => Uint8Array): string =>
  `${PREFIX}${Buffer.from(randomBytes(32)).toString("base64")}`;

/** The bytes that a secret stands for. */
export const signingKey = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), "base64");

/** Whether the text is a secret that can sign. */
function isSigningSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const { length } = signingKey(text);
  return length >= 24 && length <= 64;
}

/** A secret as a person enters it. */
export const signingSecret = z.string({ error: A_SECRET }).refine(isSigningSecret, { error: A_SECRET });
