// Events on their way out, for tests of formats and destinations.
import { createHash } from "node:crypto";
import { eventFlags, eventKey, type StoredEvent } from "../model/event.ts";
import { eventJson } from "../model/event-json.ts";
import type { Batch, EventView, OutgoingEvent } from "../model/outgoing.ts";
import { instantUs } from "../model/time.ts";

export interface EventFacts {
  readonly seq?: number;
  readonly eventId?: string;
  readonly dataSource?: string;
  readonly type?: string;
  readonly time?: string;
  /** The upstream line. Default: a message of a conversation with this id. */
  readonly raw?: string | Uint8Array;
}

/** A stored event of `chatgpt-prod`; what is not given is a message of Ada's. */
export function aStoredEvent(facts: EventFacts = {}): StoredEvent {
  const { seq = 1, dataSource = "conversations", type = "CONVERSATION_MESSAGE" } = facts;
  const { eventId = `event-${seq}`, time = "2026-07-15T15:29:05.746561Z" } = facts;
  const given = facts.raw ?? messageLine(eventId, time);
  const raw = typeof given === "string" ? Buffer.from(given) : given;
  return {
    seq,
    collectorId: "col_abcdefghijklmnop",
    dataSource,
    eventId,
    contentHash: createHash("sha256").update(raw).digest("hex"),
    timeKey: instantUs(time) ?? 0,
    time,
    type,
    ingestedAt: "2026-07-15T15:41:00.123Z",
    siteName: "hq",
    siteId: "site_abcdefghijklmnop",
    timezone: "Europe/Berlin",
    flags: Buffer.from(raw).equals(Buffer.from(Buffer.from(raw).toString("utf8"))) ? 0 : eventFlags.notUtf8,
    fileId: "eclf_1",
    fileSha256: "ab".repeat(32),
    line: seq,
    raw,
  };
}

/** A CONVERSATION_MESSAGE as upstream writes it. */
export const messageLine = (eventId: string, time: string, words = "Hello, could you check this list?"): string =>
  JSON.stringify({
    event_id: eventId,
    timestamp: time,
    type: "CONVERSATION_MESSAGE",
    principal: { type: "CHATGPT_WORKSPACE", id: "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa" },
    actor: { type: "USER", user_id: "user-ada", user_email: "ada@example.com" },
    conversation: { id: "conv-1", gpt_id: null, title: "A list" },
    message: { id: `msg-${eventId}`, author: { type: "user", tools_used: [] }, content: { value: words }, files: [] },
  });

export function aView(facts: EventFacts = {}): EventView {
  const stored = aStoredEvent(facts);
  const text = stored.flags & eventFlags.notUtf8 ? undefined : Buffer.from(stored.raw).toString("utf8");
  return { stored, collector: "chatgpt-prod", connector: "chatgpt-enterprise", text, data: objectOf(text) };
}

function objectOf(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** In format `raw`, unless a body is given. */
export function anOutgoingEvent(facts: EventFacts & { readonly body?: string } = {}): OutgoingEvent {
  const view = aView(facts);
  const body = facts.body ?? eventJson(view.stored, view);
  const group = (view.data?.conversation as { id?: string } | undefined)?.id ?? view.stored.dataSource;
  return { key: eventKey(view.stored), view, body, bytes: Buffer.byteLength(body), group };
}

export function aBatch(events: readonly OutgoingEvent[]): Batch {
  const id = createHash("sha256")
    .update(events.map(({ key }) => key).join("\n"))
    .digest("hex")
    .slice(0, 32);
  const seqs = events.map(({ view }) => view.stored.seq);
  return { id, collectorId: events[0]!.view.stored.collectorId, firstSeq: seqs[0]!, lastSeq: seqs.at(-1)!, events };
}

/** Content that has broken collectors: each is one upstream line. */
export const hostileLines: readonly string[] = [
  String.raw`{"event_id":"h1","text":"NUL \u0000 inside"}`,
  String.raw`{"event_id":"h2","text":"lone \ud800 surrogate"}`,
  '{"event_id":"h3","text":"\u202Eright to left\u202C and \u2066isolates\u2069"}',
  '{"event_id":"h4","n":123456789012345678901234567890,"d":1e400}',
  '{"event_id":"h5","a":1,"a":2,"__proto__":{"polluted":true},"constructor":null}',
  '{"event_id":"h6","text":"<script>alert(1)</script> =cmd|\'/C calc\'!A0 |pipe| \\\\ ] \\" = \\n line"}',
  '{"event_id":"h7","text":"\u2028 and \u2029 and \u0085"}',
  `{"event_id":"h8","text":"${"x".repeat(70_000)}"}`,
  '{"event_id":"h9","deep":' + "[".repeat(200) + "]".repeat(200) + "}",
  '{ "event_id" : "h10" , "space" : [ 1 , 2 ] }',
];

export const hostileEvents = (from = 1_000): readonly OutgoingEvent[] =>
  hostileLines.map((raw, index) => anOutgoingEvent({ seq: from + index, eventId: `h${index + 1}`, raw }));
