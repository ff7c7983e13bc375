import { expect, test } from "vitest";
import { aStoredEvent } from "../testing/fake-reader.ts";
import { eventFlags } from "./event.ts";
import { eventJson } from "./event-json.ts";

const names = { collector: "acme-prod", connector: "acme" };

test("the upstream object stands in it byte for byte", () => {
  const raw = '{"n":12345678901234567890, "a":1,"a":2,"u":"\\ud800\\u0000"}';

  const text = eventJson(aStoredEvent({ seq: 7, raw, siteName: "hq", siteId: "site_1", timezone: "UTC" }), names);

  expect(text.endsWith(`,"raw":${raw}}`)).toBe(true);
  expect(JSON.parse(text)).toMatchObject({
    key: "col_1:e7:0000000000000000",
    seq: 7,
    event_id: "e7",
    collector: "acme-prod",
    collector_id: "col_1",
    connector: "acme",
    sitename: "hq",
    siteid: "site_1",
    origin: { file_id: "file_1", line: 7 },
  });
});

test("what a collector does not set is absent, and bytes that are no UTF-8 are base64", () => {
  const raw = new Uint8Array([0x7b, 0xff, 0x7d]);

  const event = JSON.parse(eventJson(aStoredEvent({ raw, flags: eventFlags.notUtf8 }), names));

  expect(event).not.toHaveProperty("sitename");
  expect(event).not.toHaveProperty("raw");
  expect(event.raw_base64).toBe(Buffer.from(raw).toString("base64"));
});
