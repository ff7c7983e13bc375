// Destinations in Chromium: a webhook to a receiver on this machine, from the tile to its removal, under the server's policy.
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser } from "../../src/testing/browser.ts";
import { hookReceiver, type ReceivedHook } from "../../src/testing/hook-receiver.ts";
import { axeViolations, expectUsable } from "./page-checks.ts";
import {
  fillPanel,
  firstStart,
  openPage,
  type ServedConsole,
  serveConsole,
  signIn,
  type WatchedPage,
} from "./served-console.ts";

type Receiver = Awaited<ReturnType<typeof hookReceiver>>;

const PSEUDONYM = /^"p_[0-9a-f]{20}"$/;

interface Event {
  readonly seq: number;
  readonly eventId: string;
}

describeInBrowser("destinations", (browserPath) => {
  let served: ServedConsole;
  let walk: WatchedPage;
  let receiver: Receiver;
  let events: readonly Event[];
  let refused: Event;

  beforeAll(async () => {
    receiver = await hookReceiver();
    served = await serveConsole(browserPath, { days: 2, people: 6, eventsPerDay: 100 });
    walk = await openPage(served, { colorScheme: "light" });
    await firstStart(served, walk.page);
    const { key: token, workspaceId, baseUrl } = served.sandbox;
    await fillPanel(walk.page, { name: "upstream", token, workspaceId, baseUrl, requestsPerMinute: 6_000 });
    await walk.page.getByRole("button", { name: "Install" }).click();
    await walk.page.getByRole("heading", { name: "upstream" }).waitFor();
    events = await allEvents(walk.page);
    refused = events[Math.floor(events.length / 2)]!;
  }, 90_000);

  afterAll(async () => {
    await served?.close();
    await receiver?.close();
  });

  const refuse = (hook: ReceivedHook) => (keysOf([hook]).some((key) => key.includes(refused.eventId)) ? 400 : 204);
  const answer = async <T>(path: string): Promise<T> =>
    (await (await walk.page.request.get(`${served.url}/api/v1${path}`)).json()) as T;

  test("an empty page says what a destination is, and the keyboard leads to the kinds", async () => {
    const { page } = walk;
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await page.getByRole("heading", { name: "Nothing is delivered yet" }).waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await page.getByRole("link", { name: "New destination" }).first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "SIEM" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("signed address");
    await page.getByRole("heading", { name: "SIEM" }).waitFor({ state: "detached" });
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "New destination: Webhook" }).waitFor();
    expect(walk.faults).toEqual([]);
  });

  test("the form asks for what is missing, and the test says what stands in the way", { timeout: 60_000 }, async () => {
    const { page } = walk;
    await page.getByText("An event can arrive more than once").waitFor();
    await page.getByRole("button", { name: "Add destination" }).click();
    await page.getByText("Give the destination a name").waitFor();
    await page.getByText("Address is needed").waitFor();

    await page.getByLabel(/^Name/).fill("soc");
    await page.getByLabel(/^Address/).fill(`${receiver.url}/in`);
    await page.getByRole("button", { name: "Test connection" }).click();
    const result = page.getByRole("region", { name: "Connection test" }).first();
    await result.getByText(/in a private, local or reserved range/).waitFor();
    await result.getByText("What to do").waitFor();
    expect(receiver.hooks).toEqual([]);

    await page.getByRole("button", { name: "Advanced" }).click();
    await page.getByLabel(/^Private networks/).fill("127.0.0.0/8");
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByText("The connection works").waitFor();
    expect(receiver.hooks).toHaveLength(1);
    expect(await axeViolations(page)).toEqual([]);
    expect(walk.faults).toEqual([]);
  });

  test("a preview shows stored events before and after; people become pseudonyms in after alone", async () => {
    const { page } = walk;
    const preview = page.getByRole("region", { name: "Preview" });
    const before = preview.getByRole("region", { name: "Before: as it is stored" });
    const after = preview.getByRole("region", { name: "After: as it would be sent" });
    await page.getByRole("combobox", { name: "Format" }).click();
    await page.getByRole("option", { name: "Exabeam" }).click();
    await page.getByRole("button", { name: "Preview" }).click();
    await preview.getByText(/^About .* a day, judged by the last day and the \d+ newest events/).waitFor();
    await after.getByText('"event_id"', { exact: true }).waitFor();

    await page.getByRole("button", { name: /^Masking/ }).click();
    await page.getByRole("switch", { name: "Pseudonyms" }).check();
    await preview.getByText("Changed since: press Preview again").waitFor();
    await page.getByRole("button", { name: "Preview" }).click();
    await after.getByText(PSEUDONYM).first().waitFor();
    expect(await before.getByText(PSEUDONYM).count()).toBe(0);
    expect(await preview.getByText("Changed since").count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);

    await page.getByRole("switch", { name: "Pseudonyms" }).uncheck();
    await page.getByRole("combobox", { name: "Format" }).click();
    await page.getByRole("option", { name: "Cistern" }).click();
    expect(receiver.hooks).toHaveLength(1);
    expect(walk.faults).toEqual([]);
  });

  test("what is entered is not lost by a click beside it", async () => {
    const { page } = walk;
    await page.getByRole("link", { name: "Events", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("not saved yet").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(await page.getByLabel(/^Name/).inputValue()).toBe("soc");
  });

  test("once it is added every event arrives but the one that is refused", { timeout: 60_000 }, async () => {
    const { page } = walk;
    receiver.hooks.length = 0;
    receiver.state.statusOf = refuse;
    await page.getByRole("button", { name: "Add destination" }).click();
    await page.getByRole("heading", { name: "soc", exact: true }).waitFor();

    await page.getByText("Everything that was collected is delivered. 1 dead letter waits for you.").waitFor({
      timeout: 30_000,
    });
    const taken = new Set(keysOf(receiver.hooks.filter((hook) => refuse(hook) === 204)));
    expect(taken.size).toBe(events.length - 1);
    await page.getByRole("region", { name: "Last answers" }).getByText("Refused", { exact: true }).first().waitFor();
    expect(walk.faults).toEqual([]);
  });

  test("the receipts of every hour add up", async () => {
    const { page } = walk;
    await page.getByRole("link", { name: "Receipts" }).click();
    await page
      .getByText(
        `Every event is accounted for: of ${events.length} collected, ${events.length - 1} delivered and 1 dead letter.`,
      )
      .waitFor();
    await page.getByText("adds up").first().waitFor();
    expect(await page.getByText(/missing|too many/).count()).toBe(0);
  });

  test("the dead letter tells its reason, leads to its event, can be exported, and arrives when sent again", async () => {
    const { page } = walk;
    await page.getByRole("link", { name: "Dead letters (1)" }).click();
    const row = page.getByRole("row").filter({ hasText: `#${refused.seq}` });
    await row.getByText("malformed").waitFor();
    await row.getByText(/answered 400/).waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export JSON" }).click();
    const exported = await download;
    expect(exported.suggestedFilename()).toBe("dead-letters-soc.json");
    expect(JSON.parse(readFileSync(await exported.path(), "utf8"))).toMatchObject([{ eventId: refused.eventId }]);

    await row.getByRole("link").click();
    await page.waitForURL((url) => url.pathname === `/events/${refused.seq}`);
    await page.goBack();
    receiver.hooks.length = 0;
    receiver.state.statusOf = undefined;
    await row.getByRole("checkbox").check();
    await page.getByRole("button", { name: "Send again", exact: true }).click();
    await page.getByText("1 event will be sent again").waitFor();
    await page.getByText("Everything that was collected is delivered.", { exact: true }).waitFor();
    expect(keysOf(receiver.hooks)).toHaveLength(1);
    await page.getByRole("link", { name: "Receipts" }).click();
    await page.getByText(`of ${events.length} collected, ${events.length} delivered.`).waitFor();
    expect(walk.faults).toEqual([]);
  });

  test("a replay is forecast, then sends everything again", { timeout: 60_000 }, async () => {
    const { page } = walk;
    receiver.hooks.length = 0;
    await page.getByRole("link", { name: "Replays" }).click();
    await page.getByRole("button", { name: "New replay" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Forecast" }).click();
    await dialog.getByText(`${events.length} events would be sent again`).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(receiver.hooks).toEqual([]);

    await dialog.getByRole("button", { name: `Send ${events.length} events again` }).click();
    await page.getByText("Done", { exact: true }).waitFor({ timeout: 30_000 });
    await page.getByText(`${events.length} of ${events.length} events delivered`).waitFor();
    expect(new Set(keysOf(receiver.hooks)).size).toBe(events.length);
    expect(walk.faults).toEqual([]);
  });

  test("a refusal of us halts delivery and says why, and a try goes on from there", { timeout: 60_000 }, async () => {
    const { page } = walk;
    receiver.state.statusOf = () => 401;
    await startReplay(page);
    await page.getByText("Halted", { exact: true }).first().waitFor();
    await page.getByText("credentials_refused").waitFor();
    expect(await axeViolations(page)).toEqual([]);

    receiver.state.statusOf = undefined;
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByText("Halted", { exact: true }).waitFor({ state: "detached" });
    await expect.poll(() => page.getByText("Done", { exact: true }).count(), { timeout: 30_000 }).toBe(2);
    expect(walk.faults).toEqual([]);
  });

  test("a pause holds a replay back, and it can be cancelled", { timeout: 60_000 }, async () => {
    const { page } = walk;
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Nothing is sent; what comes in is kept for it.").waitFor();
    receiver.hooks.length = 0;
    await startReplay(page);
    await page.getByRole("progressbar", { name: /^Replay/ }).waitFor();
    await page.getByRole("button", { name: "Cancel replay" }).click();
    await page.getByText("Cancelled", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText("Everything that was collected is delivered.", { exact: true }).waitFor();
    expect(receiver.hooks).toEqual([]);
    expect(walk.faults).toEqual([]);
  });

  test("an edit changes what is sent and keeps the rest", async () => {
    const { page } = walk;
    await page.getByRole("link", { name: "Edit", exact: true }).click();
    await page.getByRole("heading", { name: "Edit soc" }).waitFor();
    expect(await page.getByLabel(/^Address/).inputValue()).toBe(`${receiver.url}/in`);
    await page.getByRole("button", { name: /^Filter/ }).click();
    await page.getByRole("combobox", { name: "Event types" }).fill("CONVERSATION_MESSAGE");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Add condition" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Name a field, such as message.author.type").waitFor();
    await page.getByLabel("Field of condition 1").fill("message.author.type");
    await page.getByRole("combobox", { name: "Value of condition 1" }).fill("user");
    await page.keyboard.press("Enter");
    await page.getByLabel(/^Signing secret/).fill(`whsec_${Buffer.alloc(32, 7).toString("base64")}`);
    await page.getByRole("button", { name: "Save" }).click();

    await page.getByText("message.author.type is one of user").waitFor();
    await page.getByText(/^Set, ends in/).waitFor();
    const [saved] = await answer<unknown[]>("/destinations");
    expect(saved).toMatchObject({
      settings: { url: `${receiver.url}/in`, allow_networks: "127.0.0.0/8" },
      filter: { types: ["CONVERSATION_MESSAGE"], fields: [{ field: "message.author.type", equals: ["user"] }] },
    });
    expect(walk.faults).toEqual([]);
  });

  test("what is cleared in an edit is cleared, and the secret stays", async () => {
    const { page } = walk;
    await page.getByRole("link", { name: "Edit", exact: true }).click();
    await page.getByRole("button", { name: "Remove condition 1" }).click();
    await page.getByRole("combobox", { name: "Event types" }).focus();
    await page.keyboard.press("Backspace");
    await page.getByText("Set, ends in").waitFor();
    await page.getByRole("button", { name: "Save" }).click();

    await page.getByText("every event", { exact: true }).waitFor();
    const [saved] = await answer<object[]>("/destinations");
    expect(saved).not.toHaveProperty("filter");
    expect(saved).toMatchObject({ secrets: [{ name: "secret" }] });
    expect(walk.faults).toEqual([]);
  });

  test("an account that may not read events is told so, and sees no content", async () => {
    const invited = await walk.page.request.post(`${served.url}/api/v1/accounts`, {
      headers: { "x-cistern": "1" },
      data: { name: "Ola", roles: ["operator"] },
    });
    const { invitation } = (await invited.json()) as { invitation: { token: string } };
    const other = await openPage(served, { colorScheme: "dark" });
    try {
      await other.page.request.post(`${served.url}/api/v1/invitation`, {
        headers: { "x-cistern": "1" },
        data: { token: invitation.token, password: "otter-lamp-gravel-42" },
      });
      await other.page.goto(`${served.url}/destinations/new/webhook`);
      await other.page.getByText("The preview shows events, which your account may not read").waitFor();
      expect(await other.page.getByRole("button", { name: "Preview" }).count()).toBe(0);
      expect(await axeViolations(other.page)).toEqual([]);
      await other.page.goto(`${served.url}/destinations/${await destinationId(walk.page)}?tab=dead-letters&state=all`);
      const row = other.page.getByRole("row").filter({ hasText: `#${refused.seq}` });
      await row.getByText("Delivered at last").waitFor();
      expect(await row.getByRole("link").count()).toBe(0);
      expect(other.faults).toEqual([]);
    } finally {
      await other.context.close();
    }
  });

  test("what the configuration file manages is read-only, and a failure says what to do", async () => {
    const { page, context, faults } = await openPage(served, { colorScheme: "light" });
    try {
      await signIn(served, page);
      const id = await destinationId(page);
      await page.route(`**/api/v1/destinations/${id}`, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...((await response.json()) as object), managedBy: "file" } });
      });
      await page.goto(`${served.url}/destinations/${id}`);
      await page.getByText("Managed by the configuration file").waitFor();
      await page.getByRole("button", { name: "Pause" }).waitFor();
      expect(await page.getByRole("link", { name: /^Edit/ }).count()).toBe(0);
      expect(await page.getByRole("button", { name: "Remove" }).count()).toBe(0);

      const problem = {
        title: "Full",
        status: 507,
        code: "storage",
        detail: "The disk is full",
        action: "Free some space",
      };
      await page.route("**/api/v1/destinations", (route) => route.fulfill({ status: 507, json: problem }));
      await page.goto(`${served.url}/destinations`);
      await page.getByText("The disk is full. Free some space.").waitFor();
      await page.getByRole("button", { name: "Try again" }).waitFor();
      expect(faults).toEqual([]);
    } finally {
      await context.close();
    }
  });

  test.each(["light", "dark"] as const)(
    "every page is usable by everybody, %s",
    { timeout: 90_000 },
    async (colorScheme) => {
      const { page, context, faults } = await openPage(served, { colorScheme });
      try {
        await signIn(served, page);
        const one = `/destinations/${await destinationId(page)}`;
        const tabs = ["receipts", "dead-letters&state=all", "replays"].map((tab) => `${one}?tab=${tab}`);
        for (const path of [
          "/destinations",
          "/destinations/new",
          "/destinations/new/webhook",
          one,
          ...tabs,
          `${one}/edit`,
        ]) {
          await page.goto(served.url + path);
          await page.waitForLoadState("networkidle");
          if (path.endsWith("webhook"))
            for (const fold of [/^Advanced/, /^Filter/, /^Masking/])
              await page.getByRole("button", { name: fold }).click();
          await expectUsable(page, path, colorScheme);
        }
        expect(faults).toEqual([]);
      } finally {
        await context.close();
      }
    },
  );

  test("a removal says what is lost, and takes it away", async () => {
    const { page } = walk;
    await page.goto(`${served.url}/destinations`);
    await page.getByRole("link", { name: "soc", exact: true }).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Remove" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/the position up to which it has had everything/).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Remove destination" }).click();
    await page.getByRole("heading", { name: "Nothing is delivered yet" }).waitFor();
    expect(await answer<unknown[]>("/destinations")).toEqual([]);
    expect(walk.faults).toEqual([]);
  });
});

