import { expect, test } from "vitest";
import { marked } from "./marked.ts";

test("names between double stars are bold, markup is text", () => {
  expect(
    marked("Choose **General**, <b>then</b> **Save**")
      .map(({ text, bold }) => (bold ? `[${text}]` : text))
      .join(""),
  ).toBe("Choose [General], <b>then</b> [Save]");
});

test("a mark without its pair stays as it is", () => {
  expect(marked("2 ** 3")).toEqual([{ at: 0, text: "2 ** 3", bold: false }]);
});
