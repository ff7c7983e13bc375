import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { STILL, type TestClient, testClient } from "./fixtures/client.ts";
import type { SandboxOptions } from "./options.ts";
import { DEFAULT_QUIRKS, parseQuirks, type Quirks, quirkTimeline } from "./quirks.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

/** All departures off: what the plain contract says. */
const PLAIN: Partial<Quirks> = {
  boundaryFileReturns: false,
  surplusDuplicates: 0,
  lateEvents: 0,
  missingFinalNewline: 0,
  unknownFields: 0,
  editedMessages: 0,
  compositeUserIds: 0,
  hostileText: 0,
};

const open: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

async function start(
  quirks: Partial<Quirks> = {},
  options: SandboxOptions = {},
): Promise<{ sandbox: Sandbox; client: TestClient }> {
  const sandbox = await startSandbox({ ...STILL, ...options, quirks: { ...PLAIN, ...quirks } });
  open.push(sandbox);
  return { sandbox, client: testClient(sandbox, fetch) };
}

type Event = Record<string, never> & {
  event_id: string;
  timestamp?: string;
  actor: { type: string; user_id?: string };
  principal: { id: string };
  message: { id: string; content: { value: string } };
};

const filesOf = (sandbox: Sandbox, type: string) => [...sandbox.published({ type })];
const linesOf = (sandbox: Sandbox, type: string) =>
  filesOf(sandbox, type).flatMap((file) => file.events().map(({ line }) => line));
const eventsOf = (sandbox: Sandbox, type: string) => linesOf(sandbox, type).map((line) => JSON.parse(line) as Event);
const idsOf = (sandbox: Sandbox, type: string) => eventsOf(sandbox, type).map((event) => event.event_id);
/** Lines by event id, those of ids that stand there more than once. */
function repeated(sandbox: Sandbox, type: string): string[][] {
  const byId = Map.groupBy(linesOf(sandbox, type), (line) => (JSON.parse(line) as Event).event_id);
  return [...byId.values()].filter((lines) => lines.length > 1);
}
const SINCE = "after=2020-01-01T00:00:00Z";
const statusOf = async (client: TestClient, path: string) => (await client.get(path)).status;

