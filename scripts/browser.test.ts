import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBrowser, planBrowser, provisionBrowser } from "./browser.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cistern-browser-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function aProgram(name: string, script: string) {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test("CHROMIUM_PATH goes before what is on PATH, and what is on PATH is found by its usual names", () => {
  const own = aProgram("mine", "echo Chromium 1");
  const chrome = aProgram("google-chrome", "echo Google Chrome 1");

  expect(findBrowser({ CHROMIUM_PATH: own, PATH: folder })).toBe(own);
  expect(findBrowser({ PATH: `/nowhere:${folder}` })).toBe(chrome);
  expect(findBrowser({ PATH: "/nowhere" })).toBeUndefined();
  expect(findBrowser({ CHROMIUM_PATH: join(folder, "absent"), PATH: folder })).toBeUndefined();
});

test("a browser is installed only on Debian, and only in CI or for root", () => {
  const facts = { installed: undefined, ci: false, root: false, debian: true };

  expect(planBrowser({ ...facts, installed: "/bin/c" })).toEqual({ path: "/bin/c" });
  expect(planBrowser({ ...facts, root: true })).toEqual({ install: true });
  expect(planBrowser({ ...facts, ci: true })).toEqual({ install: true });
  expect(planBrowser(facts)).toHaveProperty("reason");
  expect(planBrowser({ ...facts, root: true, debian: false })).toHaveProperty("reason");
});

test("a stand-in that only tells how to install the real one is no browser", () => {
  const path = aProgram("chromium", "echo 'please install the snap'; exit 1");

  expect(provisionBrowser({ PATH: folder })).toEqual({ reason: `${path} does not start` });
});

test("a CHROMIUM_PATH that names nothing is said, not passed over", () => {
  expect(provisionBrowser({ CHROMIUM_PATH: "/nowhere/chromium", PATH: folder }).reason).toContain("/nowhere/chromium");
});
