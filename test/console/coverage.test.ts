// The calendar in Chromium: by keyboard down to the files of an hour, and a report that can be verified.
import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyReport } from "../../src/report/verify.ts";
import { describeInBrowser } from "../../src/testing/browser.ts";
import { axeViolations } from "./page-checks.ts";
import { fillPanel, firstStart, openPage, type ServedConsole, serveConsole, signIn } from "./served-console.ts";

describeInBrowser("the calendar of coverage", (browserPath) => {
  let served: ServedConsole;

  beforeAll(async () => {
    served = await serveConsole(browserPath);
    const { page } = await openPage(served, { colorScheme: "light" });
    await firstStart(served, page);
    const { key: token, workspaceId, baseUrl } = served.sandbox;
    await fillPanel(page, { name: "covered", token, workspaceId, baseUrl, requestsPerMinute: 6_000 });
    await page.getByRole("button", { name: "Install" }).click();
    await page.getByRole("heading", { name: "covered" }).waitFor();
  }, 60_000);

  afterAll(async () => {
    await served?.close();
  });

  async function calendar(page: Page): Promise<Locator> {
    await signIn(served, page);
    await page.getByRole("link", { name: "covered" }).first().click();
    const section = page.getByRole("region", { name: "Coverage", exact: true });
    await section
      .getByRole("button", { name: /: collected \d+ minutes/ })
      .first()
      .waitFor({ timeout: 30_000 });
    return section;
  }

  test.each(["light", "dark"] as const)(
    "is walked by keyboard, read out and without a fault of axe, in %s",
    { timeout: 60_000 },
    async (colorScheme) => {
      const watched = await openPage(served, { colorScheme });
      const { page } = watched;
      const section = await calendar(page);
      const stops = section.locator('[data-place][tabindex="0"]');
      expect(await stops.count()).toBe(1);

      await stops.focus();
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Home");
      expect(await page.locator(":focus").getAttribute("data-place")).toMatch(/^\d+\.0$/);
      expect(await page.locator(":focus").getAttribute("aria-label")).toMatch(
        /^\d{4}-\d\d-\d\d 00:00 to 01:00 UTC: .+\d minutes?$/,
      );
      await section
        .getByRole("button", { name: /: collected \d+ minutes/ })
        .first()
        .focus();
      await page.keyboard.press("Enter");
      const files = section.getByRole("region", { name: /^Files of Conversations/ });
      await files
        .getByText(/^eclf_/)
        .first()
        .waitFor();
      expect(await axeViolations(page)).toEqual([]);
      await files.getByRole("button", { name: "Close" }).click();
      await files.waitFor({ state: "detached" });
      expect(watched.faults).toEqual([]);
      await watched.context.close();
    },
  );

  test("issues a report whose bytes verify, and lists it", { timeout: 60_000 }, async () => {
    const { page, context } = await openPage(served, { colorScheme: "light" });
    const section = await calendar(page);
    await section.getByRole("button", { name: "Report", exact: true }).click();
    await page.getByRole("dialog").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Issue report" }).click();
    const download = await downloading;

    const { report, faults } = verifyReport(readFileSync(await download.path()));

    expect(faults).toEqual([]);
    expect(report).toMatchObject({ collector: { name: "covered" }, issued_by: "admin" });
    expect(download.suggestedFilename()).toBe(`${report?.id}.json`);
    await section.getByRole("link", { name: `Download the report ${report?.id}`, exact: true }).waitFor();
    expect(await section.getByText("Nothing has changed").count()).toBe(1);
    await context.close();
  });
});
