// The pictures of docs/images: overview, panel, collector and events, in light and dark, of made-up data.
// Run: npm run screenshots. Needs a Chromium and a built console.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import {
  fillPanel,
  firstStart,
  openPage,
  type ServedConsole,
  serveConsole,
  signIn,
} from "../test/console/served-console.ts";
import { findBrowser } from "./browser.ts";

const folder = join(import.meta.dirname, "../docs/images");
const HISTORY = {
  days: 10,
  people: 40,
  eventsPerDay: 1_500,
  live: true,
  liveFactor: 6,
  fileIntervalMs: 5_000,
} as const;

const browser = findBrowser(process.env);
if (browser === undefined) throw new Error("No Chromium found; install one or set CHROMIUM_PATH");
mkdirSync(folder, { recursive: true });
const served = await serveConsole(browser, HISTORY);
try {
  const first = await openPage(served, { colorScheme: "light" });
  await firstStart(served, first.page);
  await install(first.page, served);
  await first.page.waitForTimeout(30_000);
  for (const colorScheme of ["light", "dark"] as const) {
    const { page, context } = await openPage(served, { colorScheme });
    await signIn(served, page);
    await takeAll(page, served, colorScheme);
    await context.close();
  }
} finally {
  await served.close();
}

async function install(page: Page, { sandbox }: ServedConsole): Promise<void> {
  const values = { token: sandbox.key, workspaceId: sandbox.workspaceId, baseUrl: sandbox.baseUrl };
  await fillPanel(page, { name: "chatgpt-prod", ...values });
  for (const name of ["Audit log", "Authentication log", "App log", "Codex log"]) {
    await page.getByRole("checkbox", { name: new RegExp(`^${name}`) }).check();
  }
  await page.getByLabel("Requests per minute").fill("6000");
  await page.getByRole("button", { name: "Install" }).click();
  await page.getByRole("heading", { name: "chatgpt-prod" }).waitFor();
}

async function takeAll(page: Page, { url, sandbox }: ServedConsole, theme: string): Promise<void> {
  const take = async (name: string) => {
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  };
  await take("overview");
  await page.getByRole("link", { name: "chatgpt-prod" }).first().click();
  await page.getByRole("heading", { name: "chatgpt-prod" }).waitFor();
  await page.getByText("By event time").click();
  await page.getByText("7 d", { exact: true }).click();
  await take("collector");
  await page.goto(`${url}/events/${await longMessage(page, url)}?range=all&type=CONVERSATION_MESSAGE`);
  await page.getByText("Exact text").waitFor();
  await take("events");
  await fillPanel(page, {
    name: "chatgpt-emea",
    token: sandbox.key,
    workspaceId: sandbox.workspaceId,
    baseUrl: sandbox.baseUrl,
  });
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByText("The connection works").waitFor();
  await take("new-collector");
  await forgetDrafts(page, url);
}

/** A message that most readers of the pictures can read. */
async function longMessage(page: Page, url: string): Promise<number> {
  const answer = await page.request.get(`${url}/api/v1/events?type=CONVERSATION_MESSAGE&limit=500`);
  const { events } = (await answer.json()) as { events: { seq: number; summary: string }[] };
  const found = events.find(({ summary }) => /^[\x20-\x7e]{120,}$/.test(summary)) ?? events[0];
  if (found === undefined) throw new Error("Nothing was collected to take a picture of");
  return found.seq;
}

// What the panel has kept would stand in the overview of the next theme.
async function forgetDrafts(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/docs`);
  const { drafts } = (await (await page.request.get(`${url}/api/v1/collectors`)).json()) as {
    drafts: { id: string }[];
  };
  for (const { id } of drafts)
    await page.request.delete(`${url}/api/v1/drafts/${id}`, { headers: { "x-cistern": "1" } });
}
