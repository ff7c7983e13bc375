// What every page of the console has to meet, in whatever browser test it is open.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const LEVELS = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } as const;
const COLOURS = { type: "rule", values: ["color-contrast"] } as const;

/** What axe finds against WCAG 2.2 AA. Evaluated by the driver, not added as a script: the page's policy stays as it is. */
export async function axeViolations(page: Page, runOnly: typeof LEVELS | typeof COLOURS = LEVELS): Promise<string[]> {
  await page.evaluate(axeSource);
  return await page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ runOnly: rules });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }, runOnly);
}

/** That everybody can use the page that is open. A theme changes colours and nothing else: the rest is looked at in light. */
export async function expectUsable(page: Page, path: string, colorScheme: "light" | "dark"): Promise<void> {
  const rules = colorScheme === "light" ? LEVELS : COLOURS;
  expect(await axeViolations(page, rules), `${path} in ${colorScheme}`).toEqual([]);
  if (colorScheme === "dark") return;
  await page.setViewportSize({ width: 375, height: 780 });
  expect(await sidewaysPixels(page), `${path} on a phone`).toBe(0);
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** How far the page could be scrolled to the side. */
async function sidewaysPixels(page: Page): Promise<number> {
  return await page.evaluate(`Math.max(
    ...[document.documentElement, ...document.querySelectorAll("#content")].map((part) => part.scrollWidth - part.clientWidth)
  )`);
}
