import fc from "fast-check";
import { expect, test } from "vitest";
import { inlines, plainText } from "./inline.ts";
import { destinationOf, pictureOf } from "./links.ts";
import { anchorOf, type Block, markdown } from "./markdown.ts";

const kinds = (text: string) => markdown(text).map(({ kind }) => kind);

test("reads the blocks of a document in their order", () => {
  const text =
    "# Title\n\nWords over\ntwo lines.\n\n- one\n- two\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |\n\n```sh\nrun | it\n```\n\n> quoted\n\n---\n";

  expect(kinds(text)).toEqual(["heading", "paragraph", "list", "table", "code", "quote", "rule"]);
});

test("raw HTML is text", () => {
  const text = '<script>alert(1)</script>\n\n<img src="https://evil.example/x.png">';

  expect(markdown(text)).toEqual([
    { kind: "paragraph", children: [{ kind: "text", text: "<script>alert(1)</script>" }] },
    { kind: "paragraph", children: [{ kind: "text", text: '<img src="https://evil.example/x.png">' }] },
  ]);
});

test("marks within a line nest, and signs within words stay signs", () => {
  expect(inlines("**bold `code`** and *so* snake_case_name 2 * 3 * 4")).toEqual([
    {
      kind: "strong",
      children: [
        { kind: "text", text: "bold " },
        { kind: "code", text: "code" },
      ],
    },
    { kind: "text", text: " and " },
    { kind: "em", children: [{ kind: "text", text: "so" }] },
    { kind: "text", text: " snake_case_name 2 * 3 * 4" },
  ]);
  expect(inlines("a \\*star\\* and ``a ` tick``")).toEqual([
    { kind: "text", text: "a *star* and " },
    { kind: "code", text: "a ` tick" },
  ]);
});

test("links and images keep their targets", () => {
  expect(inlines("[the *errors*](errors.md#auth_failed) ![a picture](images/x.png)")).toEqual([
    {
      kind: "link",
      href: "errors.md#auth_failed",
      children: [
        { kind: "text", text: "the " },
        { kind: "em", children: [{ kind: "text", text: "errors" }] },
      ],
    },
    { kind: "text", text: " " },
    { kind: "image", src: "images/x.png", alt: "a picture" },
  ]);
});

test("headings have anchors of their own, also where their words repeat", () => {
  const headings = markdown("## `auth_failed`\n\n## The key, and why\n\n## The key, and why").filter(
    (block) => block.kind === "heading",
  );

  expect(headings.map(({ id }) => id)).toEqual(["auth_failed", "the-key-and-why", "the-key-and-why-1"]);
  expect(anchorOf("Über das Öl!")).toBe("über-das-öl");
});

test("lists nest, number from where they begin, and hold code", () => {
  const [list] = markdown("3. one\n   more of one\n   - inner\n4. two\n\n   ```\n   x\n   ```\n");

  expect(list).toMatchObject({ kind: "list", ordered: true, start: 3 });
  const items = list?.kind === "list" ? list.items : [];
  expect(items.map((item) => item.map(({ kind }) => kind))).toEqual([
    ["paragraph", "list"],
    ["paragraph", "code"],
  ]);
});

test("a table's cells may hold pipes in code or behind a backslash, and short rows are filled", () => {
  const [table] = markdown("| a | b |\n| :-- | :-: |\n| `x | y` | 1 \\| 2 |\n| only |");

  expect(table).toEqual({
    kind: "table",
    align: ["left", "center"],
    head: [[{ kind: "text", text: "a" }], [{ kind: "text", text: "b" }]],
    rows: [
      [[{ kind: "code", text: "x | y" }], [{ kind: "text", text: "1 | 2" }]],
      [[{ kind: "text", text: "only" }], []],
    ],
  });
});

test("comments are left out, and a table may follow one or a line of text", () => {
  const table = "| a | b |\n| --- | --- |\n| 1 | 2 |";

  expect(kinds(`<!-- settings -->\n${table}\n<!-- /settings -->\n\ntext\n${table}`)).toEqual([
    "table",
    "paragraph",
    "table",
  ]);
  expect(kinds("<!-- over\n\ntwo lines -->\n# Title")).toEqual(["heading"]);
  expect(kinds("<!-- never closed\n\n# Title")).toEqual(["paragraph", "heading"]);
});

test("code is kept as it stands, and a fence that is never closed reaches to the end", () => {
  expect(markdown('```json\n{ "a":  1 }\n\n<b>\n```')).toEqual([
    { kind: "code", language: "json", text: '{ "a":  1 }\n\n<b>' },
  ]);
  expect(markdown("~~~\nx\n# y")).toEqual([{ kind: "code", language: "", text: "x\n# y" }]);
});

test("any text is read to its end, and loses no word", () => {
  const line = fc
    .array(
      fc.constantFrom(
        "#",
        "word",
        "- ",
        "1. ",
        "> ",
        "|",
        "---",
        "`",
        "**",
        "_",
        "[x](y)",
        "![",
        "<b>",
        "  ",
        "```",
        "\\",
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const text = lines.join("\n");
      const expected =
        lines
          .filter((each) => !each.includes("```"))
          .join("\n")
          .match(/word/g)?.length ?? 0;
      const found = words(markdown(text)).match(/word/g)?.length ?? 0;
      expect(found).toBeGreaterThanOrEqual(text.includes("|") ? 0 : expected);
    }),
  );
});

function words(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === "list") return block.items.map(words).join(" ");
      if (block.kind === "quote") return words(block.blocks);
      if (block.kind === "code") return `${block.language} ${block.text}`;
      if (block.kind === "table") return [block.head, ...block.rows].flat().map(plainText).join(" ");
      return block.kind === "rule" ? "" : plainText(block.children);
    })
    .join(" ");
}

test("links between documents stay in the console, and others never lead anywhere by themselves", () => {
  expect(destinationOf("errors.md#auth_failed", "search")).toEqual({
    kind: "page",
    path: "errors",
    anchor: "auth_failed",
  });
  expect(destinationOf("../errors.md", "connectors/chatgpt-enterprise")).toEqual({
    kind: "page",
    path: "errors",
    anchor: undefined,
  });
  expect(destinationOf("#here", "search")).toEqual({ kind: "page", path: "search", anchor: "here" });
  expect(destinationOf("https://example.org/x", "search")).toEqual({
    kind: "outside",
    address: "https://example.org/x",
  });
  for (const href of [
    "javascript:alert(1)",
    "data:text/html,x",
    "../../README.md",
    "/settings",
    "images/x.png",
    "http://[",
  ]) {
    expect(destinationOf(href, "search"), href).toEqual({ kind: "none" });
  }
  expect(destinationOf("//evil.example/docs/x", "search").kind).toBe("outside");
});

test("a picture is asked of our own server, below docs, in the kind of the theme", () => {
  const at = (src: string, scheme: "light" | "dark" = "light") =>
    pictureOf(src, "connectors/chatgpt-enterprise", scheme);

  expect(at("../images/panel-light.png")).toBe("/api/v1/doc-pictures/images/panel-light.png");
  expect(at("../images/panel-light.png", "dark")).toBe("/api/v1/doc-pictures/images/panel-dark.png");
  for (const src of [
    "https://elsewhere.example/a.png",
    "//elsewhere.example/a.png",
    "data:image/png;base64,AA==",
    "../../../secret.png",
    "../errors.md",
    "a.svg",
  ])
    expect(at(src), src).toBeUndefined();
});
