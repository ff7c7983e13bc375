import { expect, test } from "vitest";
import { anOutgoingEvent } from "../../testing/an-outgoing-event.ts";
import { importBody } from "./secops-logs.ts";
import type { SecopsSettings } from "./secops-settings.ts";

const id = "5aa9f1c2-e3a0-4b1d-8c2e-8a3f11223344";
const full = `projects/p/locations/eu/instances/i/forwarders/${id}`;
const settings = { project: "p", location: "eu", instance: "i", log_type: "X", service_account_key: "" };

const sourceOf = (given: SecopsSettings, event = anOutgoingEvent()) =>
  (JSON.parse(importBody(given, [event])) as { inline_source: Record<string, unknown> }).inline_source;

test.each([
  ["its ID", id, full],
  ["its full name", full.replace("projects/p", "projects/123"), full.replace("projects/p", "projects/123")],
])("a forwarder can be given by %s", (_, forwarder, name) => {
  expect(sourceOf({ ...settings, forwarder }).forwarder).toBe(name);
});

test("without a forwarder the request names none", () => {
  expect(Object.keys(sourceOf(settings))).toEqual(["logs"]);
});

test("half a character in an ID is replaced, and the request is the same each time", () => {
  const event = anOutgoingEvent({ eventId: "odd\ud800" });

  expect(sourceOf(settings, event).logs).toMatchObject([{ labels: { event_id: { value: "odd\ufffd" } } }]);
  expect(importBody(settings, [event])).toBe(importBody(settings, [event]));
});
