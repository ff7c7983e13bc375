import fc from "fast-check";
import { expect, test } from "vitest";
import { aMessage } from "./fake-log.ts";
import { excerpt, summaryOf } from "./summary.ts";

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

test("says of a message what was written, by whom, in which conversation", () => {
  const raw = bytes(aMessage("Please check\n\tthe   <b>budget</b>"));

  expect(summaryOf(raw, "CONVERSATION_MESSAGE")).toEqual({
    summary: "Please check the <b>budget</b>",
    user: "alice@example.com",
    conversation: "7a1b2c3d-aaaa-4bbb-8ccc-123456789012",
  });
});

test("says of an audit event what was done, with what result and details", () => {
  const raw = bytes({
    type: "AUDIT_LOG",
    action: "USER_ROLE_CHANGED",
    action_result: "SUCCESS",
    actor: { type: "API_KEY", redacted_id: "sk-...Ab12" },
    request_metadata: { client_ip: "203.0.113.9" },
    action_data: { new_role: "owner" },
  });

  expect(summaryOf(raw, "AUDIT_LOG")).toEqual({
    summary: "USER_ROLE_CHANGED · SUCCESS · 203.0.113.9 · owner",
    user: "sk-...Ab12",
  });
});

test("keeps a long summary to 300 whole characters", () => {
  const { summary } = summaryOf(bytes(aMessage("🎉".repeat(500))), "CONVERSATION_MESSAGE");

  expect(summary.length).toBeLessThanOrEqual(300);
  expect(summary.isWellFormed()).toBe(true);
  expect(summary.endsWith("🎉…")).toBe(true);
});

test("makes a summary of any bytes", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.jsonValue().map(bytes)),
      fc.constantFrom("X", "CONVERSATION_MESSAGE"),
      (raw, type) => {
        const { summary } = summaryOf(raw, type);
        expect(summary.isWellFormed()).toBe(true);
        expect(summary).not.toMatch(/\p{Cc}/u);
      },
    ),
  );
});

test.each([
  ["a word", "the budget is final", "BUDGET", ["budget"]],
  ["the beginning of a word", "budgets and budgeting", "budget*", ["budgets", "budgeting"]],
  ["a phrase, not its words elsewhere", "plan: the budget plan", '"budget plan"', ["budget plan"]],
  ["a word of a script without spaces", "来週の会議は東京で", "会議", ["会議"]],
  ["words whatever their diacritics", "São Paulo", "sao", ["São"]],
  ["emoji", "done 🎉 now", "🎉", ["🎉"]],
  ["nothing that is excluded", "apples and figs", "apples -figs", ["apples"]],
  ["either word", "apples and figs", "(figs OR pears) apples", ["apples", "figs"]],
  ["words of the column asked for only", "plan", "title:plan", []],
  ["an identifier", "call read_log_file now", "read_log_file", ["read_log_file"]],
])("shows %s", (_, text, query, expected) => {
  const shown = excerpt(bytes(aMessage(text, { title: "x" })), "CONVERSATION_MESSAGE", query);

  const matches = shown.flatMap((piece) => piece.matches.map(([from, to]) => piece.text.slice(from, to)));
  expect(matches).toEqual(expected);
});

test("shows at most three pieces, each around its matches", () => {
  const text = Array.from({ length: 10 }, () => `${"filler ".repeat(200)}needle`).join(" ");

  const shown = excerpt(bytes(aMessage(text)), "CONVERSATION_MESSAGE", "needle");

  expect(shown).toHaveLength(3);
  for (const piece of shown) {
    expect(piece.text.length).toBeLessThan(700);
    expect(piece.cut).toEqual({ before: true, after: true });
  }
});

test("shows pieces whose matches lie within them, in order, for any text", () => {
  const word = fc.constantFrom("ab", "é", "会", "🎉", "\ud83c", " ", "\n", "กิ", "x_y");
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 200 }),
      fc.constantFrom("ab", "会", "🎉", "é OR ab", "กิ", "x_y*"),
      (parts, query) => {
        for (const { text, matches } of excerpt(bytes({ text: parts.join("") }), "X", query)) {
          let before = 0;
          for (const [from, to] of matches) {
            expect(from).toBeGreaterThanOrEqual(before);
            expect(to).toBeGreaterThan(from);
            before = to;
          }
          expect(before).toBeLessThanOrEqual(text.length);
        }
      },
    ),
  );
});
