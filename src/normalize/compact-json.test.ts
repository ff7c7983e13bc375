import fc from "fast-check";
import { expect, test } from "vitest";
import { compactJson } from "./compact-json.ts";

test("only white space between tokens goes", () => {
  expect(compactJson(' { "a b" : [ 1 , "\\\\" , "\\" " ] ,\n"c":\t-0.0e+1 }\r\n')).toBe(
    '{"a b":[1,"\\\\","\\" "],"c":-0.0e+1}',
  );
});

test("any value, however it is spaced, becomes what JSON prints without spaces", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(1, 4, "\t", "\n"), (value, space) => {
      const spaced = JSON.stringify(value, undefined, space);

      expect(compactJson(spaced)).toBe(JSON.stringify(value));
      expect(compactJson(JSON.stringify(value))).toBe(JSON.stringify(value));
    }),
  );
});

test("text that is no JSON comes through without an error", () => {
  const signs = fc.constantFrom('"', "\\", " ", "{", "]", ":", "a", "\n", "\u2028", "\ud800");
  fc.assert(fc.property(fc.string({ unit: signs }), (text) => void compactJson(text)));
  expect(compactJson('"never closed \\')).toBe('"never closed \\');
});
