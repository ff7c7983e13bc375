import { type Clock, defaultClock, defaultSleep, type Sleep } from "./clock.ts";
import { MINUTE_MS, microsOf } from "./instants.ts";
import { DEFAULT_QUIRKS, parseQuirks, type Quirks } from "./quirks.ts";

/** Requests a minute, per key and route. 0 lifts the limit. */
export interface RateLimits {
  /** Lists of log files. The newest specification known says 100. */
  readonly list: number;
  /** Downloads of log files. The specification says 50. */
  readonly download: number;
  /** Every other route. */
  readonly other: number;
}

/** Few types with many files of equal lines, for benchmarks and crash tests. */
export interface BulkOptions {
  /** How many files each type has. */
  readonly files: number;
  /** Lines in each file. */
  readonly linesPerFile: number;
  /** Bytes of each line with its newline, at least 400; default 1000. */
  readonly lineBytes?: number;
  /** Default `["CONVERSATION_MESSAGE"]`. */
  readonly types?: readonly string[];
}

/** How to start a sandbox. Everything has a default. */
export interface SandboxOptions {
  /** Address of both hosts; default 127.0.0.1. */
  readonly host?: string;
  /** Port of the API host; default 7412, 0 for any free one. */
  readonly port?: number;
  /** Port of the signed storage host; default the API's port plus one, or any free one where that is 0. */
  readonly storagePort?: number;
  /** Decides everything that is made up; default 1. */
  readonly seed?: number;
  /** Days of history behind `startAt`; default 30. */
  readonly days?: number;
  /** Whether new files keep coming with the clock; otherwise only `advance` publishes. Default true. */
  readonly live?: boolean;
  /** How much more traffic there is from `startAt` on than in the history; default 1. */
  readonly liveFactor?: number;
  /** Milliseconds between two files of a type from `startAt` on; default 10 minutes, as upstream. History always has 10 minutes. */
  readonly fileIntervalMs?: number;
  /** People in the company; default 60. */
  readonly people?: number;
  /** Events of all types on an average weekday; default 60 for each person. */
  readonly eventsPerDay?: number;
  /** ISO 8601 instant at which the sandbox's clock starts; default what `now` says. */
  readonly startAt?: string;
  /** Clock in milliseconds; default the machine's. */
  readonly now?: Clock;
  /** Waits between the pieces of a slow body; default the machine's timer. */
  readonly sleep?: Sleep;
  /** Departures from `DEFAULT_QUIRKS`. */
  readonly quirks?: Partial<Quirks>;
  /** Departures from the documented limits (list 100, download 50, others 100 a minute). */
  readonly rateLimits?: Partial<RateLimits>;
  /** One limit for every route, in place of `rateLimits`; 0 lifts them. */
  readonly ratePerMinute?: number;
  /** Life of a signed URL in milliseconds; default 5 minutes. */
  readonly signedUrlLifeMs?: number;
  /** Serves only files of this kind. */
  readonly bulk?: BulkOptions;
}

/** The options with every default filled in. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly storagePort: number;
  readonly seed: number;
  readonly days: number;
  readonly live: boolean;
  readonly liveFactor: number;
  readonly fileIntervalMs: number;
  readonly people: number;
  readonly eventsPerDay: number;
  readonly startAtMs: number;
  readonly now: Clock;
  readonly sleep: Sleep;
  readonly quirks: Quirks;
  readonly rateLimits: RateLimits;
  readonly signedUrlLifeMs: number;
  readonly bulk: BulkOptions | undefined;
}

const DOCUMENTED_LIMITS: RateLimits = { list: 100, download: 50, other: 100 };

/** Fills in the defaults. Throws a `TypeError` where a value makes no sense. */
export function settingsOf(options: SandboxOptions): Settings {
  const now = options.now ?? defaultClock;
  const people = positive("people", options.people ?? 60);
  const port = options.port ?? 7412;
  const every = options.ratePerMinute;
  return {
    host: options.host ?? "127.0.0.1",
    port,
    storagePort: options.storagePort ?? (port === 0 ? 0 : port + 1),
    seed: options.seed ?? 1,
    days: positive("days", options.days ?? 30),
    live: options.live ?? true,
    liveFactor: positive("liveFactor", options.liveFactor ?? 1),
    fileIntervalMs: positive("fileIntervalMs", options.fileIntervalMs ?? 10 * MINUTE_MS),
    people,
    eventsPerDay: positive("eventsPerDay", options.eventsPerDay ?? people * 60),
    startAtMs: startOf(options.startAt, now),
    now,
    sleep: options.sleep ?? defaultSleep,
    quirks: { ...DEFAULT_QUIRKS, ...parseQuirks(options.quirks ?? {}) },
    rateLimits:
      every === undefined
        ? { ...DOCUMENTED_LIMITS, ...options.rateLimits }
        : { list: every, download: every, other: every },
    signedUrlLifeMs: positive("signedUrlLifeMs", options.signedUrlLifeMs ?? 5 * MINUTE_MS),
    bulk: options.bulk,
  };
}

function positive(name: string, value: number): number {
  if (!Number.isFinite(value) || value <= 0) throw new TypeError(`Option '${name}' must be a number above 0`);
  return value;
}

function startOf(startAt: string | undefined, now: Clock): number {
  if (startAt === undefined) return now();
  const us = microsOf(startAt);
  if (us === undefined) throw new TypeError("Option 'startAt' must be an ISO 8601 instant");
  return Math.floor(us / 1000);
}
