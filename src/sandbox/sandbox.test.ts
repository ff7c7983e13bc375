import { createHash } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { STILL, testClient } from "./fixtures/client.ts";
import type { SandboxOptions } from "./options.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

const open: Sandbox[] = [];
async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ ...STILL, ...options });
  open.push(sandbox);
  return sandbox;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const fingerprint = (sandbox: Sandbox) => {
  const hash = createHash("sha256");
  for (const file of sandbox.published()) hash.update(`${file.id} ${file.endTime} ${file.sha256}\n`);
  return hash.digest("hex");
};

test("a walk over all pages gives every published file, with its size and hash", async () => {
  const sandbox = await start({ days: 2 });
  const client = testClient(sandbox, fetch);

  const listed = await client.listAll("CONVERSATION_MESSAGE");
  const [first] = listed;
  const bytes = Buffer.from(await (await client.open(first?.id ?? "")).arrayBuffer());

  const published = [...sandbox.published({ type: "CONVERSATION_MESSAGE" })];
  expect(listed.length).toBeGreaterThan(100);
  expect(listed.map(({ id }) => id)).toEqual(published.map(({ id }) => id));
  expect(listed.map(({ file_sha256 }) => file_sha256)).toEqual(published.map(({ sha256 }) => sha256));
  expect(bytes.length).toBe(first?.file_size);
  expect(sha256(bytes)).toBe(first?.file_sha256);
  expect(first?.file_name).toBe(`CONVERSATION_MESSAGE_${first?.end_time.replace("Z", "+00:00")}.jsonl`);
});

test("files are listed by end time, and hold events up to it", async () => {
  const sandbox = await start({ quirks: { boundaryFileReturns: false } });
  const client = testClient(sandbox, fetch);

  const all = await client.list("AUTH_LOG");
  const [, second] = all.data;
  const later = await client.list("AUTH_LOG", `after=${second?.end_time}`);
  const between = await client.list("AUTH_LOG", `after=${second?.end_time}&before=${all.data[5]?.end_time}`);

  expect(all.data.map((file) => file.end_time)).toEqual(all.data.map((file) => file.end_time).toSorted());
  expect(later.data.slice(0, 3).map(({ id }) => id)).toEqual(all.data.slice(2, 5).map(({ id }) => id));
  expect(between.data.map(({ id }) => id)).toEqual(all.data.slice(2, 5).map(({ id }) => id));
  for (const file of sandbox.published()) {
    for (const { time } of file.events())
      expect(Date.parse(time ?? "")).toBeLessThanOrEqual(Date.parse(file.endTime) + 1);
  }
});

test("the same seed and options give the same bytes, another seed gives others", async () => {
  const one = await start({ seed: 7 });
  const same = await start({ seed: 7 });
  const other = await start({ seed: 8 });

  expect(fingerprint(same)).toBe(fingerprint(one));
  expect(same.keys).toEqual(one.keys);
  expect(fingerprint(other)).not.toBe(fingerprint(one));
  expect(other.key).not.toBe(one.key);
});

// When this changes, the generator has changed: stores that were filled from an older one see new events.
test("what seed 7 makes is pinned", async () => {
  expect(fingerprint(await start({ seed: 7 }))).toMatchInlineSnapshot(
    `"490936e84fd1e30f1b9440b16d62572058b9c58c9af39c8bfa8f03d40d4baac3"`,
  );
});

test("a published file does not change when more is published, asked or switched", async () => {
  const sandbox = await start();
  const client = testClient(sandbox, fetch);
  const before = new Map([...sandbox.published()].map((file) => [file.id, file.sha256]));

  await client.list("AUDIT_LOG");
  sandbox.setQuirks({ surplusDuplicates: 1, malformedLines: 1, tiedEndTimes: 1, fractionDigits: 3, editedMessages: 1 });
  sandbox.advance(2 * 3_600_000);

  const after = new Map([...sandbox.published()].map((file) => [file.id, sha256(file.bytes)]));
  expect(after.size).toBeGreaterThan(before.size);
  for (const [id, hash] of before) expect(after.get(id)).toBe(hash);
});

test("live traffic comes in a new file of each interval", async () => {
  let nowMs = Date.parse("2026-11-20T15:00:00Z");
  const sandbox = await start({
    live: true,
    now: () => nowMs,
    startAt: "2026-11-20T15:00:00Z",
    fileIntervalMs: 10_000,
    liveFactor: 20,
  });
  const count = () => [...sandbox.published({ type: "CONVERSATION_MESSAGE" })].length;
  const before = count();

  nowMs += 60_000;

  expect(count() - before).toBeGreaterThanOrEqual(4);
  expect(count() - before).toBeLessThanOrEqual(7);
});

test("files age out of list and download after the retention", async () => {
  const sandbox = await start({ days: 2, quirks: { retentionDays: 1 } });
  const client = testClient(sandbox, fetch);
  const [oldest] = (await client.list("AUTH_LOG")).data;
  const url = (await client.get(`workspaces/{ws}/logs/${oldest?.id}`)).headers.get("Location") ?? "";

  sandbox.advance(3_600_000);

  expect(Date.parse(oldest?.end_time ?? "")).toBeGreaterThan(Date.parse("2026-11-19T15:02:59Z"));
  expect((await client.list("AUTH_LOG")).data.map(({ id }) => id)).not.toContain(oldest?.id);
  expect((await client.get(`workspaces/{ws}/logs/${oldest?.id}`)).status).toBe(404);
  expect((await fetch(url)).status).toBe(403);
});

