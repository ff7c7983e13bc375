import { createHash } from "node:crypto";
import { eventKey, type StoredEvent } from "../model/event.ts";
import type { Format, OutgoingEvent } from "../model/outgoing.ts";
import { viewOf } from "./view.ts";

/** The event that a connection test delivers: it says of itself that it is one. */
export function testEvent(format: Format, at: Date): OutgoingEvent {
  const time = at.toISOString();
  const eventId = `cistern-test-${at.getTime()}`;
  const raw = Buffer.from(
    JSON.stringify({
      event_id: eventId,
      timestamp: time,
      type: "CISTERN_TEST",
      message: { content: { value: "This is a test of Cistern's connection: nothing happened" } },
    }),
  );
  const stored: StoredEvent = {
    seq: 1,
    collectorId: "col_test",
    dataSource: "test",
    eventId,
    contentHash: createHash("sha256").update(raw).digest("hex"),
    timeKey: at.getTime() * 1_000,
    time,
    type: "CISTERN_TEST",
    ingestedAt: time,
    siteName: undefined,
    siteId: undefined,
    timezone: undefined,
    flags: 0,
    fileId: "test",
    fileSha256: "0".repeat(64),
    line: 1,
    raw,
  };
  const view = viewOf(stored, { collector: "cistern-test", connector: "cistern" }, undefined)!;
  const body = format.render(view);
  return { key: eventKey(stored), view, body, bytes: Buffer.byteLength(body), group: "test" };
}
