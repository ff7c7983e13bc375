import type { Company } from "./generator/company.ts";
import type { OwnRequests } from "./generator/own-requests.ts";
import type { Identities, KeyRing } from "./keys.ts";
import type { Settings } from "./options.ts";
import type { Archive } from "./publishing/archive.ts";
import type { Quirks, QuirkTimeline } from "./quirks.ts";
import type { RateLimiter } from "./rate-limit.ts";
import type { UrlSigner } from "./signed-urls.ts";

/** What a running sandbox has counted. */
export interface Counters {
  /** Requests by route and status, such as `list 200`. */
  readonly requests: Record<string, number>;
  /** Requests to the storage host that carried an `Authorization` header: a client gave its key away. */
  leakedAuthorizations: number;
}

/** Everything that the routes of one sandbox share. */
export interface SandboxState {
  readonly settings: Settings;
  readonly ids: Identities;
  readonly company: Company;
  readonly keys: KeyRing;
  readonly limiter: RateLimiter;
  readonly quirks: QuirkTimeline;
  readonly archive: Archive;
  readonly ownRequests: OwnRequests;
  readonly counters: Counters;
  readonly signer: UrlSigner;
  /** The sandbox's clock (ms). */
  readonly now: () => number;
  /** Up to when files are published (ms). */
  readonly horizonMs: () => number;
  /** Moves clock and horizon. */
  readonly advance: (ms: number) => void;
  /** Sets quirks from now on. */
  readonly setQuirks: (changes: Partial<Quirks>) => void;
  /** Whether this chance-driven fault hits, the n-th time it is asked about this subject. */
  readonly strikes: (fault: string, rate: number, subject: string) => boolean;
}

/** Counts one request of a route. */
export function countRequest(counters: Counters, route: string, status: number | string): void {
  const name = `${route} ${status}`;
  counters.requests[name] = (counters.requests[name] ?? 0) + 1;
}
