// What every page of the console has to meet, in whatever browser test it is open.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds against WCAG 2.2 AA. Evaluated by the driver, not added as a script: the page's policy stays as it is. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

/** How far the page could be scrolled to the side. */
export async function sidewaysPixels(page: Page): Promise<number> {
  return await page.evaluate(`Math.max(
    ...[document.documentElement, ...document.querySelectorAll("#content")].map((part) => part.scrollWidth - part.clientWidth)
  )`);
}