test("a signed URL needs no key, lives five minutes, and cannot be bent", async () => {
  const sandbox = await start();
  const client = testClient(sandbox, fetch);
  const [file, other] = (await client.list("AUTH_LOG")).data;
  const url = (await client.get(`workspaces/{ws}/logs/${file?.id}`)).headers.get("Location") ?? "";

  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(url.replace(file?.id ?? "", other?.id ?? ""))).status).toBe(403);
  sandbox.advance(299_000);
  expect((await fetch(url, { method: "HEAD" })).status).toBe(200);
  sandbox.advance(2_000);
  expect((await fetch(url)).status).toBe(403);
});

test("a key that reaches the storage host is refused and counted", async () => {
  const sandbox = await start();
  const client = testClient(sandbox, fetch);
  const [file] = (await client.list("AUTH_LOG")).data;
  const url = (await client.get(`workspaces/{ws}/logs/${file?.id}`)).headers.get("Location") ?? "";

  const reply = await fetch(url, { headers: { Authorization: `Bearer ${sandbox.key}` } });

  expect(reply.status).toBe(400);
  expect(sandbox.counters.leakedAuthorizations).toBe(1);
});

test("a file id is honoured by a sandbox that never listed it", async () => {
  const first = await start({ seed: 3 });
  const [file] = (await testClient(first, fetch).list("CODEX_LOG")).data;
  const second = await start({ seed: 3 });

  expect((await testClient(second, fetch).get(`workspaces/{ws}/logs/${file?.id}`)).status).toBe(307);
});

test("every request with a key is an audit event of its own", async () => {
  const sandbox = await start();
  const client = testClient(sandbox, fetch);
  await client.list("AUTH_LOG", "after=2026-11-20T00:00:00Z&limit=5");
  await client.get("workspaces/{ws}/logs?event_type=AUDIT_LOG", sandbox.keyNamed("only-auth-log"));
  await client.get("workspaces/{ws}/users", sandbox.keyNamed("other-workspace"));

  sandbox.advance(20 * 60_000);

  const own = [...sandbox.published({ type: "AUDIT_LOG" })]
    .flatMap((file) => file.events().map(({ line }) => JSON.parse(line)))
    .filter((event) => event.actor.type === "API_KEY" && event.actor.redacted_id !== "sk-...Dir7");
  expect(own.map(({ action, action_result }) => [action, action_result])).toEqual([
    ["LIST_WORKSPACE_LOG_FILES", "SUCCESS"],
    ["LIST_WORKSPACE_LOG_FILES", "BLOCKED"],
  ]);
  expect(own[0].action_data).toMatchObject({ limit: "5", event_type: "AUTH_LOG" });
  expect(own[0].actor.redacted_id).toBe(`sk-...${sandbox.key.slice(-4)}`);
});

test("a limit holds for each key and route, and says when to come back", async () => {
  let nowMs = Date.parse("2026-11-20T15:03:00Z");
  const sandbox = await startSandbox({
    port: 0,
    days: 1,
    people: 5,
    live: false,
    now: () => nowMs,
    rateLimits: { list: 3 },
  });
  open.push(sandbox);
  const client = testClient(sandbox, fetch);
  const list = (key?: string) =>
    client.get("workspaces/{ws}/logs?event_type=AUTH_LOG&after=2026-11-20T00:00:00Z", key ?? sandbox.key);

  nowMs += 30_000;
  const statuses = [(await list()).status, (await list()).status, (await list()).status];
  nowMs += 10_500;
  const refused = await list();
  const ofOtherKey = await list(sandbox.keyNamed("logs-read"));
  const onOtherRoute = await client.get("workspaces/{ws}/users");
  nowMs += 50_000;

  expect(statuses).toEqual([200, 200, 200]);
  expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "50"]);
  expect([ofOtherKey.status, onOtherRoute.status]).toEqual([200, 200]);
  expect((await list()).status).toBe(200);
});

test("bulk files have the lines asked for, each with an id of its own", async () => {
  const sandbox = await start({ bulk: { files: 5, linesPerFile: 40, lineBytes: 700 } });
  const client = testClient(sandbox, fetch);

  const listed = await client.listAll("CONVERSATION_MESSAGE");
  const events = [...sandbox.published()].flatMap((file) => file.events());

  expect(listed.map((file) => file.file_size)).toEqual([28_000, 28_000, 28_000, 28_000, 28_000]);
  expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(200);
  expect((await client.list("AUTH_LOG")).data).toEqual([]);
});

test("users come by ascending id in pages, inactive ones included", async () => {
  const sandbox = await start({ people: 90 });
  const client = testClient(sandbox, fetch);
  const page = async (query: string) =>
    (await client.get(`workspaces/{ws}/users?${query}`)).body as {
      data: { id: string; status: string }[];
      has_more: boolean;
      last_id: string;
    };

  const first = await page("limit=50");
  const second = await page(`limit=50&after=${first.last_id}`);

  const users = [...first.data, ...second.data];
  expect([first.has_more, second.has_more]).toEqual([true, false]);
  expect(users.map(({ id }) => id)).toEqual(users.map(({ id }) => id).toSorted());
  expect(new Set(users.map(({ id }) => id)).size).toBe(90);
  expect(new Set(users.map(({ status }) => status))).toEqual(new Set(["active", "inactive"]));
});

test("a sandbox refuses options that make no sense", async () => {
  await expect(startSandbox({ port: 0, days: 0 })).rejects.toThrow("days");
  await expect(startSandbox({ port: 0, startAt: "soon" })).rejects.toThrow("startAt");
});
