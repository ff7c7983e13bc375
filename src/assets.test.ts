import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { docsReader } from "./assets.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-docs-"));
  mkdirSync(join(folder, "docs/images"), { recursive: true });
  writeFileSync(join(folder, "secret.png"), "outside");
  writeFileSync(join(folder, "docs/page.md"), "# Page");
  writeFileSync(join(folder, "docs/images/a.png"), "inside");
  writeFileSync(join(folder, "docs/images/a.svg"), "<svg onload='x'/>");
  symlinkSync(join(folder, "secret.png"), join(folder, "docs/images/link.png"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("pictures of the documents are given out under a fixed type, and nothing else is", () => {
  const docs = docsReader(join(folder, "docs"));

  expect(docs.picture("images/a.png")).toEqual({ bytes: Buffer.from("inside"), type: "image/png" });
  for (const path of [
    "../secret.png",
    "images/../../secret.png",
    "images/./a.png",
    "/images/a.png",
    join(folder, "secret.png"),
    "images\\a.png",
    "images/a.png\0",
    "images/link.png",
    "images/a.svg",
    "page.md",
    "images",
    "",
  ])
    expect(docs.picture(path), path).toBeUndefined();
});

test("every picture that a document shows is there, in its light and its dark kind", () => {
  const docs = docsReader();
  const pages = docs.list().map(({ path }) => ({ path, markdown: docs.read(path)?.markdown ?? "" }));
  const shown = pages.flatMap(({ path, markdown }) =>
    [...markdown.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, src]) =>
      new URL(src!, `http://x/${path}`).pathname.slice(1),
    ),
  );

  expect(shown.length).toBeGreaterThan(0);
  for (const path of shown)
    for (const kind of ["light", "dark"])
      expect(docs.picture(path.replace(/-light\./, `-${kind}.`)), path).toBeDefined();
  expect([...readFileSync(join(import.meta.dirname, "../docs", shown[0]!)).subarray(1, 4)]).toEqual([80, 78, 71]);
});
