// The event collector of a Splunk on loopback, as far as senders of events meet it: tokens, channels, acknowledgements, error codes.

import { concatenatedTexts, memberTexts } from "./json-pieces.ts";
import {
  type LoopbackAnswer,
  type LoopbackRequest,
  type LoopbackServer,
  loopbackServer,
  plainBody,
} from "./loopback-server.ts";

export interface HecToken {
  readonly disabled?: boolean;
  /** Indexes that it may write to; any where absent. */
  readonly indexes?: readonly string[];
  readonly acknowledgement?: boolean;
}

export interface HecOptions {
  readonly tokens: Readonly<Record<string, HecToken>>;
  /** Largest body, gzip undone. */
  readonly maxBytes?: number;
  /** Machines behind one balancer, each with acknowledgements of its own. More than one: the balancer keeps a caller by a cookie. */
  readonly indexers?: number;
}

/** An event as it was taken: its members as they were written. */
export interface TakenEvent {
  readonly text: string;
  readonly members: ReadonlyMap<string, string>;
  readonly fields: Readonly<Record<string, string>>;
}

export interface HecState {
  /** The health that it tells. */
  health: number;
  /** Answers every request for events so, and takes nothing. */
  answer: LoopbackAnswer | undefined;
  /** The code with which an event is refused, beside what is always refused. */
  refuse: (event: TakenEvent) => number | undefined;
  /** Whether the events ahead of a refused one are indexed all the same. Versions differ, so a sender has to bear both. */
  takesAheadOfRefused: boolean;
  /** How it counts the event that it points at. */
  countsFrom: 0 | 1;
  /** Answers every request for acknowledgements so, and forgets none. */
  acknowledgementAnswer: LoopbackAnswer | undefined;
  /** How often acknowledgements are asked for in vain; Infinity: for ever. */
  pollsInVain: number;
}

interface Indexer {
  /** By channel: of each acknowledgement, how often it has been asked for; gone once it was told. */
  readonly channels: Map<string, { next: number; readonly open: Map<number, number> }>;
}

const texts: Readonly<Record<number, readonly [status: number, text: string]>> = {
  0: [200, "Success"],
  1: [403, "Token disabled"],
  2: [401, "Token is required"],
  3: [401, "Invalid authorization"],
  4: [403, "Invalid token"],
  5: [400, "No data"],
  6: [400, "Invalid data format"],
  7: [400, "Incorrect index"],
  8: [500, "Internal server error"],
  9: [503, "Server is busy"],
  10: [400, "Data channel is missing"],
  11: [400, "Invalid data channel"],
  12: [400, "Event field is required"],
  13: [400, "Event field cannot be blank"],
  14: [400, "ACK is disabled"],
  15: [400, "Error in handling indexed fields"],
  16: [400, "Query string authorization is not enabled"],
  17: [200, "HEC is healthy"],
  18: [503, "HEC is unhealthy, queues are full"],
  19: [503, "HEC is unhealthy, ack service unavailable"],
  20: [503, "HEC is unhealthy, queues are full, ack service unavailable"],
  21: [400, "Invalid token"],
  22: [400, "Token disabled"],
  23: [503, "Server is shutting down"],
  24: [200, "Queue approaching capacity"],
  25: [200, "ACK channel approaching capacity"],
  26: [429, "Queue at capacity"],
  27: [429, "ACK channel at capacity"],
};

/** The answer of a code, with the status that Splunk gives it. */
export function hecAnswer(code: number, more: Readonly<Record<string, unknown>> = {}): LoopbackAnswer {
  const [status, text] = texts[code] ?? [400, "Unknown"];
  return { status, body: JSON.stringify({ text, code, ...more }) };
}

const html = (status: number): LoopbackAnswer => ({
  status,
  headers: { "content-type": "text/html" },
  body: `<!doctype html><html><head><title>${status}</title></head><body></body></html>`,
});

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface HecServer extends LoopbackServer {
  /** Everything that was indexed, in order. */
  readonly taken: readonly TakenEvent[];
  /** The channels of all requests for events and acknowledgements. */
  readonly channels: ReadonlySet<string>;
  /** Requests for events, refused ones too. */
  readonly posts: () => number;
  readonly state: HecState;
}

