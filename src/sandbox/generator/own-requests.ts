import { isoTime } from "../instants.ts";
import { type KeyRecord, redactedId } from "../keys.ts";
import type { Entry } from "../publishing/copies.ts";
import type { EntrySource } from "../publishing/entry-source.ts";
import { randomOf } from "../random.ts";
import type { EventObject } from "./family.ts";

/** One request with a key, as the audit log tells it. */
export interface OwnRequest {
  readonly key: KeyRecord;
  readonly action: string;
  readonly result: "SUCCESS" | "BLOCKED" | "ERROR";
  readonly data: EventObject;
  readonly clientIp: string;
  readonly userAgent: string;
  readonly atMs: number;
}

/** The audit events that the API's own use causes. */
export interface OwnRequests extends EntrySource {
  record(request: OwnRequest): void;
}

// A published file never changes, so nothing may be dropped again; a sandbox used harder than this stops to record.
const MOST_KEPT = 200_000;

/** Keeps the first 200,000 requests it is told, in order of time; ids come from the seed and the count. */
export function ownRequests(seed: number): OwnRequests {
  const entries: Entry[] = [];
  let count = 0;
  let newestUs = 0;
  return {
    record(request) {
      if (entries.length >= MOST_KEPT) return;
      // One µs after the clock's millisecond at least: a file that ends on it is already published.
      newestUs = Math.max(newestUs + 1, request.atMs * 1000 + 1);
      count += 1;
      const eventId = randomOf(seed, "own request", count).uuid();
      const line = JSON.stringify(eventOf(request, eventId, newestUs));
      entries.push({ eventId, atUs: newestUs, publishUs: newestUs, write: () => line });
    },
    between(fromUs, toUs) {
      const from = firstAfter(entries, fromUs);
      const to = firstAfter(entries, toUs);
      return entries.slice(from, to);
    },
    forget: () => {},
  };
}

function eventOf(request: OwnRequest, id: string, us: number): EventObject {
  return {
    event_id: id,
    type: "AUDIT_LOG",
    timestamp: isoTime(us, 6),
    principal: { id: request.key.workspaceId, type: "CHATGPT_WORKSPACE" },
    actor: { type: "API_KEY", redacted_id: redactedId(request.key) },
    action: request.action,
    action_result: request.result,
    action_privilege: "ADMIN",
    request_metadata: { client_ip: request.clientIp, client_user_agent: request.userAgent },
    action_data: request.data,
  };
}

function firstAfter(entries: readonly Entry[], us: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.publishUs ?? 0) <= us) low = middle + 1;
    else high = middle;
  }
  return low;
}
