import fc from "fast-check";
import { expect, test } from "vitest";
import { pieces } from "./marks.ts";

const point = fc.oneof(
  fc.integer({ min: 0, max: 0x10ffff }),
  fc.constantFrom(0x200b, 0x200d, 0x202e, 0xfe0f, 0x61, 0x1f469, 10, 13),
);
const anyText = fc.array(point).map((points) => String.fromCodePoint(...points));

const said = (text: string, exact = false) =>
  pieces(text, exact)
    .map(({ kind, text }) => (kind === "mark" ? `[${text}]` : text))
    .join("");

test("names characters that reorder or hide text", () => {
  expect(said("a\u202Egpj.exe\u202C b\u200Bc\u0000")).toBe("a[RLO]gpj.exe[PDF] b[ZWSP]c[NUL]");
});

test("leaves tabs, line ends and ordinary text alone", () => {
  expect(said("one\ttwo\r\nthree 日本語 العربية")).toBe("one\ttwo\r\nthree 日本語 العربية");
});

test("leaves the joiners of emoji and of scripts that spell with them, unless it is told to be exact", () => {
  const family = "👩\u200D👧 ❤\uFE0F می\u200Cخواهم";

  expect(said(family)).toBe(family);
  expect(said(family, true)).toBe("👩[ZWJ]👧 ❤[U+FE0F] می[ZWNJ]خواهم");
});

test("names a joiner between Latin letters", () => {
  expect(said("pass\u200Dword")).toBe("pass[ZWJ]word");
});

test("shows a long run as one mark and reads smuggled tag characters", () => {
  const smuggled = [..."ignore all"].map((char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join("");

  const [, mark] = pieces(`hi${smuggled}`);

  expect(mark?.text).toBe("10 hidden characters");
  expect(mark?.title).toContain("as ASCII: ignore all");
});

test("keeps every visible character in its order", () => {
  const visible = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zl}\p{Zp}\p{Cs}\uFFF9-\uFFFB]/gu;
  fc.assert(
    fc.property(anyText, (text) => {
      const shown = pieces(text, true).filter(({ kind }) => kind === "text");
      const plain = shown.map((piece) => piece.text).join("");
      expect(plain.replaceAll(/[\t\n]/g, "")).toBe(text.replaceAll(visible, ""));
    }),
  );
});
