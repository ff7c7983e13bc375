import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonLines, unfolded } from "./lines.ts";
import { tokens } from "./tokens.ts";

const anyText = fc.array(fc.integer({ min: 0, max: 0x10ffff })).map((points) => String.fromCodePoint(...points));
const joined = (text: string) => [...tokens(text)].map(({ start, end }) => text.slice(start, end)).join("");

/** The readable form without its new white space: what stands on the lines. */
function written(text: string): string | undefined {
  return jsonLines(text)
    ?.map(({ key, value, comma }) => {
      const name = key === undefined ? "" : `${text.slice(key.start, key.end)}:`;
      return `${name}${text.slice(value.start, value.end)}${comma ? "," : ""}`;
    })
    .join("");
}

const spaced = fc
  .json({ maxDepth: 6 })
  .chain((json) =>
    fc.constantFrom(json, JSON.stringify(JSON.parse(json), null, 2), JSON.stringify(JSON.parse(json), null, "\t")),
  );

test("the tokens of any text, joined, are the text", () => {
  fc.assert(fc.property(anyText, (text) => void expect(joined(text)).toBe(text)));
  const jsonish = fc.string({
    unit: fc.constantFrom('"', "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "1", "-", "e", "t", "\u0000"),
  });
  fc.assert(fc.property(jsonish, (text) => void expect(joined(text)).toBe(text)));
});

test("the lines of any JSON hold all of it but the white space between tokens", () => {
  fc.assert(
    fc.property(spaced, (text) => {
      const compact = [...tokens(text)].filter(({ kind }) => kind !== "space");
      expect(written(text)).toBe(compact.map(({ start, end }) => text.slice(start, end)).join(""));
    }),
  );
});

test("whatever JSON.parse takes has lines, and brackets that do not match have none", () => {
  fc.assert(
    fc.property(spaced, (text) => {
      expect(jsonLines(text)).toBeDefined();
    }),
  );
  for (const broken of [
    "",
    "{",
    "}",
    "[1,2",
    '{"a":1]',
    "[1 2]",
    '{"a" 1}',
    "{1:2}",
    "[,]",
    "[1,]",
    '{"a":1,}',
    "1 2",
    '{"a":1}}',
    '"open',
  ]) {
    expect(jsonLines(broken), broken).toBeUndefined();
  }
});

test("big numbers, duplicate keys, order and escapes stay as they are written", () => {
  const text = '{"z":12345678901234567890123, "a":1.0E+2,"a":"\\u00e9\\/","n":-0}';

  expect(written(text)).toBe('{"z":12345678901234567890123,"a":1.0E+2,"a":"\\u00e9\\/","n":-0}');
});

test("an empty container is one line, and a filled one counts its members", () => {
  const lines = jsonLines('{"a":[],"b":{"c":1,"d":2}}')!;

  expect(lines.map(({ depth, kind, members }) => [depth, kind, members])).toEqual([
    [0, "open", 2],
    [1, "value", 0],
    [1, "open", 2],
    [2, "value", 0],
    [2, "value", 0],
    [1, "close", 0],
    [0, "close", 0],
  ]);
});

test("a folded container hides its lines up to and with the closing one", () => {
  const lines = jsonLines('{"b":{"c":1},"d":2}')!;

  expect(unfolded(lines, new Set([1]))).toEqual([0, 1, 4, 5]);
  expect(unfolded(lines, new Set())).toHaveLength(lines.length);
});

test("a string of millions of characters is one token", () => {
  const text = `{"text":"${'a\\"'.repeat(1_000_000)}"}`;

  const kinds = [...tokens(text)].map(({ kind }) => kind);

  expect(kinds).toEqual(["open", "string", "colon", "string", "close"]);
});
