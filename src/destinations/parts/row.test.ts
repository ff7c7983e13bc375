import { expect, test } from "vitest";
import { anOutgoingEvent } from "../../testing/an-outgoing-event.ts";
import { rowColumns, toRow } from "./row.ts";

test("an event becomes a row of plain columns, in the order in which they are named", () => {
  const event = anOutgoingEvent({ seq: 7, body: "{}" });

  const row = toRow(event);

  expect(row).toEqual({
    key: event.key,
    seq: 7,
    event_id: "event-7",
    collector: "chatgpt-prod",
    collector_id: "col_abcdefghijklmnop",
    data_source: "conversations",
    type: "CONVERSATION_MESSAGE",
    time: "2026-07-15T15:29:05.746561Z",
    time_text: "2026-07-15T15:29:05.746561Z",
    ingested_at: "2026-07-15T15:41:00.123Z",
    sitename: "hq",
    siteid: "site_abcdefghijklmnop",
    timezone: "Europe/Berlin",
    body: "{}",
  });
  expect(Object.keys(row)).toEqual([...rowColumns]);
});

test("a time with another offset is the same instant in UTC; its text stays", () => {
  const row = toRow(anOutgoingEvent({ time: "2026-07-15T17:29:05.7465619+02:00" }));

  expect(row.time).toBe("2026-07-15T15:29:05.746561Z");
  expect(row.time_text).toBe("2026-07-15T17:29:05.7465619+02:00");
});

test("the zone that a collector gave to a time counts", () => {
  const event = anOutgoingEvent({ time: "2026-07-15T15:29:05" });
  const stored = { ...event.view.stored, time: "2026-07-15T15:29:05+02:00" };

  expect(toRow({ ...event, view: { ...event.view, stored } }).time).toBe("2026-07-15T13:29:05Z");
});

test.each(["", "yesterday"])("a time that cannot be read is null (%j)", (time) => {
  expect(toRow(anOutgoingEvent({ time }))).toMatchObject({ time: null, time_text: time });
});

test("half a surrogate pair is replaced, NUL and the rest stay as they are", () => {
  const row = toRow(anOutgoingEvent({ eventId: "a\ud800b\0c\u{1f600}", type: "\udc00", body: "\ud800|\0" }));

  expect(row).toMatchObject({ event_id: "a\ufffdb\0c\u{1f600}", type: "\ufffd", body: "\ufffd|\0" });
  expect(row.key).toContain(":a\ufffdb\0c\u{1f600}:");
});

test("what a site did not say is null", () => {
  const event = anOutgoingEvent();
  const stored = { ...event.view.stored, siteName: undefined, siteId: undefined, timezone: undefined };

  const row = toRow({ ...event, view: { ...event.view, stored } });

  expect(row).toMatchObject({ sitename: null, siteid: null, timezone: null });
});