/** The keys of the events in these requests: each body is a JSON array of envelopes. */
const keysOf = (hooks: readonly ReceivedHook[]): readonly string[] =>
  hooks.flatMap(({ body }) => (JSON.parse(body) as { key: string }[]).map(({ key }) => key));

/** Asks for a replay of everything, from the tab of replays. */
async function startReplay(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New replay" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Forecast" }).click();
  await dialog.getByRole("button", { name: /^Send \d+ events again$/ }).click();
  await dialog.waitFor({ state: "detached" });
}

/** Everything that the sandbox has published, once all of it is stored. */
async function allEvents(page: Page): Promise<readonly Event[]> {
  const { origin } = new URL(page.url());
  const read = async () => {
    const answer = await page.request.get(`${origin}/api/v1/events?limit=500`);
    return ((await answer.json()) as { events: Event[] }).events;
  };
  for (let before = -1; ; ) {
    const events = await read();
    if (events.length > 0 && events.length === before) return events;
    before = events.length;
    await page.waitForTimeout(3_000);
  }
}

async function destinationId(page: Page): Promise<string> {
  const { origin } = new URL(page.url());
  const answer = await page.request.get(`${origin}/api/v1/destinations`);
  return ((await answer.json()) as { id: string }[])[0]!.id;
}
