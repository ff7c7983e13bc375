// A log in memory with the reading side of the store, for the tests of the index.
import { createHash } from "node:crypto";
import type { StoredEvent } from "../model/event.ts";
import type { DataSourceState, LogQuery } from "../model/store.ts";
import type { LogReader } from "./generation.ts";

export interface FakeLog extends LogReader {
  /** Appends an event and returns it; `raw` objects are printed as JSON. */
  add(event: NewEvent): StoredEvent;
  /** Forgets events, as retention and erasure do. */
  drop(seqs: readonly number[]): void;
  dropCollector(collectorId: string): void;
}

export interface NewEvent {
  readonly raw: object | string | Uint8Array;
  readonly timeKey?: number;
  readonly collectorId?: string;
  readonly dataSource?: string;
  readonly type?: string;
}

/** The instant of the first event where none is given, µs; each later one is a second later. */
export const firstTimeKey = 1_784_000_000_000_000;

export function fakeLog(): FakeLog {
  const events: StoredEvent[] = [];
  const sources = new Map<string, StoredEvent>();
  let seq = 0;
  return {
    add(given) {
      seq += 1;
      const event = stored(given, seq);
      events.push(event);
      sources.set(`${event.collectorId}/${event.dataSource}`, event);
      return event;
    },
    drop(seqs) {
      for (const gone of seqs)
        events.splice(
          events.findIndex((event) => event.seq === gone),
          1,
        );
    },
    dropCollector(collectorId) {
      for (const [name, event] of sources) if (event.collectorId === collectorId) sources.delete(name);
      const kept = events.filter((event) => event.collectorId !== collectorId);
      events.splice(0, events.length, ...kept);
    },
    dataSources: async () =>
      [...sources.values()].map(({ collectorId, dataSource }) => {
        return { key: { collectorId, dataSource } } as DataSourceState;
      }),
    lastSeq: async (collectorId) => events.findLast((event) => event.collectorId === collectorId)?.seq ?? 0,
    readLog: async (query) => readLog(events, query),
    event: async (wanted) => events.find((event) => event.seq === wanted),
  };
}

function readLog(events: readonly StoredEvent[], { collectorId, after, upTo, limit }: LogQuery) {
  const all = events.filter((event) => event.collectorId === collectorId && event.seq > after && event.seq <= upTo);
  const page = all.slice(0, limit);
  return { events: page, next: page.length < all.length ? page.at(-1)!.seq : undefined };
}

function stored({ raw, timeKey, collectorId, dataSource, type }: NewEvent, seq: number): StoredEvent {
  const bytes =
    raw instanceof Uint8Array ? raw : new TextEncoder().encode(typeof raw === "string" ? raw : JSON.stringify(raw));
  const key = timeKey ?? firstTimeKey + seq * 1_000_000;
  return {
    seq,
    collectorId: collectorId ?? "col_a",
    dataSource: dataSource ?? "conversations",
    eventId: `event-${seq}`,
    contentHash: createHash("sha256").update(bytes).digest("hex"),
    timeKey: key,
    time: "2026-07-15T15:29:05Z",
    type: type ?? "CONVERSATION_MESSAGE",
    ingestedAt: "2026-07-15T15:41:00.123Z",
    siteName: "hq",
    siteId: "site_1",
    timezone: undefined,
    flags: 0,
    fileId: "eclf_1",
    fileSha256: "0".repeat(64),
    line: seq,
    raw: bytes,
  };
}

/** A chat message in the upstream's shape. */
export function aMessage(
  value: string,
  more: { readonly email?: string; readonly title?: string; readonly file?: string } = {},
) {
  return {
    event_id: "5c0e0a6e-64a2-4f0e-9b6e-0d5c2f1a7b11",
    type: "CONVERSATION_MESSAGE",
    timestamp: "2026-08-03T09:14:27.103845Z",
    principal: { id: "9f1c2e3a-0b1d-4c2e-8a3f-1122334455aa", type: "CHATGPT_WORKSPACE" },
    actor: { type: "ACCOUNT_USER", user_id: "user-abc", user_email: more.email ?? "alice@example.com" },
    message: {
      id: "0d8f9f0a-1111-4222-8333-944455556666",
      created_at: "2026-08-03T09:14:27.103845Z",
      author: { type: "assistant", model: "gpt-5-5", tools_used: ["browser"] },
      content: { type: "text", value },
      files: more.file === undefined ? [] : [{ id: "file-123", name: more.file }],
    },
    conversation: {
      id: "7a1b2c3d-aaaa-4bbb-8ccc-123456789012",
      title: more.title ?? "Quarterly plan",
      is_temporary_chat: false,
    },
  };
}
