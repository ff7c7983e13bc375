import { expect, test } from "vitest";
import { eventFlags, type StoredEvent } from "./event.ts";
import { eventJson } from "./event-json.ts";

const anEvent = (change: Partial<StoredEvent> = {}): StoredEvent => ({
  seq: 123,
  collectorId: "col_1",
  dataSource: "conversations",
  eventId: "9d6b",
  contentHash: "0f3a".repeat(16),
  timeKey: 1,
  time: "2026-07-15T15:29:05.746561Z",
  type: "CONVERSATION_MESSAGE",
  ingestedAt: "2026-07-15T15:41:00.123Z",
  siteName: "hq",
  siteId: "site_1",
  timezone: "Europe/Berlin",
  flags: 0,
  fileId: "eclf_1",
  fileSha256: "ab".repeat(32),
  line: 17,
  raw: Buffer.from("{}"),
  ...change,
});

const names = { collector: "chatgpt-prod", connector: "chatgpt-enterprise" };

test("an event is one line with every field in its promised place, raw byte for byte", () => {
  const raw = '{"n":9007199254740993, "n":1.0,"t":"\\ud800 \u2028 größe"}';

  const line = eventJson(anEvent({ raw: Buffer.from(raw) }), names);

  expect(line).toBe(
    `{"key":"col_1:9d6b:0f3a0f3a0f3a0f3a","seq":123,"event_id":"9d6b","collector":"chatgpt-prod","collector_id":"col_1","connector":"chatgpt-enterprise","data_source":"conversations","type":"CONVERSATION_MESSAGE","time":"2026-07-15T15:29:05.746561Z","ingested_at":"2026-07-15T15:41:00.123Z","sitename":"hq","siteid":"site_1","timezone":"Europe/Berlin","origin":{"file_id":"eclf_1","file_sha256":"${"ab".repeat(32)}","line":17},"raw":${raw}}`,
  );
});

test("what the collector does not set is absent", () => {
  const line = eventJson(anEvent({ siteName: undefined, siteId: undefined, timezone: undefined }), names);

  expect(JSON.parse(line)).not.toHaveProperty("sitename");
  expect(JSON.parse(line)).not.toHaveProperty("siteid");
  expect(JSON.parse(line)).not.toHaveProperty("timezone");
});

test("bytes that are not UTF-8 come as base64", () => {
  const raw = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);

  const event = JSON.parse(eventJson(anEvent({ raw, flags: eventFlags.notUtf8 }), names));

  expect(event).not.toHaveProperty("raw");
  expect(Buffer.from(event.raw_base64, "base64")).toEqual(raw);
});

test("a local time that happened twice is marked", () => {
  expect(JSON.parse(eventJson(anEvent({ flags: eventFlags.ambiguousTime }), names))).toMatchObject({
    time_ambiguous: true,
  });
});
