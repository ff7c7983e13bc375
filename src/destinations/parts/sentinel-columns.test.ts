import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { anOutgoingEvent } from "../../testing/an-outgoing-event.ts";
import { columnsTable, sentinelTemplate } from "../../testing/sentinel-template.ts";
import { marked } from "../../testing/settings-table.ts";
import { LONGEST_FIELD, sentinelColumns, sentinelRow } from "./sentinel-columns.ts";

const root = join(import.meta.dirname, "../../..");
const MARK = /^([\s\S]*)… \[cut, (\d+) bytes in all; Cistern holds the whole event: (.+)\]$/;

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
  "a field that is too long is cut between characters, says so, and names the key (%i letters before)",
  (before) => {
    const raw = `{"event_id":"long","text":"${"x".repeat(before)}${"ü€😀".repeat(20_000)}"}`;
    const event = anOutgoingEvent({ eventId: "long", raw });

    const { Raw, Truncated } = sentinelRow(event);

    const [, kept, bytes, key] = MARK.exec(String(Raw))!;
    expect(Truncated).toBe(true);
    expect(raw.startsWith(kept!)).toBe(true);
    expect([Number(bytes), key]).toEqual([Buffer.byteLength(raw), event.key]);
    expect(Buffer.byteLength(String(Raw))).toBeLessThanOrEqual(LONGEST_FIELD);
    expect(Buffer.byteLength(String(Raw))).toBeGreaterThan(LONGEST_FIELD - 4);
  },
);

test("a field of just the length that is allowed is whole", () => {
  const raw = `{"event_id":"${"x".repeat(LONGEST_FIELD - 15)}"}`;

  expect(Buffer.byteLength(raw)).toBe(LONGEST_FIELD);
  expect(sentinelRow(anOutgoingEvent({ eventId: "e", raw }))).toMatchObject({ Raw: raw, Truncated: false });
});

test("any other column that is too long is cut as well", () => {
  const raw = JSON.stringify({ event_id: "e", actor: { user_email: "é".repeat(40_000) } });

  const row = sentinelRow(anOutgoingEvent({ eventId: "e", raw }));

  expect(row.Truncated).toBe(true);
  expect(row.ActorEmail).toMatch(MARK);
});

test("bytes that are no text are given in base64", () => {
  const raw = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);

  expect(sentinelRow(anOutgoingEvent({ raw }))).toMatchObject({ Raw: raw.toString("base64"), RawEncoding: "base64" });
});

test("an event without a time has the time at which it was collected, and no other", () => {
  const row = sentinelRow(anOutgoingEvent({ time: "" }));

  expect(row.TimeGenerated).toBe("2026-07-15T15:41:00.123Z");
  expect(row).not.toHaveProperty("EventTime");
});

test("half a character is replaced, and what is no text or not the event's own makes no column", () => {
  const raw = String.raw`{"event_id":"odd","actor":{"user_email":"a\ud800b","user_id":7},"principal":"x","__proto__":{"action":"y"}}`;

  const row = sentinelRow(anOutgoingEvent({ raw }));

  expect(row).toMatchObject({ ActorEmail: "a\ufffdb", Raw: raw });
  for (const name of ["ActorId", "WorkspaceId", "Operation"]) expect(row).not.toHaveProperty(name);
});

test("the columns have names and types that Log Analytics takes", () => {
  const reserved = ["type", "tenantid", "resource", "resourceid", "resourcename", "resourcetype", "subscriptionid"];
  const names = sentinelColumns.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
  expect(names[0]).toBe("TimeGenerated");
  for (const name of names) {
    expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,44}$/);
    expect(reserved).not.toContain(name.toLowerCase());
  }
});

test("the template and the documentation have the columns of the rows", async () => {
  const page = readFileSync(join(root, "docs/destinations/sentinel.md"), "utf8");

  expect(marked(page, "columns")).toBe(columnsTable(sentinelColumns));
  await expect(sentinelTemplate(sentinelColumns)).toMatchFileSnapshot(join(root, "examples/sentinel/azuredeploy.json"));
});
