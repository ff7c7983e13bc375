// A backlog and a rewind in Chromium: progress on the overview and the collector's page, forecast, confirmation, cancel.
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "../../src/testing/browser.ts";
import { axeViolations } from "./page-checks.ts";
import { fillPanel, firstStart, openPage, type ServedConsole, serveConsole, signIn } from "./served-console.ts";

/** The oldest files come first, so that of the first day some are here already. */
const HISTORY_MS = 3 * 86_400_000;

describeInBrowser("a backlog and a rewind", (browserPath) => {
  let served: ServedConsole;

  beforeAll(async () => {
    served = await serveConsole(browserPath);
    const { page } = await openPage(served, { colorScheme: "light" });
    await firstStart(served, page);
    const { key: token, workspaceId, baseUrl } = served.sandbox;
    await fillPanel(page, { name: "behind", token, workspaceId, baseUrl, requestsPerMinute: 30 });
    await page.getByRole("button", { name: "Install" }).click();
    await page.getByRole("heading", { name: "behind" }).waitFor();
  }, 60_000);

  afterAll(async () => {
    await served?.close();
  });

  test.each(["light", "dark"] as const)("are told and asked for in %s", { timeout: 90_000 }, async (colorScheme) => {
    const watched = await openPage(served, { colorScheme });
    const { page } = watched;
    await signIn(served, page);
    await page.getByRole("progressbar", { name: "Backlog of behind" }).waitFor({ timeout: 30_000 });
    expect(await axeViolations(page)).toEqual([]);

    await page.getByRole("link", { name: "behind" }).first().click();
    await page.getByRole("button", { name: "Details of Conversations" }).click();
    await page.getByText(/\d+ of \d+ files, \d+ %/).waitFor();
    const section = page.getByRole("region", { name: "Rewind of Conversations" });
    await section.getByRole("button", { name: "Rewind…" }).click({ timeout: 30_000 });
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/^Back to/).fill(new Date(Date.now() - HISTORY_MS).toISOString().slice(0, 10));
    await dialog.getByRole("button", { name: "Forecast" }).click();
    await dialog.getByText("Here already").waitFor({ timeout: 30_000 });
    await dialog.getByRole("checkbox", { name: /^Fetch again/ }).check();
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Rewind", exact: true }).click();
    await dialog.waitFor({ state: "detached" });

    await section.getByRole("button", { name: "Cancel the rewind" }).click({ timeout: 30_000 });
    await section.getByText(/cancelled/).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(watched.faults).toEqual([]);
    await watched.context.close();
  });
});
