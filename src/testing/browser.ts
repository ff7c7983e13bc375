// The browser that browser tests drive, and what becomes of them where there is none.
import { describe, expect, test } from "vitest";
import { findBrowser } from "../../scripts/browser.ts";

/** Path of a Chromium: what `npm test` has found or installed, else what is on PATH; undefined where there is none. */
export function browserPath(): string | undefined {
  const { CISTERN_CHROMIUM } = process.env;
  return CISTERN_CHROMIUM === undefined ? findBrowser(process.env) : CISTERN_CHROMIUM || undefined;
}

/**
 * A `describe` for tests that need a browser; `define` receives its path. Without one the block is skipped and a
 * line on stderr says why; with CI=true it is a failure.
 */
export function describeInBrowser(title: string, define: (path: string) => void): void {
  const path = browserPath();
  if (path !== undefined) {
    describe(title, () => define(path));
    return;
  }
  const reason = process.env.CISTERN_NO_CHROMIUM ?? "no Chromium found; install one or set CHROMIUM_PATH";
  if (process.env.CI === "true") {
    test(title, () => expect.fail(`A browser is required with CI=true: ${reason}`));
    return;
  }
  process.stderr.write(`Skipped without a browser: ${title} (${reason})\n`);
  test.skip(`${title} (${reason})`, () => {});
}
