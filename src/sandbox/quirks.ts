import type { FractionDigits } from "./instants.ts";

/**
 * Every way in which upstream, or what stands between, departs from the plain contract. A *rate* is a share from 0 to 1 of the events,
 * files or requests named; the victims are chosen by the seed, so that a run can be repeated. Switches of what files hold act on
 * files published from then on (a published file never changes), all others at once.
 */
export interface Quirks {
  /** The file whose `end_time` equals `after` is listed again, although the specification says strictly later. */
  readonly boundaryFileReturns: boolean;
  /** Rate of events whose exact line stands in a second, later file too (3.4 % was measured on a live feed). */
  readonly surplusDuplicates: number;
  /** Rate of events that are published 20 minutes to 3 hours after they happened, in a later file. */
  readonly lateEvents: number;
  /** An empty page carries `last_end_time: null`; off, it carries the `after` that was sent. */
  readonly emptyPageLastEndTimeNull: boolean;
  /** Rate of files that are split into several with one and the same `end_time`. */
  readonly tiedEndTimes: number;
  /** Into how many files `tiedEndTimes` splits at most. */
  readonly tieGroupSize: number;
  /** Pages that say `has_more: true` but give nothing to go on from: `last_end_time` null, or the `after` that was sent. */
  readonly stuckPaging: "off" | "null" | "unmoved";
  /** Rate of redirects whose signed URL has already expired. */
  readonly signedUrlExpired: number;
  /** Rate of conversation files that are filled up to `hugeFileBytes`. */
  readonly hugeFiles: number;
  /** The least size in bytes of a file chosen by `hugeFiles`. */
  readonly hugeFileBytes: number;
  /** Rate of files that are listed but answer 404 when downloaded, as if they had aged out in between. */
  readonly agedOutBetween: number;
  /** Rate of files listed with a `file_sha256` that is not theirs, for good. */
  readonly wrongSha256: number;
  /** Rate of files with a line that is not JSON. */
  readonly malformedLines: number;
  /** Rate of files in which two records stand on one line with nothing between. */
  readonly concatenatedLines: number;
  /** Rate of files whose last line ends without a newline. */
  readonly missingFinalNewline: number;
  /** A further event type, `WORKSPACE_FORECAST_LOG`, that no specification names is accepted and has files. */
  readonly unknownEventType: boolean;
  /** Rate of events with an actor of a type that no specification names. */
  readonly unknownActorType: number;
  /** Rate of events with top-level fields that no specification names. */
  readonly unknownFields: number;
  /** Rate of users' messages that are edited later: a new event with the same `message.id` and other content. */
  readonly editedMessages: number;
  /** Rate of events without `timestamp`. */
  readonly missingTimestamp: number;
  /** Rate of events without `timestamp` whose line stands in two files. */
  readonly repeatedWithoutTimestamp: number;
  /** Rate of custom-agent events whose `user_id` reads `user-…__<workspace id>`. */
  readonly compositeUserIds: number;
  /** Rate of events that come again in a later file with the same `event_id` and `timestamp` but other content. */
  readonly conflictingContent: number;
  /** Rate of events that come again in a later file with the same content in another order of keys. */
  readonly reorderedKeys: number;
  /** Fraction digits of event times: as each type has them, one fixed number, or a different one from event to event. */
  readonly fractionDigits: "as-observed" | "mixed" | FractionDigits;
  /** Rate of messages with hostile text: markup, control characters, direction marks, lone surrogates. */
  readonly hostileText: number;
  /** Rate of events whose `principal.id` is another workspace's. */
  readonly foreignPrincipal: number;
  /** Rate of requests with a good key that are answered 429 although the limit is not reached. */
  readonly throttled: number;
  /** Whether a 429 carries `Retry-After` (seconds, as a string). */
  readonly retryAfter: "seconds" | "absent";
  /** Seconds that a `throttled` 429 asks to wait. */
  readonly throttledRetryAfterSeconds: number;
  /** Event types that are refused with 403 for every key. */
  readonly forbiddenTypes: readonly string[];
  /** Event types of which no file at all is published. */
  readonly quietTypes: readonly string[];
  /** Days after which a file is neither listed nor downloadable. */
  readonly retentionDays: number;
  /** A `limit` above 100 answers 422; off, it is taken as 100. */
  readonly strictLimit: boolean;
  /** Rate of API replies that are an HTML page with status 200, as a proxy between would send. */
  readonly htmlPages: number;
  /** What the retired conversations list answers. */
  readonly retiredConversations: "gone" | "not-found";
  /** Rate of files that appear in the list only `lateFileDelayMs` after their `end_time`. */
  readonly lateFiles: number;
  /** How late the files chosen by `lateFiles` appear, in milliseconds. */
  readonly lateFileDelayMs: number;
  /** Rate of requests answered 500. */
  readonly serverErrors: number;
  /** Rate of requests, downloads from the storage host included, whose connection is reset. */
  readonly resetConnections: number;
  /** Rate of downloads that end half-way although the length promised more. */
  readonly truncatedBodies: number;
  /** Rate of downloads with one byte changed. */
  readonly corruptBodies: number;
  /** Rate of downloads sent at `slowBodyBytesPerSecond`. */
  readonly slowBodies: number;
  /** Speed of the downloads chosen by `slowBodies`. */
  readonly slowBodyBytesPerSecond: number;
  /** `max_event_time` stands still at the instant at which this was switched on, and nothing is published after it. */
  readonly publishingStopped: boolean;
  /** Milliseconds by which the `Date` header runs ahead of the sandbox's clock. */
  readonly dateHeaderSkewMs: number;
  /** In what shape an error speaks; no public source shows a real one. */
  readonly errorShape: "error" | "detail" | "message" | "text";
  /** Every request with a key becomes an `AUDIT_LOG` event of its own, as upstream does it. */
  readonly auditOwnRequests: boolean;
}

