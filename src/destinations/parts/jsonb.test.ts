import { expect, test } from "vitest";
import { fitsJsonb } from "./jsonb.ts";

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test.each([
  ["an object", '{"a":[1,-2.5e10,"x",null,true]}'],
  ["a whole surrogate pair", String.raw`{"a":"\ud83d\ude00"}`],
  ["an escaped backslash before what looks like an escape", String.raw`{"a":"\\u0000 \\ud800"}`],
  ["brackets and numbers within strings", '{"a":"[[[ 1e99999 }","b":"\\"{"}'],
  ["repeated keys", '{"a":1,"a":2}'],
  ["the largest double and more", '{"a":1e400}'],
  ["a hash", '{"a":"3e1234567890"}'],
  ["deep nesting", nested(512)],
  ["a long string", JSON.stringify("x\\".repeat(1_000_000))],
])("%s fits", (_, text) => {
  expect(fitsJsonb(text)).toBe(true);
});

test.each([
  ["a NUL", String.raw`{"a":"\u0000"}`],
  ["a NUL after an escaped backslash", String.raw`{"a":"\\\u0000"}`],
  ["a NUL in a key", String.raw`{"\u0000":1}`],
  ["half a pair", String.raw`{"a":"\ud800"}`],
  ["a pair in the wrong order", String.raw`{"a":"\uDE00\uD83D"}`],
  ["an enormous exponent", '{"a":1e140000}'],
  ["an enormous negative exponent", '{"a":1E-20000}'],
  ["an endless number", `{"a":${"1".repeat(200_000)}}`],
  ["very deep nesting", nested(513)],
  ["nesting that breaks parsers", nested(100_000)],
  ["what is no JSON", "CEF:0|a|b"],
  ["nothing", ""],
])("%s does not fit", (_, text) => {
  expect(fitsJsonb(text)).toBe(false);
});