describe("what files hold", () => {
  test("without quirks no event id stands twice, every line is JSON and every file ends with a newline", async () => {
    const { sandbox } = await start();

    for (const type of ["CONVERSATION_MESSAGE", "AUTH_LOG", "COSTS"]) {
      const ids = idsOf(sandbox, type);
      expect(new Set(ids).size).toBe(ids.length);
    }
    for (const file of sandbox.published()) expect(file.bytes.at(-1)).toBe(10);
  });

  test("surplusDuplicates repeats exact lines, always in another file", async () => {
    const { sandbox } = await start({ surplusDuplicates: 1 });

    const lines = linesOf(sandbox, "CONVERSATION_MESSAGE");
    expect(lines.length - new Set(lines).size).toBeGreaterThan(lines.length * 0.4);
    for (const file of filesOf(sandbox, "CONVERSATION_MESSAGE")) {
      const ids = file.events().map(({ eventId }) => eventId);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test("lateEvents puts events hours after their time into a later file, none is lost", async () => {
    const usual = await start();
    const late = await start({ lateEvents: 1 });

    const lags = filesOf(late.sandbox, "CODEX_LOG").flatMap((file) =>
      file.events().map(({ time }) => Date.parse(file.endTime) - Date.parse(time ?? "")),
    );
    expect(Math.min(...lags)).toBeGreaterThanOrEqual(20 * 60_000);
    late.sandbox.advance(4 * 3_600_000);
    const found = new Set(idsOf(late.sandbox, "CODEX_LOG"));
    expect(idsOf(usual.sandbox, "CODEX_LOG").filter((id) => !found.has(id))).toEqual([]);
  });

  test("tiedEndTimes splits files into groups with one end time, and a page border can fall between", async () => {
    const { sandbox, client } = await start({ tiedEndTimes: 1, tieGroupSize: 3 });

    const page = await client.list("CONVERSATION_MESSAGE", `${SINCE}&limit=2`);
    const groups = Object.values(Object.groupBy(filesOf(sandbox, "CONVERSATION_MESSAGE"), (file) => file.endTime));

    expect(Math.max(...groups.map((group) => group?.length ?? 0))).toBe(3);
    expect(page.data[0]?.end_time).toBe(page.data[1]?.end_time);
    const ids = idsOf(sandbox, "CONVERSATION_MESSAGE");
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("hugeFiles fills conversation files up", async () => {
    const { sandbox } = await start({ hugeFiles: 1, hugeFileBytes: 200_000 }, { days: 0.1 });

    for (const file of filesOf(sandbox, "CONVERSATION_MESSAGE")) {
      expect(file.size).toBeGreaterThanOrEqual(200_000);
      expect(file.events().every(({ eventId }) => eventId !== undefined)).toBe(true);
    }
  });

  test("hugeFiles are above 15 MB by default", async () => {
    const { sandbox } = await start({ hugeFiles: 1 }, { days: 0.01 });
    const [file] = filesOf(sandbox, "CONVERSATION_MESSAGE");
    expect(file?.size).toBeGreaterThan(15_000_000);
  });

  test("malformedLines and concatenatedLines put lines into files that are not one JSON object", async () => {
    const malformed = await start({ malformedLines: 1 });
    const concatenated = await start({ concatenatedLines: 1 });
    const plain = await start();

    const broken = (sandbox: Sandbox) =>
      filesOf(sandbox, "AUTH_LOG")
        .flatMap((file) => file.events())
        .filter(({ eventId }) => !eventId);
    expect(broken(malformed.sandbox).length).toBe(filesOf(malformed.sandbox, "AUTH_LOG").length);
    expect(broken(concatenated.sandbox)[0]?.line).toMatch(/\}\{"event_id"/);
    expect(broken(plain.sandbox)).toEqual([]);
  });

  test("missingFinalNewline ends files with their last brace", async () => {
    const { sandbox } = await start({ missingFinalNewline: 1 });
    for (const file of sandbox.published()) expect(file.bytes.at(-1)).toBe("}".charCodeAt(0));
  });

  test("unknownFields and unknownActorType bring what no specification names", async () => {
    const { sandbox } = await start({ unknownFields: 1, unknownActorType: 1 });
    for (const event of eventsOf(sandbox, "AUTH_LOG")) {
      expect(event).toHaveProperty("trace");
      expect(event.actor.type).toBe("AMBIENT_PROCESS");
    }
  });

  test("editedMessages gives one message id further events with other content", async () => {
    const { sandbox } = await start({ editedMessages: 1 });

    const byMessage = Object.values(
      Object.groupBy(eventsOf(sandbox, "CONVERSATION_MESSAGE"), (event) => event.message.id),
    );
    const edits = byMessage.filter((events) => (events?.length ?? 0) > 1);

    expect(edits.length).toBeGreaterThan(20);
    for (const [first, second] of edits as Event[][]) {
      expect(second?.event_id).not.toBe(first?.event_id);
      expect(second?.message.content.value).not.toBe(first?.message.content.value);
    }
  });

  test("missingTimestamp leaves the time out", async () => {
    const { sandbox } = await start({ missingTimestamp: 1 });
    expect(eventsOf(sandbox, "CODEX_LOG").some((event) => "timestamp" in event)).toBe(false);
    expect(repeated(sandbox, "CODEX_LOG")).toEqual([]);
  });

  test("repeatedWithoutTimestamp does so in two files", async () => {
    const { sandbox } = await start({ repeatedWithoutTimestamp: 1 });
    const pairs = repeated(sandbox, "CODEX_LOG");
    expect(pairs.length).toBeGreaterThan(10);
    for (const [first, second] of pairs) {
      expect(second).toBe(first);
      expect(first).not.toContain('"timestamp"');
    }
  });

  test("conflictingContent repeats id and time with other content", async () => {
    const { sandbox } = await start({ conflictingContent: 1 });
    const pairs = repeated(sandbox, "AUTH_LOG");
    expect(pairs.length).toBeGreaterThan(10);
    for (const [first, second] of pairs.map((lines) => lines.map((line) => JSON.parse(line) as Event))) {
      expect(second?.timestamp).toBe(first?.timestamp);
      expect(second).not.toEqual(first);
    }
  });

  test("reorderedKeys repeats the same content in another order", async () => {
    const { sandbox } = await start({ reorderedKeys: 1 });
    const pairs = repeated(sandbox, "AUTH_LOG");
    expect(pairs.length).toBeGreaterThan(10);
    for (const [first, second] of pairs) {
      expect(second).not.toBe(first);
      expect(JSON.parse(second ?? "")).toEqual(JSON.parse(first ?? ""));
    }
  });

  test.each([0, 3, 6, 9] as const)("fractionDigits %i prints that many digits", async (fractionDigits) => {
    const { sandbox } = await start({ fractionDigits });
    const fraction = fractionDigits === 0 ? "" : `\\.\\d{${fractionDigits}}`;
    for (const event of eventsOf(sandbox, "CONVERSATION_MESSAGE"))
      expect(event.timestamp).toMatch(new RegExp(`:\\d{2}${fraction}Z$`));
  });

  test("fractionDigits mixed prints all four kinds, as-observed whole seconds for sign-ins", async () => {
    const mixed = await start({ fractionDigits: "mixed" });
    const observed = await start();
    const lengths = (sandbox: Sandbox) =>
      new Set(eventsOf(sandbox, "AUTH_LOG").map((event) => event.timestamp?.length));

    expect(lengths(mixed.sandbox)).toEqual(new Set([20, 24, 27, 30]));
    expect(lengths(observed.sandbox)).toEqual(new Set([20]));
  });

  test("hostileText, compositeUserIds and foreignPrincipal", async () => {
    const { sandbox } = await start({ hostileText: 1, compositeUserIds: 1, foreignPrincipal: 1 });

    const texts = linesOf(sandbox, "CONVERSATION_MESSAGE").join("\n");
    expect(texts).toContain("<script>");
    expect(texts).toContain("\\u0000");
    expect(texts).toContain("\\ud83d ");
    expect(
      eventsOf(sandbox, "CUSTOM_AGENTS_LOG").some((event) => event.actor.user_id?.endsWith(`__${sandbox.workspaceId}`)),
    ).toBe(true);
    expect(eventsOf(sandbox, "AUTH_LOG").some((event) => event.principal.id === sandbox.workspaceId)).toBe(false);
  });

  test("quietTypes have no files", async () => {
    const { sandbox, client } = await start({ quietTypes: ["AUTH_LOG"] });
    expect(filesOf(sandbox, "AUTH_LOG")).toEqual([]);
    expect((await client.get("workspaces/{ws}/max_event_time?event_type=AUTH_LOG")).body).toEqual({
      max_event_time: { AUTH_LOG: null },
    });
  });

  test("unknownEventType is refused, or has files", async () => {
    const { sandbox, client } = await start();
    const path = `workspaces/{ws}/logs?event_type=WORKSPACE_FORECAST_LOG&${SINCE}`;
    expect(await statusOf(client, path)).toBe(400);

    sandbox.setQuirks({ unknownEventType: true });
    sandbox.advance(12 * 3_600_000);

    expect((await client.list("WORKSPACE_FORECAST_LOG")).data.length).toBeGreaterThan(0);
  });
});

describe("how lists answer", () => {
  test("boundaryFileReturns lists the file at 'after' again", async () => {
    const plain = await start();
    const quirky = await start({ boundaryFileReturns: true });
    const [first, second] = (await plain.client.list("AUTH_LOG")).data;

    const page = async (client: TestClient) => (await client.list("AUTH_LOG", `after=${first?.end_time}`)).data[0]?.id;

    expect(await page(plain.client)).toBe(second?.id);
    expect(await page(quirky.client)).toBe(first?.id);
  });

  test("emptyPageLastEndTimeNull", async () => {
    const { sandbox, client } = await start();
    const empty = "after=2027-01-01T00:00:00Z";
    expect(await client.list("AUTH_LOG", empty)).toEqual({ data: [], has_more: false, last_end_time: null });
    sandbox.setQuirks({ emptyPageLastEndTimeNull: false });
    expect((await client.list("AUTH_LOG", empty)).last_end_time).toBe("2027-01-01T00:00:00Z");
  });

  test("stuckPaging says there is more but not from where", async () => {
    const { sandbox, client } = await start({ stuckPaging: "null" });
    expect(await client.list("AUTH_LOG")).toMatchObject({ has_more: true, last_end_time: null });
    sandbox.setQuirks({ stuckPaging: "unmoved" });
    expect(await client.list("AUTH_LOG")).toMatchObject({ has_more: true, last_end_time: "1970-01-01T00:00:00Z" });
  });

  test("strictLimit off takes a larger limit as 100", async () => {
    const { client } = await start({ strictLimit: false }, { days: 2 });
    expect((await client.list("CONVERSATION_MESSAGE", `${SINCE}&limit=500`)).data.length).toBe(100);
  });

  test("forbiddenTypes answer 403 and leave the others alone", async () => {
    const { client } = await start({ forbiddenTypes: ["AUDIT_LOG"] });
    expect(await statusOf(client, `workspaces/{ws}/logs?event_type=AUDIT_LOG&${SINCE}`)).toBe(403);
    expect(await statusOf(client, `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}`)).toBe(200);
  });

  test("throttled answers 429 with Retry-After as text, or without", async () => {
    const { sandbox, client } = await start({ throttled: 1, throttledRetryAfterSeconds: 7 });
    const path = `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}`;
    const told = await client.get(path);
    sandbox.setQuirks({ retryAfter: "absent" });
    const untold = await client.get(path);
    expect([told.status, told.headers.get("Retry-After")]).toEqual([429, "7"]);
    expect([untold.status, untold.headers.get("Retry-After")]).toEqual([429, null]);
  });

  test("htmlPages, serverErrors, retiredConversations and dateHeaderSkewMs", async () => {
    const { sandbox, client } = await start({ htmlPages: 1 });
    const path = `workspaces/{ws}/logs?event_type=AUTH_LOG&${SINCE}`;
    const page = await client.get(path);
    expect([page.status, page.headers.get("Content-Type")]).toEqual([200, "text/html; charset=utf-8"]);

    sandbox.setQuirks({ htmlPages: 0, serverErrors: 1 });
    expect(await statusOf(client, path)).toBe(500);

    sandbox.setQuirks({
      serverErrors: 0,
      retiredConversations: "not-found",
      dateHeaderSkewMs: 3_600_000,
      errorShape: "text",
    });
    const retired = await client.get("workspaces/{ws}/conversations");
    expect([retired.status, retired.body]).toEqual([404, "Not found"]);
    expect(retired.headers.get("Date")).toMatch(/^Fri, 20 Nov 2026 16:03:/);
  });

  test("resetConnections ends the connection, of the API and of the storage host", async () => {
    const { sandbox, client } = await start();
    const [file] = (await client.list("AUTH_LOG")).data;
    const url = (await client.get(`workspaces/{ws}/logs/${file?.id}`)).headers.get("Location") ?? "";

    sandbox.setQuirks({ resetConnections: 1 });

    await expect(client.list("AUTH_LOG")).rejects.toThrow();
    await expect(fetch(url)).rejects.toThrow();
    expect(sandbox.counters.requests).toMatchObject({ "api reset": 1, "storage reset": 1, "list 200": 1 });
  });

  test("lateFiles appear in the past, after their delay", async () => {
    const { sandbox, client } = await start({ lateFiles: 0.5, lateFileDelayMs: 3_600_000 });
    const before = await client.listAll("AUTH_LOG");

    sandbox.advance(3_600_000);

    const after = await client.listAll("AUTH_LOG");
    const newest = before.at(-1)?.end_time ?? "";
    const known = new Set(before.map(({ id }) => id));
    expect(after.filter((file) => file.end_time < newest && !known.has(file.id)).length).toBeGreaterThan(0);
  });

  test("auditOwnRequests off leaves requests out of the audit log", async () => {
    const { sandbox, client } = await start({ auditOwnRequests: false });
    await client.list("AUTH_LOG");
    sandbox.advance(1_200_000);
    expect(linesOf(sandbox, "AUDIT_LOG").join()).not.toContain("LIST_WORKSPACE_LOG_FILES");
  });

  test("publishingStopped holds everything back until it is lifted", async () => {
    const { sandbox, client } = await start();
    const freshness = async () => (await client.get("workspaces/{ws}/max_event_time?event_type=AUTH_LOG")).body;
    const before = [await freshness(), (await client.listAll("AUTH_LOG")).length];

    sandbox.setQuirks({ publishingStopped: true });
    sandbox.advance(3_600_000);
    expect([await freshness(), (await client.listAll("AUTH_LOG")).length]).toEqual(before);

    sandbox.setQuirks({ publishingStopped: false });
    expect((await client.listAll("AUTH_LOG")).length).toBeGreaterThan(before[1] as number);
  });

  test("retentionDays shortens what can be had", async () => {
    const { client } = await start({ retentionDays: 1 }, { days: 3 });
    const [oldest] = await client.listAll("AUTH_LOG");
    expect(Date.parse(oldest?.end_time ?? "")).toBeGreaterThanOrEqual(Date.parse("2026-11-19T15:03:00Z") - 1000);
  });
});

describe("how downloads fail", () => {
  async function firstFile(quirks: Partial<Quirks>) {
    const { sandbox, client } = await start(quirks);
    const [file] = (await client.list("CONVERSATION_MESSAGE")).data;
    if (!file) throw new Error("The sandbox has no file");
    return { sandbox, client, file };
  }
  const sha256 = (bytes: ArrayBuffer) => createHash("sha256").update(Buffer.from(bytes)).digest("hex");

  test("signedUrlExpired gives URLs that are over", async () => {
    const { client, file } = await firstFile({ signedUrlExpired: 1 });
    expect((await client.open(file.id)).status).toBe(403);
  });

  test("agedOutBetween lists a file and then does not know it", async () => {
    const { client, file } = await firstFile({ agedOutBetween: 1 });
    expect(await statusOf(client, `workspaces/{ws}/logs/${file.id}`)).toBe(404);
  });

  test("wrongSha256 lists a hash that is not the file's", async () => {
    const { client, file } = await firstFile({ wrongSha256: 1 });
    const body = await (await client.open(file.id)).arrayBuffer();
    expect(body.byteLength).toBe(file.file_size);
    expect(sha256(body)).not.toBe(file.file_sha256);
  });

  test("corruptBodies changes a byte of some tries only", async () => {
    const { sandbox, client, file } = await firstFile({ corruptBodies: 1 });
    const corrupt = await (await client.open(file.id)).arrayBuffer();
    sandbox.setQuirks({ corruptBodies: 0 });
    const good = await (await client.open(file.id)).arrayBuffer();
    expect(corrupt.byteLength).toBe(good.byteLength);
    expect(sha256(corrupt)).not.toBe(file.file_sha256);
    expect(sha256(good)).toBe(file.file_sha256);
  });

  test("truncatedBodies ends before the length that was promised", async () => {
    const { client, file } = await firstFile({ truncatedBodies: 1 });
    const reply = await client.open(file.id);
    expect(reply.headers.get("Content-Length")).toBe(String(file.file_size));
    await expect(reply.arrayBuffer()).rejects.toThrow();
  });

  test("slowBodies sends in pieces, whole in the end", async () => {
    const waits: number[] = [];
    const sleep = async (ms: number) => void waits.push(ms);
    const { client } = await start({ slowBodies: 1, slowBodyBytesPerSecond: 1000 }, { sleep });
    const [file] = (await client.list("CONVERSATION_MESSAGE")).data;
    const body = await (await client.open(file?.id ?? "")).arrayBuffer();
    expect(sha256(body)).toBe(file?.file_sha256);
    expect(waits.length).toBe(Math.ceil((file?.file_size ?? 0) / 100));
  });

  test("a rate between 0 and 1 hits some tries of a file and spares others", async () => {
    const { client, file } = await firstFile({ corruptBodies: 0.5 });
    const hashes: string[] = [];
    for (let i = 0; i < 12; i += 1) hashes.push(sha256(await (await client.open(file.id)).arrayBuffer()));
    const good = hashes.filter((hash) => hash === file.file_sha256).length;
    expect(good).toBeGreaterThan(0);
    expect(good).toBeLessThan(12);
  });
});

describe("the switches themselves", () => {
  test("unknown names and wrong values are refused, every default is accepted", () => {
    expect(parseQuirks(DEFAULT_QUIRKS)).toEqual(DEFAULT_QUIRKS);
    expect(() => parseQuirks({ surplusDuplicate: 1 })).toThrow("surplusDuplicate");
    expect(() => parseQuirks({ surplusDuplicates: 34 })).toThrow("rate from 0 to 1");
    expect(() => parseQuirks({ stuckPaging: true })).toThrow("off, null, unmoved");
    expect(() => parseQuirks({ quietTypes: "AUTH_LOG" })).toThrow("list of event types");
    expect(() => parseQuirks([])).toThrow("object");
  });

  test("a change holds from its instant on and leaves the time before alone", () => {
    const timeline = quirkTimeline(DEFAULT_QUIRKS);
    timeline.change({ lateEvents: 1 }, 5000);
    expect(timeline.at(5000).lateEvents).toBe(DEFAULT_QUIRKS.lateEvents);
    expect(timeline.at(5001).lateEvents).toBe(1);
    expect(timeline.current().lateEvents).toBe(1);
  });
});