/** A quiet, realistic upstream: what live feeds were seen to do is on at a low rate, hard faults are off. */
export const DEFAULT_QUIRKS: Quirks = {
  boundaryFileReturns: true,
  surplusDuplicates: 0.034,
  lateEvents: 0.01,
  emptyPageLastEndTimeNull: true,
  tiedEndTimes: 0,
  tieGroupSize: 2,
  stuckPaging: "off",
  signedUrlExpired: 0,
  hugeFiles: 0,
  hugeFileBytes: 15_500_000,
  agedOutBetween: 0,
  wrongSha256: 0,
  malformedLines: 0,
  concatenatedLines: 0,
  missingFinalNewline: 0.1,
  unknownEventType: false,
  unknownActorType: 0,
  unknownFields: 0.01,
  editedMessages: 0.03,
  missingTimestamp: 0,
  repeatedWithoutTimestamp: 0,
  compositeUserIds: 0.05,
  conflictingContent: 0,
  reorderedKeys: 0,
  fractionDigits: "as-observed",
  hostileText: 0.003,
  foreignPrincipal: 0,
  throttled: 0,
  retryAfter: "seconds",
  throttledRetryAfterSeconds: 1,
  forbiddenTypes: [],
  quietTypes: [],
  retentionDays: 30,
  strictLimit: true,
  htmlPages: 0,
  retiredConversations: "gone",
  lateFiles: 0,
  lateFileDelayMs: 45 * 60_000,
  serverErrors: 0,
  resetConnections: 0,
  truncatedBodies: 0,
  corruptBodies: 0,
  slowBodies: 0,
  slowBodyBytesPerSecond: 20_000,
  publishingStopped: false,
  dateHeaderSkewMs: 0,
  errorShape: "error",
  auditOwnRequests: true,
};

const CHOICES: { readonly [Name in keyof Quirks]?: readonly unknown[] } = {
  stuckPaging: ["off", "null", "unmoved"],
  fractionDigits: ["as-observed", "mixed", 0, 3, 6, 9],
  retryAfter: ["seconds", "absent"],
  retiredConversations: ["gone", "not-found"],
  errorShape: ["error", "detail", "message", "text"],
};

const COUNTS: readonly string[] = [
  "tieGroupSize",
  "hugeFileBytes",
  "throttledRetryAfterSeconds",
  "retentionDays",
  "lateFileDelayMs",
  "slowBodyBytesPerSecond",
  "dateHeaderSkewMs",
] satisfies readonly (keyof Quirks)[];

/** The quirks of an untrusted object, each name and value checked. Throws a `TypeError` that names the first wrong one. */
export function parseQuirks(input: unknown): Partial<Quirks> {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    throw new TypeError("Quirks must be an object");
  for (const [name, value] of Object.entries(input)) {
    const wanted = problemOf(name, value);
    if (wanted !== undefined) throw new TypeError(`Quirk '${name}' must be ${wanted}`);
  }
  return input;
}

function problemOf(name: string, value: unknown): string | undefined {
  if (!Object.hasOwn(DEFAULT_QUIRKS, name)) return "one of those that docs/sandbox.md lists";
  const choices = CHOICES[name as keyof Quirks];
  if (choices) return choices.includes(value) ? undefined : `one of ${choices.join(", ")}`;
  const usual: unknown = DEFAULT_QUIRKS[name as keyof Quirks];
  if (typeof usual === "boolean") return typeof value === "boolean" ? undefined : "true or false";
  if (Array.isArray(usual)) {
    return Array.isArray(value) && value.every((member) => typeof member === "string")
      ? undefined
      : "a list of event types";
  }
  if (typeof value !== "number" || !Number.isFinite(value)) return "a number";
  if (name === "dateHeaderSkewMs") return undefined;
  if (COUNTS.includes(name)) return value >= 0 ? undefined : "a number of at least 0";
  return value >= 0 && value <= 1 ? undefined : "a rate from 0 to 1";
}

/** The quirks in force over time, so that a switch never changes what is already published. */
export interface QuirkTimeline {
  /** In force at this instant (ms). */
  at(ms: number): Quirks;
  /** In force now: the newest setting. */
  current(): Quirks;
  /** Changes the given ones from this instant (ms) on. */
  change(changes: Partial<Quirks>, fromMs: number): void;
  /** Counts up with each change; what was derived from an older count may be stale. */
  revision(): number;
}

/** A timeline on which `initial` is in force since ever. */
export function quirkTimeline(initial: Quirks): QuirkTimeline {
  const settings: { fromMs: number; quirks: Quirks }[] = [{ fromMs: Number.NEGATIVE_INFINITY, quirks: initial }];
  const newest = () => settings.at(-1)?.quirks ?? initial;
  return {
    at: (ms) => settings.findLast((setting) => setting.fromMs < ms)?.quirks ?? initial,
    current: newest,
    change(changes, fromMs) {
      settings.push({ fromMs, quirks: { ...newest(), ...changes } });
    },
    revision: () => settings.length,
  };
}
