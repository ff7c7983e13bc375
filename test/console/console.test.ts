// Chromium walks the console against the sandbox, under the policy that the server sends. Any violation fails the test.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { describeInBrowser } from "../../src/testing/browser.ts";
import {
  fillPanel,
  firstStart,
  openPage,
  type ServedConsole,
  serveConsole,
  signIn,
  type WatchedPage,
} from "./served-console.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describeInBrowser("the console", (browserPath) => {
  let served: ServedConsole;
  let walk: WatchedPage;

  beforeAll(async () => {
    served = await serveConsole(browserPath, { quirks: { hostileText: 0.2 } });
    walk = await openPage(served, { colorScheme: "light" });
    await firstStart(served, walk.page);
  }, 60_000);

  afterAll(async () => {
    await served?.close();
  });

  const panelValues = (over: { token?: string; workspaceId?: string } = {}) => ({
    name: "walked",
    token: served.sandbox.key,
    workspaceId: served.sandbox.workspaceId,
    baseUrl: served.sandbox.baseUrl,
    ...over,
  });

  test.each([
    [
      "a key that nobody made",
      () => ({ token: "sk-admin-nobody-made-this" }),
      "OpenAI does not accept this key",
      "Paste the whole secret key again",
    ],
    [
      "a revoked key",
      () => ({ token: served.sandbox.keyNamed("revoked") }),
      "OpenAI does not accept this key",
      "create a new one",
    ],
    [
      "a key of the API Platform",
      () => ({ token: served.sandbox.keyNamed("api-platform-admin") }),
      "This is a key of the API Platform",
      "Create an Admin key",
    ],
    [
      "another workspace's key",
      () => ({ token: served.sandbox.keyNamed("other-workspace") }),
      "This key belongs to another workspace",
      "One key is for one workspace",
    ],
    [
      "a key that waits for approval",
      () => ({ token: served.sandbox.keyNamed("awaiting-approval") }),
      "This key may read none of the workspace's logs",
      "wait for the answer",
    ],
    [
      "a key without the scope of the chosen type",
      () => ({ token: served.sandbox.keyNamed("only-audit-log") }),
      "This key may not read CONVERSATION_MESSAGE",
      "Give the key the scope",
    ],
  ] as const)("the connection test explains %s and says what to do", async (_, over, sentence, remedy) => {
    const { page } = walk;
    await fillPanel(page, panelValues(over()));
    await page.getByRole("button", { name: "Test connection" }).click();

    const result = page.getByRole("region", { name: "Connection test" });
    await result.getByText(sentence, { exact: false }).first().waitFor();
    await result.getByText(remedy, { exact: false }).first().waitFor();
    expect(walk.faults).toEqual([]);
  });

  test("an organization ID in the workspace field is recognised before anything is sent", async () => {
    const { page } = walk;
    await fillPanel(page, panelValues({ workspaceId: "org-abcdefghijklmnopqrst" }));
    await page.getByRole("button", { name: "Test connection" }).click();

    await page
      .getByText(/organization ID/i)
      .and(page.getByText(/workspace/i))
      .first()
      .waitFor();
    expect(walk.faults).toEqual([]);
  });

  test("the New Collector flow leads from the tile to events that arrive", async () => {
    const { page } = walk;
    await fillPanel(page, panelValues());
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByText("The connection works").waitFor();
    await page.getByRole("button", { name: "Install" }).click();

    await page.getByRole("heading", { name: "walked" }).waitFor();
    await page.getByText("Collector walked is installed").waitFor();
    await page
      .getByRole("cell", { name: /CONVERSATION_MESSAGE/ })
      .or(page.getByText("CONVERSATION_MESSAGE"))
      .first()
      .waitFor();
    await expect.poll(() => storedEvents(page), { timeout: 30_000 }).toBeGreaterThan(20);
    expect(walk.faults).toEqual([]);
  });

  test("events are found in a language without spaces", async () => {
    const { page } = walk;
    const word = twoCharacterWord(served.sandbox);
    await page.goto(`${served.url}/events?range=all&q=${encodeURIComponent(word)}`);
    await expect
      .poll(
        async () => {
          const answer = await page.request.get(`${served.url}/api/v1/events/count?q=${encodeURIComponent(word)}`);
          return ((await answer.json()) as { count: number }).count;
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0);

    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("CONVERSATION_MESSAGE").first().waitFor();
    expect(walk.faults).toEqual([]);
  });

  test("events are shown as text however hostile, down to the exact bytes", { timeout: 60_000 }, async () => {
    const { page } = walk;
    const answer = await page.request.get(`${served.url}/api/v1/events?limit=100`);
    const { events } = (await answer.json()) as { events: { seq: number; summary: string }[] };
    const hostile = events.filter(({ summary }) => /[<>]|script|onerror/i.test(summary)).slice(0, 5);
    expect(hostile.length).toBeGreaterThan(0);

    for (const { seq } of [...hostile, ...events.slice(0, 3)]) {
      await page.goto(`${served.url}/events/${seq}`);
      for (const tab of ["JSON", "Exact text", "Metadata"]) await page.getByText(tab, { exact: true }).first().click();
    }
    expect(walk.faults).toEqual([]);
  });

  test.each(["light", "dark"] as const)(
    "every page is usable by everybody, %s",
    { timeout: 90_000 },
    async (colorScheme) => {
      const watched = await openPage(served, { colorScheme });
      try {
        await signIn(served, watched.page);
        const collector = await watched.page.evaluate(async () => {
          const answer = (await (await fetch("/api/v1/collectors")).json()) as { collectors: { id: string }[] };
          return answer.collectors[0]?.id;
        });
        const paths = [
          "/collectors",
          "/collectors/new",
          "/collectors/new/chatgpt-enterprise",
          `/collectors/${collector}`,
          "/events",
          "/sites",
          "/settings",
          "/docs",
          "/nowhere",
        ];
        for (const path of paths) {
          await watched.page.goto(served.url + path);
          await watched.page.waitForLoadState("networkidle");
          expect(await axeViolations(watched.page), `${path} in ${colorScheme}`).toEqual([]);
        }
        expect(watched.faults).toEqual([]);
      } finally {
        await watched.context.close();
      }
    },
  );
});

/** Two Han characters that stand side by side in a stored conversation. */
function twoCharacterWord(sandbox: Sandbox): string {
  for (const { bytes } of sandbox.published({ type: "CONVERSATION_MESSAGE" })) {
    const word = /"value":"[^"]*?(\p{Script=Han}{2})/u.exec(bytes.toString("utf8"))?.[1];
    if (word) return word;
  }
  throw new Error("No conversation in a language without spaces");
}

async function storedEvents(page: Page): Promise<number> {
  return await page.evaluate(async () => {
    const { collectors } = (await (await fetch("/api/v1/collectors")).json()) as {
      collectors: { volumeLastDay: { events: number } }[];
    };
    return collectors[0]?.volumeLastDay.events ?? 0;
  });
}

// Evaluated by the driver, not added as a script: the page's policy stays as it is.
async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}
