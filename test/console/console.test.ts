// Chromium walks the console against the sandbox, under the policy that the server sends. Any violation fails the test.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { describeInBrowser } from "../../src/testing/browser.ts";
import { hookReceiver, isSignedBy } from "../../src/testing/hook-receiver.ts";
import { expectUsable } from "./page-checks.ts";
import {
  fillPanel,
  firstStart,
  openPage,
  type ServedConsole,
  serveConsole,
  signIn,
  type WatchedPage,
} from "./served-console.ts";

describeInBrowser("the console", (browserPath) => {
  let served: ServedConsole;
  let walk: WatchedPage;

  beforeAll(async () => {
    served = await serveConsole(browserPath, { quirks: { hostileText: 0.2, malformedLines: 0.02 } });
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
    requestsPerMinute: 6_000,
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
    const answer = await page.request.get(`${served.url}/api/v1/events?type=CONVERSATION_MESSAGE&limit=500`);
    const { events } = (await answer.json()) as { events: { seq: number; summary: string }[] };
    const hostile = events.filter(({ summary }) => /[<>]|script|onerror/i.test(summary)).slice(0, 5);
    expect(hostile.length).toBeGreaterThan(0);

    for (const { seq } of [...hostile, ...events.slice(0, 3)]) {
      await page.goto(`${served.url}/events/${seq}`);
      for (const tab of ["JSON", "Exact text", "Metadata"]) await page.getByText(tab, { exact: true }).first().click();
    }
    expect(walk.faults).toEqual([]);
  });

  test("a line that could not be read is shown as text and can be acknowledged", async () => {
    const { page } = walk;
    await page.goto(`${served.url}/collectors/${await collectorId(page)}`);
    const first = page.getByRole("listitem").filter({ hasText: "could not be read and was set aside" }).first();
    const file = await first.locator("code").last().textContent();
    const row = page.getByRole("listitem").filter({ hasText: file! });
    await row.getByRole("button", { name: "Show the text" }).click();
    await row.getByText("Not parsed").waitFor();
    expect(await row.locator("pre").textContent()).toContain("event_id");

    const download = page.waitForEvent("download");
    await row.getByRole("link", { name: "Download the bytes" }).click();
    expect((await download).suggestedFilename()).toMatch(/^quarantined-\d+\.txt$/);
    await row.getByRole("button", { name: "Acknowledge" }).click();
    await page.getByRole("button", { name: "Show 1 acknowledged error" }).waitFor();
    expect(walk.faults).toEqual([]);
  });

  test("the workspace of an installed collector is shown, and not a field to edit", async () => {
    const { page } = walk;
    await page.goto(`${served.url}/collectors/${await collectorId(page)}/edit`);
    const field = page.getByRole("textbox", { name: "Workspace ID" });

    await field.waitFor();
    expect(await field.inputValue()).toBe(served.sandbox.workspaceId);
    expect(await field.getAttribute("readonly")).not.toBeNull();
    await page.getByText("duplicate this collector or create a new one").waitFor();
    expect(await page.getByRole("textbox", { name: "Organization ID" }).getAttribute("readonly")).toBeNull();
  });

  test("filters take several values, stay in the address, and know a data source that a person named", async () => {
    const { page } = walk;
    const id = await collectorId(page);
    const dataSources = ["conversations", "audit-log", "MEMORY_CONTEXT"];
    const changed = await page.request.patch(`${served.url}/api/v1/collectors/${id}`, {
      headers: { "x-cistern": "1" },
      data: { dataSources },
    });
    expect(changed.status()).toBe(200);
    const count = async (query: string) => {
      const answer = await page.request.get(`${served.url}/api/v1/events/count?${query}`);
      return ((await answer.json()) as { count: number }).count;
    };
    await expect.poll(() => count("type=AUDIT_LOG"), { timeout: 30_000 }).toBeGreaterThan(0);
    await page.goto(`${served.url}/events?range=all`);

    await page.getByRole("button", { name: /^Type/ }).click();
    for (const type of ["CONVERSATION_MESSAGE", "AUDIT_LOG"]) await page.getByRole("checkbox", { name: type }).check();
    await page.waitForURL((url) => (url.searchParams.get("type") ?? "").split(",").length === 2);
    await page.reload();
    await page.getByRole("row").filter({ hasText: "CONVERSATION_MESSAGE" }).first().waitFor();
    // Which type is the newest, and so in sight, depends on the hour: the other one is looked at alone.
    await page.getByRole("button", { name: "Type 2 types" }).click();
    await page.getByRole("checkbox", { name: "CONVERSATION_MESSAGE" }).uncheck();
    await page.getByRole("row").filter({ hasText: "AUDIT_LOG" }).first().waitFor();
    await page.waitForURL((url) => url.searchParams.get("type") === "AUDIT_LOG");
    await page.getByRole("button", { name: /^Data source/ }).click();
    await page.getByRole("checkbox", { name: "MEMORY_CONTEXT" }).check();
    await page.getByText("No event matches").first().waitFor();
    expect(walk.faults).toEqual([]);
  });

  test("a document shows its picture, from our own server", async () => {
    const { page } = walk;
    await page.goto(`${served.url}/docs/connectors/chatgpt-enterprise`);
    const picture = page.getByRole("img", { name: "The New collector panel after a connection test" });

    await picture.scrollIntoViewIfNeeded();
    await expect
      .poll(() => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
      .toBeGreaterThan(1_000);
    expect(walk.faults).toEqual([]);
  });

  test("close rows are remembered", async () => {
    const { page } = walk;
    await page.goto(`${served.url}/events?range=all`);
    const height = async () => (await page.getByRole("row").nth(1).boundingBox())?.height;
    await expect.poll(height).toBe(30);
    await page.getByRole("button", { name: "Appearance" }).click();
    await page.getByRole("menuitem", { name: "Compact" }).click();
    await expect.poll(height).toBe(24);
    await page.reload();
    await expect.poll(height).toBe(24);
    expect(walk.faults).toEqual([]);
  });

  test("an administrator invites somebody, who chooses a password and is out once removed", async () => {
    const { page } = walk;
    const ben = await openPage(served, { colorScheme: "dark" });
    try {
      await page.goto(`${served.url}/settings?tab=accounts`);
      await page.getByText("Nobody else can sign in yet").waitFor();
      await page.getByRole("button", { name: "New account" }).click();
      await page.getByLabel("Name").fill("Ben");
      await page.getByRole("button", { name: "Make account" }).click();
      const link = await page.getByText(/\/join#token=/).textContent();
      await page.getByRole("button", { name: "I have kept it" }).click();

      await ben.page.goto(link!);
      expect(await ben.page.getByLabel("Name").inputValue()).toBe("Ben");
      expect(ben.page.url()).not.toContain("cistern_invitation");
      await ben.page.getByLabel("Password", { exact: true }).fill("otter-lamp-gravel-42");
      await ben.page.getByRole("button", { name: "Set password and sign in" }).click();
      await ben.page.getByRole("heading", { name: "Collectors" }).waitFor();

      await page.reload();
      await page.getByRole("button", { name: "More about Ben" }).click();
      await page.getByRole("menuitem", { name: "Remove" }).click();
      await page.getByRole("button", { name: "Remove account" }).click();
      await page.getByText("Removed Ben").waitFor();
      await ben.page.reload();
      await ben.page.getByRole("heading", { name: "Sign in" }).waitFor();
      expect([...walk.faults, ...ben.faults]).toEqual([]);
    } finally {
      await ben.context.close();
    }
  });

  test("a webhook is set up, its secret shown once, and a test reaches it only where its network is named", async () => {
    const { page } = walk;
    const receiver = await hookReceiver();
    try {
      await page.goto(`${served.url}/settings?tab=alerts`);
      await page.getByText("Nobody is told yet").waitFor();
      await page.getByRole("button", { name: "New channel" }).click();
      await page.getByLabel("Name").fill("soc");
      await page.getByLabel("Address", { exact: true }).last().fill(`${receiver.url}/in`);
      await page.getByRole("button", { name: "Add channel" }).click();
      const secret = await page.getByText(/^whsec_/).textContent();
      await page.getByRole("button", { name: "I have kept it" }).click();

      await page.getByRole("button", { name: "Send test to soc" }).click();
      await page.getByText(/did not reach soc: 127\.0\.0\.1 is in a private/).waitFor();
      expect(receiver.hooks).toEqual([]);

      await page.getByLabel("Private networks to which alerts may be sent").fill("127.0.0.0/8");
      await page.getByRole("button", { name: "Save" }).first().click();
      await page.getByText("Saved").waitFor();
      await page.getByRole("button", { name: "Send test to soc" }).click();
      await page.getByText("The test has reached soc").waitFor();
      expect(receiver.hooks.map((hook) => isSignedBy(hook, secret!))).toEqual([true]);
      expect(walk.faults).toEqual([]);
    } finally {
      await receiver.close();
    }
  });

  test("what an open page asks by itself is marked as such, until somebody comes back", async () => {
    const watched = await openPage(served, { colorScheme: "light" });
    try {
      const { page } = watched;
      await page.clock.install();
      await signIn(served, page);
      const poll = (background: boolean) =>
        page.waitForRequest(
          (request) =>
            request.url().endsWith("/collectors") && (request.headers()["x-cistern-background"] === "1") === background,
        );
      await Promise.all([poll(false), page.clock.fastForward(6_000)]);
      await Promise.all([poll(true), page.clock.runFor(60_000)]);
      await page.mouse.move(300, 300);
      await Promise.all([poll(false), page.clock.runFor(6_000)]);
    } finally {
      await watched.context.close();
    }
  });

  test.each(["light", "dark"] as const)(
    "every page is usable by everybody, %s",
    { timeout: 90_000 },
    async (colorScheme) => {
      const watched = await openPage(served, { colorScheme });
      try {
        await signIn(served, watched.page);
        const collector = await collectorId(watched.page);
        const paths = [
          "/collectors",
          "/collectors/new",
          "/collectors/new/chatgpt-enterprise",
          `/collectors/${collector}`,
          "/events",
          "/sites",
          "/settings",
          "/settings?tab=alerts",
          "/settings?tab=accounts",
          "/settings?tab=access-record",
          "/docs",
          "/docs/connectors/chatgpt-enterprise",
          "/nowhere",
        ];
        for (const path of paths) {
          await watched.page.goto(served.url + path);
          await watched.page.waitForLoadState("networkidle");
          await expectUsable(watched.page, path, colorScheme);
        }
        expect(watched.faults).toEqual([]);
      } finally {
        await watched.context.close();
      }
    },
  );
});

async function collectorId(page: Page): Promise<string> {
  const { origin } = new URL(page.url());
  const answer = await page.request.get(`${origin}/api/v1/collectors`);
  return ((await answer.json()) as { collectors: { id: string }[] }).collectors[0]!.id;
}

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
