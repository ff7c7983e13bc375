import { generateKeyPairSync } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { SecopsSettings } from "./secops-settings.ts";
import { serviceAccountIn } from "./service-account.ts";

const pem = (type: "rsa" | "rsa-pss", modulusLength: number) =>
  generateKeyPairSync(type as "rsa", { modulusLength })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();

const key = {
  type: "service_account",
  private_key_id: "0123456789abcdef",
  private_key: "",
  client_email: "cistern@example.iam.gserviceaccount.com",
  token_uri: "https://oauth2.googleapis.com/token",
};
beforeAll(() => {
  key.private_key = pem("rsa", 2_048);
});

test("an account is read out of the JSON of its key, whatever else stands there", () => {
  const account = serviceAccountIn(JSON.stringify({ ...key, universe_domain: "googleapis.com" }, null, 2));

  expect(account).toMatchObject({ email: key.client_email, keyId: key.private_key_id, tokenUri: key.token_uri });
  expect(account?.privateKey.asymmetricKeyType).toBe("rsa");
});

test.each([
  ["no JSON", () => "secret words"],
  ["another kind of credential", () => JSON.stringify({ ...key, type: "authorized_user" })],
  ["no private key", () => JSON.stringify({ ...key, private_key: "-----BEGIN PRIVATE KEY-----" })],
  ["a short key", () => JSON.stringify({ ...key, private_key: pem("rsa", 1_024) })],
  ["a key of another kind", () => JSON.stringify({ ...key, private_key: pem("rsa-pss", 2_048) })],
  ["an address that is none", () => JSON.stringify({ ...key, token_uri: "file:///etc/passwd" })],
])("%s is refused, and not repeated in the words", (_, make) => {
  const text = make();

  const { error } = SecopsSettings.shape.service_account_key.safeParse(text);

  expect(error?.issues.map(({ message }) => message)).toEqual([
    expect.stringMatching(/whole JSON of a service account key/),
  ]);
  expect(JSON.stringify(error)).not.toContain(JSON.stringify(text).slice(1, -1));
});
