// What a destination is made of: settings, limits, and a sender that takes batches. Everything that keeps the promise (position,
// recorded batches, retries, halving, dead letters, breaker) is the delivery engine's, and is the same for all.
import type { LookupFunction } from "node:net";
import type { z } from "zod";
import type { CheckStep } from "./check.ts";
import type { Logger } from "./log.ts";
import type { Batch, FormatName, OutgoingEvent } from "./outgoing.ts";

/** What a repeated attempt does at the other side. */
export type Guarantee =
  | "idempotent" // a repeat changes nothing there, however late it comes
  | "deduplicated_for_a_while" // a repeat within the other side's window changes nothing
  | "at_least_once" // a repeat is a second copy with the same key
  | "unacknowledged"; // the other side never says what it took: a broken connection can lose events

export interface OutletRequest {
  readonly method: "GET" | "POST" | "PUT" | "HEAD" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
  /** Until the answer is whole. Default 60 s. */
  readonly limitMs?: number;
}

export interface OutletAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** At most 4 MB of the body, as text; what is longer is cut off. */
  readonly text: string;
}

/**
 * The way out over HTTP: https (http only to named private networks), every address checked, no redirect followed (a 3xx is an answer
 * like any other). Resolves with whatever status came. Throws CollectorError `unavailable` where none came, `config_invalid` with reason
 * `address_forbidden` where the address may not be asked, or the signal's reason.
 */
export interface Outlet {
  request(url: URL, request: OutletRequest): Promise<OutletAnswer>;
}

/** TLS as the destination's network settings have it; goes into `tls.connect` as it is. */
export interface TlsSettings {
  readonly ca?: string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
  /** Always true; said aloud, so that no environment variable can switch it off. */
  readonly rejectUnauthorized: true;
}

/** For clients that open their own sockets. */
export interface Sockets {
  /** For `net.connect` and `tls.connect`: hands out checked addresses only. */
  readonly lookup: LookupFunction;
  readonly tls: TlsSettings;
  /** Looks the host up and throws `config_invalid`/`address_forbidden` where an address of it may not be connected to. Returns the checked addresses. */
  permitted(host: string): Promise<readonly { readonly address: string; readonly family: number }[]>;
  /** Throws where traffic to this host would be in the clear although no private network that holds it was named. */
  assertMayBeClear(host: string): Promise<void>;
}

/** Everything that a sender may touch. */
export interface SenderContext<Settings> {
  readonly settings: Settings;
  /** What the bodies of its events are written in. */
  readonly format: FormatName;
  readonly outlet: Outlet;
  readonly sockets: Sockets;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  /** Waits; ends early, without an error, when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Name and version of this product, for user agents. */
  readonly product: string;
  /** Where a destination on this machine's disk may write by default: a folder of its own in the data folder. */
  readonly folder: string;
  readonly log: Logger;
}

/** One event that the other side refuses for good. */
export interface Refusal {
  /** Its place in `batch.events`. */
  readonly index: number;
  /** A stable word, such as `mapping`, `too_large`, `malformed`. */
  readonly reason: string;
  /** What the other side said, at most 1,000 characters; no secret. */
  readonly answer: string;
}

/** What became of a batch that was answered. Everything that is in neither list has been taken. */
export interface Sent {
  readonly refused?: readonly Refusal[];
  /** Places in `batch.events` that were not taken and may be later (Elasticsearch's 429 per item). */
  readonly again?: readonly number[];
  /** Worth a line in the console, such as events that went to a failure store. */
  readonly warning?: string | undefined;
}

/**
 * Keeps its connections between batches; one is made per destination, and used by one batch at a time unless `concurrent`.
 * `send` resolves once the other side has taken every event, as durably as it can say. Otherwise it throws a CollectorError, and the
 * engine does by its code:
 *   rate_limited, unavailable, protocol   the same batch again, after `retryAfterMs` or a growing wait
 *   rejected, reason `too_large`          the batch in halves; a single event becomes a dead letter
 *   rejected                              halves until the events at fault are alone: those become dead letters
 *   auth_failed, config_invalid           delivery halts and says so; the backlog is kept
 */
export interface Sender {
  send(batch: Batch, signal: AbortSignal): Promise<Sent>;
  /** The staged connection test, ending with delivery of the marked test event. */
  check(test: OutgoingEvent, signal: AbortSignal): AsyncIterable<CheckStep>;
  close(): Promise<void>;
}

/** One kind of destination. A plain object; it holds no state. */
export interface Destination<Settings = any> {
  /** Name in configuration, of the file, and of the docs page. */
  readonly name: string;
  readonly title: string;
  /** One sentence: what it is and how events arrive there. */
  readonly description: string;
  readonly group: "siem" | "lake" | "queue" | "database" | "file" | "http";
  /** Keys are snake_case; `.meta({ title, description, secret, placeholder, advanced })` draws the form. Network settings come from `networkSettings`. */
  readonly settings: z.ZodType<Settings, any>;
  /** The settings that say where the events, and the secrets, go: changing one clears the secrets. */
  readonly address: readonly string[];
  /** The first is the default. */
  readonly formats: readonly FormatName[];
  readonly guarantee: Guarantee;
  /** One sentence in the operator's words about repeats and loss. */
  readonly guaranteeNote: string;
  /** Of one batch; the engine cuts by these unless the settings ask for less. `eventBytes`: a larger event becomes a dead letter unsent. */
  readonly limits: { readonly events: number; readonly bytes: number; readonly eventBytes?: number };
  /** How long the first event of a batch may wait for more, in milliseconds. */
  readonly maxAgeMs: number;
  /** Most batches under way at once; 1 keeps the order of the log. */
  readonly concurrency: number;
  open(context: SenderContext<Settings>): Sender;
}

export const defineDestination = <Settings>(destination: Destination<Settings>): Destination<Settings> => destination;
