import fc from "fast-check";
import { expect, test } from "vitest";
import { aMessage } from "./fake-log.ts";
import { maxTextLength, searchText } from "./text.ts";

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

test("reads a message's words by column, and its fields", () => {
  const { words, fields } = searchText(bytes(aMessage("Hello there", { file: "a.pdf" })), "CONVERSATION_MESSAGE");

  expect(words).toEqual({ text: "Hello there", title: "Quarterly plan", file: "a.pdf", user: "alice@example.com" });
  expect(fields).toEqual([
    ["type", "CONVERSATION_MESSAGE"],
    ["user", "user-abc"],
    ["user", "alice@example.com"],
    ["message", "0d8f9f0a-1111-4222-8333-944455556666"],
    ["author", "assistant"],
    ["model", "gpt-5-5"],
    ["tool", "browser"],
    ["file", "file-123"],
    ["conversation", "7a1b2c3d-aaaa-4bbb-8ccc-123456789012"],
  ]);
});

test.each([
  [
    "quotations",
    { message: { content: { type: "quotation", quote: "said", file_name: "q.pdf", file_id: "f" } } },
    "said",
  ],
  ["instructions", { message: { content: { type: "user_instructions", value: "be brief" } } }, "be brief"],
  ["audit details", { action: "X", action_data: { name: "Team A", list: ["b", { c: "d" }] } }, "Team A\nb\nd"],
  ["prompts", { event_details: { prompt_text: "fix it" } }, "fix it"],
  ["input and output of apps", { input: { q: "in" }, output: { rows: ["out"] } }, "in\nout"],
  ["unknown shapes", { whatever: [[["deep"]]], n: 1, b: true, z: null }, "deep"],
  ["a bare string", '"just text"', "just text"],
  ["a line that is no JSON", "plain line {", "plain line {"],
])("reads %s", (_, value, text) => {
  expect(searchText(bytes(value), "X").words.text).toBe(text);
});

test("reads what can be read of bytes that are not UTF-8", () => {
  const raw = Uint8Array.of(...bytes('{"text":"caf'), 0xe9, ...bytes(' noir"}'));

  expect(searchText(raw, "X").words.text).toBe("caf\ufffd noir");
});

test("gives well-formed text, with a sign for U+0000", () => {
  const raw = bytes('{"text":"a\\u0000b \\ud83d c \\ud83d\\ude00","__proto__":{"x":"kept"}}');

  expect(searchText(raw, "X").words.text).toBe("a\u2400b \ufffd c \u{1f600}\nkept");
});

test("reads at most the first megabyte, and is not led astray by depth", () => {
  const long = searchText(bytes({ a: "x".repeat(maxTextLength - 3), b: "more words" }), "X").words.text;
  const deep = searchText(bytes(`${"[".repeat(5_000)}"below"${"]".repeat(5_000)}`), "X").words.text;

  expect(long.length).toBe(maxTextLength + 1);
  expect(long.endsWith("x\nmor")).toBe(true);
  expect(deep).toBe("");
});

test("reads any bytes", () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.jsonValue().map(bytes)), (raw) => {
      const { words, fields } = searchText(raw, "X");
      for (const text of [...Object.values(words), ...fields.flat()]) {
        expect(text.isWellFormed() && !text.includes("\0")).toBe(true);
      }
    }),
  );
});
