// The product as a person meets it: a sandbox, the server as a process of its own, and Chromium in front of it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { SandboxOptions } from "../../src/sandbox/options.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";

const root = join(import.meta.dirname, "../..");
/** Without these, Chromium looks for servers of its maker at each start. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const administrator = { name: "admin", password: "reed-water-lantern-9" };

export interface ServedConsole {
  readonly sandbox: Sandbox;
  readonly url: string;
  /** Where the first start leads. */
  readonly setupUrl: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Starts all three. The console must have been built. */
export async function serveConsole(browserPath: string, options: SandboxOptions = {}): Promise<ServedConsole> {
  const folder = mkdtempSync(join(tmpdir(), "cistern-console-"));
  const sandbox = await startSandbox({
    port: 0,
    days: 3,
    people: 12,
    eventsPerDay: 600,
    live: false,
    ratePerMinute: 0,
    ...options,
  });
  const server = await startServer(join(folder, "data"));
  const browser = await chromium.launch({ executablePath: browserPath, args: QUIET });
  return {
    sandbox,
    url: server.url,
    setupUrl: server.setupUrl,
    browser,
    async close() {
      await browser.close();
      await endOf(server.child);
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startServer(dataDir: string) {
  const args = [join(root, "src/cli/main.ts"), "serve", "--data-dir", dataDir, "--listen", "127.0.0.1:0"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const setupUrl = await new Promise<string>((resolve, reject) => {
    const said: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      said.push(line);
      const link = /https?:\/\/\S+\/setup\S*/.exec(line)?.[0];
      if (link) resolve(link);
    });
    child.once("exit", () => reject(new Error(`The server ended: ${said.join("\n")}`)));
  });
  return { child, setupUrl, url: new URL(setupUrl).origin };
}

async function endOf(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

export interface WatchedPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What a page must not do: violate its policy, fail in script, or ask another host. */
  readonly faults: string[];
}

/** A page that keeps account of what it must not do. */
export async function openPage(
  served: ServedConsole,
  options: { colorScheme: "light" | "dark" },
): Promise<WatchedPage> {
  const context = await served.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (/content security policy|trusted type|violat/i.test(message.text())) faults.push(`policy: ${message.text()}`);
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== served.url) faults.push(`elsewhere: ${request.url()}`);
  });
  return { context, page, faults };
}

/** Makes the administrator's account through the page of the first start, and arrives at the overview. */
export async function firstStart(served: ServedConsole, page: Page): Promise<void> {
  await page.goto(served.setupUrl);
  await page.getByLabel(/^Name/).fill(administrator.name);
  await page
    .getByLabel(/^Password/)
    .first()
    .fill(administrator.password);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await page.getByRole("button", { name: "Continue to the catalogue" }).click();
  await page.getByRole("heading", { name: "Collectors" }).waitFor();
}

export async function signIn(served: ServedConsole, page: Page): Promise<void> {
  await page.goto(served.url);
  await page.getByLabel(/^Name/).fill(administrator.name);
  await page
    .getByLabel(/^Password/)
    .first()
    .fill(administrator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Collectors" }).waitFor();
}

interface PanelValues {
  readonly name: string;
  readonly token: string;
  readonly workspaceId: string;
  readonly baseUrl: string;
  readonly requestsPerMinute?: number;
}

/**
 * Opens the ChatGPT Enterprise tile and fills in what every collector needs. With a rate given, how soon everything is here does not
 * depend on how much the hour of the week brings.
 */
export async function fillPanel(page: Page, values: PanelValues): Promise<void> {
  await page.goto(new URL("/collectors/new", page.url()).href);
  await page
    .getByRole("link", { name: /ChatGPT Enterprise/ })
    .or(page.getByRole("button", { name: /ChatGPT Enterprise/ }))
    .first()
    .click();
  await page.getByLabel(/^Name/).fill(values.name);
  await page
    .getByLabel(/^Authorization token/)
    .first()
    .fill(values.token);
  await page.getByLabel(/^Workspace ID/).fill(values.workspaceId);
  await page.getByRole("button", { name: "Advanced" }).click();
  await page.getByLabel(/^Base URL/).fill(values.baseUrl);
  if (values.requestsPerMinute !== undefined)
    await page.getByLabel(/^Requests per minute/).fill(String(values.requestsPerMinute));
}
