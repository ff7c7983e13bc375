// Google's service accounts: a key in JSON signs a statement, which is exchanged for an access token (RFC 7523).
import { createPrivateKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { outletError } from "../../http/outlet-error.ts";
import type { OutletAnswer, SenderContext } from "../../model/destination.ts";
import type { CollectorError } from "../../model/errors.ts";
import { type AccessToken, jsonIn, tokenIn } from "./access-token.ts";
import { type FinerMeaning, finer } from "./finer-error.ts";

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** The longest that Google accepts. */
const LIFETIME_S = 3_600;
/** What RS256 needs at least. */
const KEY_BITS = 2_048;

const KeyFile = z.object({
  type: z.literal("service_account"),
  client_email: z.string().min(1),
  private_key: z.string(),
  private_key_id: z.string().min(1),
  token_uri: z.url({ protocol: /^https?$/ }),
});

export interface ServiceAccount {
  readonly email: string;
  readonly keyId: string;
  readonly privateKey: KeyObject;
  /** As it stands in the key: the statement names it letter for letter. */
  readonly tokenUri: string;
}

/** The account in the JSON that Google hands out with a key; undefined where the text is something else. */
export function serviceAccountIn(text: string): ServiceAccount | undefined {
  const file = KeyFile.safeParse(jsonIn(text)).data;
  const privateKey = file && rsaKeyIn(file.private_key);
  return (
    privateKey && {
      email: file.client_email,
      keyId: file.private_key_id,
      privateKey,
      tokenUri: file.token_uri,
    }
  );
}

function rsaKeyIn(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    const isUsable = key.asymmetricKeyType === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= KEY_BITS;
    return isUsable ? key : undefined;
  } catch {
    return undefined;
  }
}

/** A token for one scope. The address that is asked stands in the key itself. */
export async function serviceAccountToken(
  account: ServiceAccount,
  scope: string,
  { outlet, now, signal }: Pick<SenderContext<unknown>, "outlet" | "now"> & { readonly signal: AbortSignal },
): Promise<AccessToken> {
  const assertion = await statementOf(account, scope, Math.floor(now().getTime() / 1_000));
  const url = new URL(account.tokenUri);
  const answer = await outlet.request(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: new URLSearchParams({ grant_type: GRANT, assertion }).toString(),
    signal,
  });
  if (answer.status !== 200) throw signInError(answer, { host: url.host, now: now(), secrets: [assertion] });
  return tokenIn(answer, url.host);
}

async function statementOf({ email, keyId, privateKey, tokenUri }: ServiceAccount, scope: string, nowS: number) {
  const { SignJWT } = await import("jose");
  return new SignJWT({ scope })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: keyId })
    .setIssuer(email)
    .setAudience(tokenUri)
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + LIFETIME_S)
    .sign(privateKey);
}

const WRONG_CLOCK: FinerMeaning = {
  code: "auth_failed",
  reason: "clock_skew",
  action: "Set the clock of this machine by a time server: Google refuses statements that are not of the last hour",
};
const WRONG_KEY: FinerMeaning = {
  code: "auth_failed",
  reason: "credentials_refused",
  action: "Create a new key for the service account and enter its JSON; the account or this key may have been deleted",
};

function signInError(answer: OutletAnswer, about: Parameters<typeof outletError>[1]): CollectorError {
  const refused = answer.status === 400 || answer.status === 401 || answer.status === 403;
  const meaning = /timeframe|\biat\b/.test(answer.text) ? WRONG_CLOCK : WRONG_KEY;
  return finer(outletError(answer, about), refused ? meaning : undefined);
}
