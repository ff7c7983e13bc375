import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { PreparedEvent } from "./event.ts";
import { eventAt, hashAt, packEvents } from "./event-columns.ts";

const contentOf = (event: PreparedEvent) => Buffer.from(JSON.stringify(event));
const hashOf = (event: PreparedEvent) => createHash("sha256").update(contentOf(event)).digest();

const anEvent = fc.record({
  line: fc.nat(),
  start: fc.nat(),
  end: fc.nat(),
  eventId: fc.string({ unit: "grapheme", maxLength: 60 }),
  timeKey: fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }),
  time: fc.string({ maxLength: 40 }),
  type: fc.constantFrom("CONVERSATION_MESSAGE", "AUTH_LOG", "größe", ""),
  flags: fc.nat(255),
});

test("what is packed comes out again, event by event", () => {
  fc.assert(
    fc.property(fc.array(anEvent, { maxLength: 50 }), (events) => {
      const columns = packEvents(events, contentOf);

      expect(Array.from({ length: columns.count }, (_, i) => eventAt(columns, i))).toEqual(events);
      events.forEach((event, i) => {
        expect(Buffer.from(hashAt(columns, i))).toEqual(hashOf(event));
      });
    }),
  );
});

test("more events, and longer ids, than there was room for at first", () => {
  const events = Array.from({ length: 5_000 }, (_, i) => ({
    line: i + 1,
    start: i,
    end: i + 1,
    eventId: i === 4_000 ? "ü".repeat(300_000) : `id-${i}`,
    timeKey: i,
    time: "",
    type: "T",
    flags: 0,
  }));

  const columns = packEvents(events, contentOf);

  for (const i of [0, 1_023, 1_024, 3_999, 4_000, 4_001, 4_999]) expect(eventAt(columns, i)).toEqual(events[i]);
});

test("there is no event behind the last one", () => {
  expect(() => eventAt(packEvents([], contentOf), 0)).toThrow(RangeError);
});
