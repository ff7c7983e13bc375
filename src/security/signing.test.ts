import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { expect, test } from "vitest";
import { fingerprintOf, isSignedBy, newSigningKey, parsePublicKey, parseSigningKey, publicKeyPem } from "./signing.ts";

const seed = (count: number) => new Uint8Array(createHash("sha256").update("seed").digest()).subarray(0, count);
const bytes = Buffer.from("exact bytes");

test("a key signs, and its file gives the same key again", () => {
  const { key, pem } = newSigningKey(seed);

  const again = parseSigningKey(pem);

  expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  expect(again.publicKey).toBe(key.publicKey);
  expect(again.sign(bytes)).toBe(key.sign(bytes));
  expect(isSignedBy(key.publicKey, bytes, key.sign(bytes))).toBe(true);
});

// RFC 8032, section 7.1, test 2.
test("it makes the signatures of the standard", () => {
  const secret = Buffer.from("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "hex");
  const { key } = newSigningKey(() => secret);

  expect(key.publicKey).toBe("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  expect(key.sign(Buffer.from([0x72]))).toBe(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );
});

test("another key, other bytes, another signature or another spelling of it are refused", () => {
  const { key } = newSigningKey(seed);
  const { key: other } = newSigningKey((count) => Buffer.alloc(count, 7));
  const signature = key.sign(bytes);

  expect(isSignedBy(other.publicKey, bytes, signature)).toBe(false);
  expect(isSignedBy(key.publicKey, Buffer.from("exact byteS"), signature)).toBe(false);
  expect(
    isSignedBy(
      key.publicKey,
      bytes,
      signature.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
    ),
  ).toBe(false);
  expect(isSignedBy(key.publicKey, bytes, signature.toUpperCase())).toBe(false);
  expect(isSignedBy(key.publicKey, bytes, `${signature} `)).toBe(false);
  expect(isSignedBy("not a key", bytes, signature)).toBe(false);
});

test("other programs can read the public key and check a signature", () => {
  const { key } = newSigningKey(seed);
  const pem = publicKeyPem(key.publicKey);

  expect(verify(null, bytes, createPublicKey(pem), Buffer.from(key.sign(bytes), "hex"))).toBe(true);
  expect(parsePublicKey(pem)).toBe(key.publicKey);
  expect(parsePublicKey(` ${key.publicKey.toUpperCase()}\n`)).toBe(key.publicKey);
  expect(parsePublicKey("key.pem")).toBeUndefined();
  expect(parsePublicKey("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")).toBeUndefined();
});

test("the fingerprint is the hash of the key's bytes in groups of four", () => {
  const { key } = newSigningKey(seed);

  expect(fingerprintOf(key.publicKey).replaceAll(" ", "")).toBe(
    createHash("sha256").update(Buffer.from(key.publicKey, "hex")).digest("hex"),
  );
  expect(fingerprintOf(key.publicKey)).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
});

test("a file that holds no such key is refused with the remedy", () => {
  const refusal = expect.objectContaining({ code: "config_invalid", reason: "signing_key_malformed" });
  const { privateKey } = generateKeyPairSync("x25519");

  expect(() => parseSigningKey("garbage")).toThrow(refusal);
  expect(() => parseSigningKey(privateKey.export({ format: "pem", type: "pkcs8" }) as string)).toThrow(refusal);
});
