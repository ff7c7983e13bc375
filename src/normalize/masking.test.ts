import { expect, test } from "vitest";
import { maskOf, pathMatcher, pseudonym } from "./masking.ts";

const key = Buffer.alloc(32, 7);
const line =
  '{"event_id":"e1","n":12345678901234567890,"actor":{"user_email":"Ada@Example.com","user_id":"u1"},"message":{"content":{"value":"secret"},"files":[{"name":"plan.pdf","id":"f1"}]},"title":"merger"}';

test("no masks, no change: the line is not even looked at", () => {
  expect(maskOf(undefined, key)).toBeUndefined();
  expect(maskOf({ metadata_only: false, drop: [] }, key)).toBeUndefined();
});

test("metadata only: no words, no titles, no file names; all else to the letter", () => {
  expect(maskOf({ metadata_only: true }, key)!(line)).toBe(
    '{"event_id":"e1","n":12345678901234567890,"actor":{"user_email":"Ada@Example.com","user_id":"u1"},"message":{}}',
  );
});

test("people become the same pseudonym wherever they stand and however they are written; another key gives another", () => {
  const out = maskOf({ pseudonyms: true }, key)!(line)!;

  expect(out).not.toMatch(/ada@example/i);
  expect(JSON.parse(out).actor.user_email).toBe(pseudonym(" ada@EXAMPLE.com ", key));
  expect(pseudonym("ada@example.com", Buffer.alloc(32, 8))).not.toBe(pseudonym("ada@example.com", key));
});

test("fields are dropped and masked by their path, lists included", () => {
  const out = maskOf({ drop: ["message.files.*.name"], mask: ["title"] }, key)!(line)!;

  expect(JSON.parse(out)).toMatchObject({ title: "***", message: { files: [{ id: "f1" }] } });
  expect(out).not.toContain("plan.pdf");
});

test("a line that is not JSON cannot be masked", () => {
  expect(maskOf({ metadata_only: true }, key)!("secret words")).toBeUndefined();
});

test("a path is matched whole", () => {
  expect(pathMatcher("a.*.c")(["a", "b", "c"])).toBe(true);
  expect(pathMatcher("a.*.c")(["a", "b", "c", "d"])).toBe(false);
  expect(pathMatcher("a")(["b"])).toBe(false);
});
