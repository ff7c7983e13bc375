import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkValueOf,
  matchesCheckValue,
  newSecretKey,
  openSecret,
  parseSecretKey,
  rewrapSecret,
  sealSecret,
} from "./secret-box.ts";

const place = { table: "secrets", row: "col_1", column: "token" };

test("what is sealed comes back, whatever it is", () => {
  const { key } = newSecretKey(randomBytes);

  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const value = text.toWellFormed();
      expect(openSecret(key, place, sealSecret(key, place, value, randomBytes))).toBe(value);
    }),
  );
});

test("the same secret never looks the same twice, and its text is nowhere in it", () => {
  const { key } = newSecretKey(randomBytes);
  const value = "sk-canary-0123456789";

  const [one, other] = [sealSecret(key, place, value, randomBytes), sealSecret(key, place, value, randomBytes)];

  expect(Buffer.from(one.sealed)).not.toEqual(Buffer.from(other.sealed));
  expect(Buffer.from(one.sealed).toString("latin1")).not.toContain("canary");
});

describe("a sealed secret cannot be opened", () => {
  const { key } = newSecretKey(randomBytes);
  const sealed = sealSecret(key, place, "sk-canary-0123456789", randomBytes);

  for (const moved of [
    { ...place, row: "col_2" },
    { ...place, column: "other" },
    { ...place, table: "drafts" },
  ])
    test(`in another place: ${Object.values(moved).join(" ")}`, () => {
      expect(() => openSecret(key, moved, sealed)).toThrow();
    });

  test("by another key", () => {
    expect(() => openSecret(newSecretKey(randomBytes).key, place, sealed)).toThrow();
  });

  test("with any bit changed", () => {
    for (const part of ["wrappedKey", "sealed"] as const)
      for (let at = 0; at < sealed[part].length; at += 3) {
        const bytes = Uint8Array.from(sealed[part]);
        bytes[at]! ^= 1;
        expect(() => openSecret(key, place, { ...sealed, [part]: bytes }), `${part} ${at}`).toThrow();
      }
  });
});

test("a secret wrapped anew opens with the new key only, its own ciphertext unchanged", () => {
  const from = newSecretKey(randomBytes).key;
  const to = newSecretKey(randomBytes).key;
  const sealed = sealSecret(from, place, "secret", randomBytes);

  const rewrapped = rewrapSecret(from, to, place, sealed, randomBytes);

  expect(openSecret(to, place, rewrapped)).toBe("secret");
  expect(rewrapped.sealed).toBe(sealed.sealed);
  expect(() => openSecret(from, place, rewrapped)).toThrow();
});

test("a key is known by its check value and no other is", () => {
  const { key, text } = newSecretKey(randomBytes);
  const check = checkValueOf(key, randomBytes);

  expect(matchesCheckValue(parseSecretKey(text), check)).toBe(true);
  expect(matchesCheckValue(newSecretKey(randomBytes).key, check)).toBe(false);
  expect(matchesCheckValue(key, "rubbish")).toBe(false);
});

test("a key is read from base64, base64url and hex, with white space around it", () => {
  const { key, text } = newSecretKey(randomBytes);
  const bytes = Buffer.from(key.bytes);

  for (const given of [text, `  ${text}\n`, bytes.toString("base64url"), bytes.toString("hex")])
    expect(parseSecretKey(given).id).toBe(key.id);
});

test("what is no key, too short or no random bytes is refused without being quoted", () => {
  for (const given of ["", "changeme", "0".repeat(64), Buffer.alloc(32, 7).toString("base64"), "ab".repeat(31)])
    expect(() => parseSecretKey(given)).toThrow(/^The secret key is not 32 random bytes in base64 or hex$/);
});
