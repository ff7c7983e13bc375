import fc from "fast-check";
import { expect, test } from "vitest";
import { editJson } from "./json-edit.ts";

const keep = () => "keep" as const;

test("what is kept stays byte for byte: spaces, order, numbers, escapes, repeated keys", () => {
  const text = ' { "b" : 1.50e+3 ,"a":[ 1 , {"x":"\\u00e9\\/"} ] , "a":12345678901234567890 } ';

  expect(editJson(text, keep)).toBe(text);
});

test("any JSON comes back as it was", () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(0, 1, 2), (json, indent) => {
      const text = JSON.stringify(JSON.parse(json), null, indent);
      expect(editJson(text, keep)).toBe(text);
    }),
  );
});

test.each([
  ['{"a":1,"b":2,"c":3}', "a", '{"b":2,"c":3}'],
  ['{"a":1,"b":2,"c":3}', "b", '{"a":1,"c":3}'],
  ['{"a":1,"b":2,"c":3}', "c", '{"a":1,"b":2}'],
  ['{ "a" : 1 }', "a", "{ }"],
  ['{"x":[{"a":1},{"a":2,"b":[3]}]}', "a", '{"x":[{},{"b":[3]}]}'],
  ["[1,2,3]", "1", "[1,3]"],
])("a value is dropped with its key, and what is left is JSON: %s without %s", (text, name, expected) => {
  const out = editJson(text, (path) => (path.at(-1) === name ? "drop" : "keep"));

  expect(out).toBe(expected);
  JSON.parse(out!);
});

test("whatever is dropped, what is left is JSON that holds all the rest", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
      fc.integer({ min: 1, max: 3 }),
      (value, step) => {
        const names = Object.keys(value);
        const dropped = new Set(names.filter((_, place) => place % step === 0));
        const out = editJson(JSON.stringify(value), (path) =>
          path.length === 1 && dropped.has(path[0]!) ? "drop" : "keep",
        );
        const left = Object.fromEntries(Object.entries(value).filter(([name]) => !dropped.has(name)));
        expect(JSON.parse(out!)).toEqual(JSON.parse(JSON.stringify(left)));
      },
    ),
  );
});

test("a value is replaced by a text, which sees the value as it stood", () => {
  const seen: string[] = [];
  const out = editJson('{"a":{"deep":[1,"x"]},"b":"y"}', (path, value) => {
    if (path.at(-1) !== "a") return "keep";
    seen.push(value());
    return { put: '"***"' };
  });

  expect(out).toBe('{"a":"***","b":"y"}');
  expect(seen).toEqual(['{"deep":[1,"x"]}']);
});

test.each(["", "{", '{"a":1,}', "{'a':1}", "[1 2]", '{"a":1} {"b":2}', '{"a":"', "nul", '{"a" 1}', "{1:2}"])(
  "what is not JSON is not edited: %s",
  (text) => {
    expect(editJson(text, keep)).toBeUndefined();
  },
);

test("a text of sixteen megabytes and a value a hundred thousand deep hurt nobody", () => {
  const long = `{"a":"${"x\\n".repeat(5_500_000)}","b":1}`;
  const deep = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)},"b":1}`;
  const withoutA = (path: readonly string[]) => (path.at(-1) === "a" ? ("drop" as const) : ("keep" as const));

  expect(editJson(long, keep)).toBe(long);
  expect(editJson(long, withoutA)).toBe('{"b":1}');
  expect(editJson(deep, withoutA)).toBe('{"b":1}');
  expect(editJson(deep, keep)).toBeUndefined();
});