export async function splunkHecServer({ tokens, maxBytes = 1_000_000, indexers = 1 }: HecOptions): Promise<HecServer> {
  const taken: TakenEvent[] = [];
  const seenChannels = new Set<string>();
  const machines = Array.from({ length: indexers }, (): Indexer => ({ channels: new Map() }));
  const state: HecState = {
    health: 17,
    answer: undefined,
    refuse: () => undefined,
    takesAheadOfRefused: false,
    countsFrom: 0,
    acknowledgementAnswer: undefined,
    pollsInVain: 0,
  };
  let turn = 0;
  let posts = 0;

  function takeEvents(request: LoopbackRequest, machine: Indexer): LoopbackAnswer {
    posts++;
    const token = tokenOf(request, tokens);
    if ("status" in token) return token;
    const text = plainBody(request);
    if (text === undefined) return html(415);
    if (Buffer.byteLength(text) > maxBytes) return html(413);
    if (text.trim() === "") return hecAnswer(5);
    const channel = channelOf(request);
    if (token.acknowledgement && channel === undefined) return hecAnswer(10);
    if (channel !== undefined && !GUID.test(channel)) return hecAnswer(11);
    if (state.answer) return state.answer;
    const { events, fault } = readEvents(text, token, state);
    if (fault === undefined || state.takesAheadOfRefused) taken.push(...events);
    // A wrong index is always counted from one.
    const number = events.length + (fault === 7 ? 1 : state.countsFrom);
    if (fault !== undefined) return hecAnswer(fault, { "invalid-event-number": number });
    if (!token.acknowledgement) return hecAnswer(0);
    const { acks } = openChannel(machine, channel!);
    const ackId = acks.next++;
    acks.open.set(ackId, 0);
    return hecAnswer(0, { ackId });
  }

  function tellAcks(request: LoopbackRequest, machine: Indexer): LoopbackAnswer {
    const token = tokenOf(request, tokens);
    if ("status" in token) return token;
    if (!token.acknowledgement) return hecAnswer(14);
    if (state.acknowledgementAnswer) return state.acknowledgementAnswer;
    const channel = channelOf(request);
    if (channel === undefined) return hecAnswer(10);
    const asked = (JSON.parse(plainBody(request) ?? "{}") as { acks?: unknown }).acks;
    if (!Array.isArray(asked)) return hecAnswer(6);
    const { acks } = openChannel(machine, channel);
    const told = asked.map((id: number) => {
      const polls = acks.open.get(id);
      const ready = polls !== undefined && polls >= state.pollsInVain;
      if (ready) acks.open.delete(id);
      else if (polls !== undefined) acks.open.set(id, polls + 1);
      return [String(id), ready] as const;
    });
    return { status: 200, body: JSON.stringify({ acks: Object.fromEntries(told) }) };
  }

  function openChannel({ channels }: Indexer, channel: string) {
    seenChannels.add(channel);
    const acks = channels.get(channel) ?? { next: 0, open: new Map<number, number>() };
    channels.set(channel, acks);
    return { acks };
  }

  function answerOf(request: LoopbackRequest, machine: Indexer): LoopbackAnswer {
    const path = request.url.pathname.replace(/\/1\.0$/, "");
    if (path === "/services/collector/health" && request.method === "GET") return hecAnswer(state.health);
    const takes = path === "/services/collector/event" || path === "/services/collector";
    if (!takes && path !== "/services/collector/ack")
      return { status: 404, body: '{"text":"The requested URL was not found on this server.","code":404}' };
    if (request.method !== "POST") return { status: 405, body: '{"text":"Method Not Allowed","code":404}' };
    return takes ? takeEvents(request, machine) : tellAcks(request, machine);
  }

  const server = await loopbackServer((request) => {
    if (machines.length === 1) return answerOf(request, machines[0]!);
    const kept = /(?:^|; )balancer=(\d+)/.exec(request.headers.cookie ?? "")?.[1];
    const place = kept === undefined ? turn++ % machines.length : Number(kept);
    const answer = answerOf(request, machines[place]!);
    return { ...answer, headers: { ...answer.headers, "set-cookie": [`balancer=${place}; Path=/; HttpOnly`] } };
  });
  return { ...server, taken, channels: seenChannels, posts: () => posts, state };
}

function tokenOf({ headers }: LoopbackRequest, tokens: HecOptions["tokens"]): HecToken | LoopbackAnswer {
  if (headers.authorization === undefined) return hecAnswer(2);
  const name = /^Splunk (\S+)$/.exec(headers.authorization)?.[1];
  if (name === undefined) return hecAnswer(3);
  const token = Object.hasOwn(tokens, name) ? tokens[name]! : undefined;
  if (token === undefined) return hecAnswer(4);
  return token.disabled ? hecAnswer(1) : token;
}

const channelOf = ({ url, headers }: LoopbackRequest): string | undefined =>
  (headers["x-splunk-request-channel"] as string | undefined) ?? url.searchParams.get("channel") ?? undefined;

/** The events ahead of the first fault, and its code: what is broken is found in order, as a stream is read. */
function readEvents(text: string, token: HecToken, state: HecState) {
  const { texts: found, whole } = concatenatedTexts(text);
  const events: TakenEvent[] = [];
  for (const one of found) {
    const always = faultOf(one, token);
    if (always !== undefined) return { events, fault: always };
    const members = memberTexts(one);
    const event = { text: one, members, fields: JSON.parse(members.get("fields") ?? "{}") };
    const fault = state.refuse(event);
    if (fault !== undefined) return { events, fault };
    events.push(event);
  }
  return { events, fault: whole ? undefined : 6 };
}

function faultOf(text: string, token: HecToken): number | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return 6;
  const { event, time, index, fields } = value as Record<string, unknown>;
  if (event === undefined) return 12;
  if (event === null || /^\s*(?:\{\s*\}|\[\s*\]|)$/.test(typeof event === "string" ? event : JSON.stringify(event)))
    return 13;
  // A number in scientific notation is an error here as well.
  const written = memberTexts(text).get("time");
  if (time !== undefined && !/^"?-?\d+(\.\d+)?"?$/.test(written ?? "")) return 15;
  if (fields !== undefined && !areFlat(fields)) return 15;
  return index !== undefined && token.indexes && !token.indexes.includes(String(index)) ? 7 : undefined;
}

const areFlat = (fields: unknown): boolean =>
  typeof fields === "object" &&
  fields !== null &&
  !Array.isArray(fields) &&
  Object.values(fields).every((value) => typeof value === "string");
