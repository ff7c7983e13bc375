import { expect, test } from "vitest";
import { messageOf } from "./message.ts";

const event = {
  type: "CONVERSATION_MESSAGE",
  message: {
    author: { type: "assistant", model: "gpt-5-5", tools_used: ["browser"], skills_used: [] },
    content: {
      type: "text",
      value: "  two\n  lines ",
      annotations: [{ type: "url_citation", urls: ["https://a.example", "https://a.example"] }],
    },
    files: [{ id: "file_1", name: "plan.pdf" }, {}],
  },
  conversation: { id: "c1", title: "Plans", gpt_id: null, is_temporary_chat: true },
};

test("reads author, text with its white space, files and links", () => {
  expect(messageOf(JSON.stringify(event))).toEqual({
    author: "assistant",
    facts: [
      ["Model", "gpt-5-5"],
      ["Tools", "browser"],
    ],
    text: "  two\n  lines ",
    contentType: undefined,
    files: [
      { name: "plan.pdf", id: "file_1" },
      { name: "unnamed file", id: undefined },
    ],
    links: ["https://a.example"],
    title: "Plans",
    conversation: "c1",
    temporary: true,
  });
});

test("a message of another shape is read as far as it goes", () => {
  const odd = {
    ...event,
    message: { author: "nobody", content: { type: "image", value: 7 }, files: "none" },
    conversation: null,
  };

  expect(messageOf(JSON.stringify(odd))).toMatchObject({
    author: "unknown author",
    text: undefined,
    contentType: "image",
    files: [],
    links: [],
  });
});

test("what is no conversation message is none", () => {
  for (const raw of [
    "",
    "[]",
    "null",
    '{"type":"AUTH_LOG","message":{}}',
    '{"type":"CONVERSATION_MESSAGE"}',
    "{broken",
  ]) {
    expect(messageOf(raw), raw).toBeUndefined();
  }
});
