import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { quirkRows } from "./fixtures/quirk-table.ts";
import { identitiesOf, keyRing } from "./keys.ts";
import { DEFAULT_QUIRKS } from "./quirks.ts";

const page = readFileSync(new URL("../../docs/sandbox.md", import.meta.url), "utf8");

test("the page lists every quirk with its default and its meaning, in the order of the code, and no other", () => {
  const rows = quirkRows();
  expect(rows.length).toBe(Object.keys(DEFAULT_QUIRKS).length);

  const section = page.slice(page.indexOf("## Quirks"), page.indexOf("## ", page.indexOf("## Quirks") + 3));
  expect(section.split("\n").filter((line) => line.startsWith("| `"))).toEqual(rows);
});

test("the page names every key", () => {
  for (const { name } of keyRing(1, identitiesOf(1)).list()) {
    if (!name.startsWith("only-")) expect(page).toContain(`\`${name}\``);
  }
  expect(page).toContain("`only-…`");
});

test("the page names every flag", () => {
  const source = readFileSync(new URL("./run.ts", import.meta.url), "utf8");
  const flags = [...source.matchAll(/^ {6}"?([a-z-]+)"?: \{ type:/gm)].map(([, flag]) => flag);
  expect(flags.length).toBeGreaterThan(10);
  for (const flag of flags) expect(page).toContain(`\`--${flag}`);
});
