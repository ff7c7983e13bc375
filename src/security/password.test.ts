import { expect, test } from "vitest";
import { defaultPasswordCost, hashPassword, verifyPassword, weaknessOf } from "./password.ts";

const cost = { memoryKib: 64, passes: 1, lanes: 1 };
const salt = new Uint8Array(16).fill(3);

test("the right password is known, and no other", async () => {
  const hash = await hashPassword("correct horse battery", salt, cost);

  expect(hash).toMatch(/^argon2id\$64\$1\$1\$/);
  expect(await verifyPassword("correct horse battery", hash)).toBe(true);
  expect(await verifyPassword("correct horse batterz", hash)).toBe(false);
  expect(await verifyPassword("", hash)).toBe(false);
});

test("a hash of an earlier cost is still understood, for the cost stands in it", async () => {
  const hash = await hashPassword("correct horse battery", salt, { memoryKib: 128, passes: 2, lanes: 2 });

  expect(await verifyPassword("correct horse battery", hash)).toBe(true);
});

test("a letter typed as one character or as two is the same", async () => {
  const hash = await hashPassword("caf\u00e9 au lait, please", salt, cost);

  expect(await verifyPassword("cafe\u0301 au lait, please", hash)).toBe(true);
});

test("the usual cost works within its memory", async () => {
  const hash = await hashPassword("correct horse battery", salt, defaultPasswordCost);

  expect(hash).toMatch(/^argon2id\$19456\$2\$1\$/);
});

test("weak passwords are refused with the reason", () => {
  expect(weaknessOf("short", "anna")).toMatch(/5 characters/);
  expect(weaknessOf("aaaaaaaaaaaaaaaa", "anna")).toMatch(/repeats/);
  expect(weaknessOf("Annabella123", "annabella")).toMatch(/account's name/);
  expect(weaknessOf("x".repeat(300), "anna")).toMatch(/more than 256/);
  expect(weaknessOf("correct horse battery", "anna")).toBeUndefined();
});
