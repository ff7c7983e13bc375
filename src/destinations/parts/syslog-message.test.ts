import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anOutgoingEvent, hostileLines } from "../../testing/an-outgoing-event.ts";
import { messageOf } from "../../testing/syslog-server.ts";
import { framesOf } from "./syslog-message.ts";
import { SyslogSettings } from "./syslog-settings.ts";

const settingsOf = (given: Readonly<Record<string, unknown>> = {}) => SyslogSettings.parse({ host: "h", ...given });

/** The messages that an event becomes, without their frames. */
function messagesOf(event: ReturnType<typeof anOutgoingEvent>, given: Readonly<Record<string, unknown>> = {}) {
  const found: ReturnType<typeof messageOf>[] = [];
  let rest: Buffer = framesOf(event, settingsOf(given));
  while (rest.length > 0) {
    const at = rest.indexOf(" ");
    const end = at + 1 + Number(rest.subarray(0, at).toString());
    found.push(messageOf(rest.subarray(at + 1, end)));
    rest = rest.subarray(end);
  }
  return found;
}

describe("a message", () => {
  test("stands on the wire as RFC 5424 and RFC 6587 have it", () => {
    const event = anOutgoingEvent({ body: '{"größe":1}' });
    const text =
      "<110>1 2026-07-15T15:29:05.746561Z cistern cistern - CONVERSATION_MESSAGE " +
      `[cistern@32473 key="${event.key}" collector="chatgpt-prod" data_source="conversations" sitename="hq"] ` +
      '\uFEFF{"größe":1}';

    expect(framesOf(event, settingsOf({ byte_order_mark: true })).toString()).toBe(
      `${Buffer.byteLength(text)} ${text}`,
    );
  });

  test("is what the settings ask for", () => {
    const event = anOutgoingEvent({ body: "{\n}" });
    const settings = settingsOf({
      facility: 16,
      severity: 5,
      hostname: "cistern.example.com",
      app_name: "chatgpt",
      structured_data: false,
      byte_order_mark: false,
      framing: "newline",
    });

    expect(framesOf(event, settings).toString()).toBe(
      "<133>1 2026-07-15T15:29:05.746561Z cistern.example.com chatgpt - CONVERSATION_MESSAGE - { }\n",
    );
  });

  test("without a time of upstream's carries that of its collection", () => {
    expect(messagesOf(anOutgoingEvent({ time: "yesterday" }))[0]?.time).toBe("2026-07-15T15:41:00.123Z");
  });

  test("keeps its form whatever stands in type, id and body", () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(text, text, text, (type, eventId, words) => {
        const body = JSON.stringify({ words });
        const [message, ...others] = messagesOf(anOutgoingEvent({ type, eventId, dataSource: type, body }));

        expect(others).toEqual([]);
        expect(message).toMatchObject({ dataId: "cistern@32473", isMarked: false, text: body });
        expect(Object.keys(message!.data)).toEqual(["key", "collector", "data_source", "sitename"]);
      }),
    );
  });

  test("names its event by the key as it is, whatever has to be escaped in it", () => {
    const event = anOutgoingEvent({ eventId: 'a]b"c\\d=e\\"]' });

    expect(messagesOf(event)[0]?.data.key).toBe(event.key);
  });
});

describe("an event that is longer than a message may be", () => {
  const words = fc.string({ unit: "grapheme", minLength: 2_000, maxLength: 3_000 });

  test("comes in parts that give the whole again, none too long and no character torn", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 2_048, max: 3_000 }), fc.boolean(), (value, most, isStructured) => {
        const event = anOutgoingEvent({ body: JSON.stringify({ value: value.repeat(4) }) });
        const parts = messagesOf(event, { max_message_bytes: most, structured_data: isStructured });

        expect(parts.map(({ text }) => text).join("")).toBe(event.body);
        expect(parts.map(({ data }) => data.part)).toEqual(parts.map((_, index) => `${index + 1}/${parts.length}`));
        expect(new Set(parts.map(({ data }) => data.key))).toEqual(new Set([event.key]));
        expect(Math.max(...parts.map(({ bytes }) => bytes))).toBeLessThanOrEqual(most);
        expect(parts[0]?.bytes).toBeGreaterThan(most - 20);
      }),
      { numRuns: 20 },
    );
  });

  test("or is cut, with a mark that tells how long it was", () => {
    fc.assert(
      fc.property(words, (value) => {
        const event = anOutgoingEvent({ body: JSON.stringify({ value }) });
        const cut = messagesOf(event, { max_message_bytes: 2_048, long_messages: "cut" });

        expect(cut).toHaveLength(1);
        expect(cut[0]!.bytes).toBeLessThanOrEqual(2_048);
        const [, kept, bytes] = /^(.*)… \[cut, (\d+) bytes\]$/s.exec(cut[0]!.text) ?? [];
        expect(event.body.startsWith(kept!)).toBe(true);
        expect(Number(bytes)).toBe(event.bytes);
      }),
      { numRuns: 20 },
    );
  });

  test("fits where it is exactly as long as allowed", () => {
    const event = anOutgoingEvent({ body: "x".repeat(5_000) });
    const bytes = messagesOf(event)[0]!.bytes;

    expect(messagesOf(event, { max_message_bytes: bytes })).toHaveLength(1);
    expect(messagesOf(event, { max_message_bytes: bytes - 1 })).toHaveLength(2);
  });

  test("and the longest header leaves room for it", () => {
    const event = anOutgoingEvent({
      raw: hostileLines[7]!,
      eventId: "字".repeat(500),
      dataSource: "字".repeat(500),
      type: "T".repeat(100),
    });
    const given = { max_message_bytes: 2_048, hostname: "h".repeat(255), app_name: "a".repeat(48) };

    const parts = messagesOf(event, given);
    expect(parts.map(({ text }) => text).join("")).toBe(event.body);
    expect(Math.max(...parts.map(({ bytes }) => bytes))).toBeLessThanOrEqual(2_048);
  });
});
