import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesHash, newToken, parseToken, secretHash } from "./token.ts";

const id = "0123456789abcdef";

test("a token names its kind and id, and reads back", () => {
  const token = newToken("api", id, randomBytes);

  expect(token.text).toMatch(/^cistern_api_0123456789abcdef_[0-9A-Za-z]{43}_[0-9a-f]{8}$/);
  expect(parseToken(token.text)).toEqual(token);
  expect(matchesHash(token.text, secretHash(token.text))).toBe(true);
});

test("a mistyped token is none", () => {
  const { text } = newToken("api", id, randomBytes);

  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom("x", "0", "_", "é", " "), (at, char) => {
      const typed = text.slice(0, at) + char + text.slice(at + 1);
      if (typed !== text) expect(parseToken(typed)).toBeUndefined();
    }),
  );
});

test("another token has another hash", () => {
  const hash = secretHash(newToken("api", id, randomBytes).text);

  expect(matchesHash(newToken("api", id, randomBytes).text, hash)).toBe(false);
  expect(matchesHash("", hash)).toBe(false);
});

test("random bytes of nothing but ones still fit into the text", () => {
  const { text } = newToken("setup", id, (count) => new Uint8Array(count).fill(255));

  expect(parseToken(text)?.kind).toBe("setup");
});
