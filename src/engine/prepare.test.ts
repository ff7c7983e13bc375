import { hash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LineIdentity } from "../model/connector.ts";
import { CollectorError } from "../model/errors.ts";
import { eventFlags } from "../model/event.ts";
import { eventAt, hashAt } from "../model/event-columns.ts";
import { inOneGo, type Prepared, prepare } from "./prepare.ts";

const feed = {
  identify(line: string): LineIdentity {
    const { id, time, type, principal } = parsed(line);
    return { id, time, type: type ?? "T", principal };
  },
};

function parsed(line: string): Record<string, string | undefined> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value as Record<string, string | undefined>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CollectorError("protocol", "The line is not a JSON object", { reason: "bad_line" });
}

const options = { feed, sha256: "ab".repeat(32), principal: "ws", timezone: "Europe/Berlin" };
const prepared = (text: string | Uint8Array) =>
  unpacked(inOneGo(prepare(typeof text === "string" ? Buffer.from(text) : text, options)));

const unpacked = ({ events, quarantined }: Prepared) => ({
  events: Array.from({ length: events.count }, (_, i) => eventAt(events, i)),
  hashes: Array.from({ length: events.count }, (_, i) => Buffer.from(hashAt(events, i)).toString("hex")),
  quarantined,
});

test("each line is an event with its bytes, hash and instant", () => {
  const lines = ['{"id":"a","time":"2026-07-15T15:29:05.746561Z"}', '{"id":"b"}'];

  const { events, hashes, quarantined } = prepared(lines.join("\n"));

  expect(events.map(({ eventId, line, start, end, timeKey }) => [eventId, line, start, end, timeKey])).toEqual([
    ["a", 1, 0, 47, 1784129345746561],
    ["b", 2, 48, 58, 0],
  ]);
  expect(hashes[1]).toBe(hash("sha256", lines[1]!));
  expect(quarantined).toEqual([]);
});

test("blank lines count as nothing; a carriage return and a missing last newline change nothing else", () => {
  const { events } = prepared('\ufeff{"id":"a"}\r\n\n  \n{"id":"b"}');

  expect(events.map(({ eventId, line }) => [eventId, line])).toEqual([
    ["a", 1],
    ["b", 4],
  ]);
});

test("a line that cannot be read is set aside and the rest goes on", () => {
  const { events, quarantined } = prepared('{"id":"a"}\n{"id": oops\n{"id":"c"}\n');

  expect(events.map(({ eventId }) => eventId)).toEqual(["a", "c"]);
  expect(quarantined).toMatchObject([{ line: 2, start: 11, end: 22 }]);
});

test("records that run together are told apart", () => {
  const { events } = prepared('{"id":"a","s":"}{\\""}{"id":"b"} {"n":{}}\n');

  expect(events.map(({ eventId, start, end }) => [eventId.length < 3 ? eventId : "made", start, end])).toEqual([
    ["a", 0, 21],
    ["b", 21, 31],
    ["made", 32, 40],
  ]);
  expect(events[2]!.flags).toBe(eventFlags.syntheticId);
});

test("an event without an id gets the same made one each time, and another in another place", () => {
  const made = (text: string) => prepared(text).events.map(({ eventId }) => eventId);

  expect(made("{}\n{}\n")).toEqual(made("{}\n{}\n"));
  expect(new Set(made("{}\n{}\n{}{}")).size).toBe(4);
});

test("a time without a zone gets the collector's, and its key does not depend on it", () => {
  const [event] = prepared('{"id":"a","time":"2026-10-25T02:30:00"}').events;

  expect(event).toMatchObject({ time: "2026-10-25T02:30:00+02:00", timeKey: 1792895400000000 });
  expect(event!.flags).toBe(eventFlags.zoneApplied | eventFlags.ambiguousTime);
});

test("bytes that are not UTF-8 stay an event and are marked", () => {
  const bytes = Buffer.concat([Buffer.from('{"id":"a","s":"'), Buffer.from([0xff]), Buffer.from('"}\n{"id":"b"}')]);

  expect(prepared(bytes).events.map(({ flags }) => flags)).toEqual([eventFlags.notUtf8, 0]);
});

test("somebody else's event stops everything", () => {
  expect(() => prepared('{"id":"a","principal":"ws"}\n{"id":"b","principal":"other"}')).toThrow(
    expect.objectContaining({ code: "config_invalid", reason: "foreign_principal" }),
  );
});

test("whatever the bytes, every byte that is not blank belongs to exactly one event or quarantined line", () => {
  const piece = fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    fc.constantFrom("\n", "\r\n", " ", '{"id":"x"}', "{}", '"').map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const bytes = Buffer.concat(pieces);
      const { events, quarantined } = prepared(bytes);
      const covered = new Uint8Array(bytes.length);
      for (const { start, end } of [...events, ...quarantined]) {
        for (let i = start; i < end; i++) covered[i]! += 1;
      }
      const mark = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
      for (let i = mark; i < bytes.length; i++) {
        expect(covered[i]).toBeLessThanOrEqual(1);
        if (bytes[i]! > 0x20) expect(covered[i]).toBe(1);
      }
    }),
  );
});

test("a large file is prepared in steps, with nothing lost between them", () => {
  const lines = Array.from({ length: 3_000 }, (_, i) => `{"id":"${i}","text":"${"x".repeat(1_000)}"}`);
  const steps = prepare(Buffer.from(lines.join("\n")), options);

  let yielded = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) yielded += 1;

  expect(yielded).toBe(2);
  expect(unpacked(step.value).events.map(({ eventId }) => eventId)).toEqual(lines.map((_, i) => String(i)));
});
