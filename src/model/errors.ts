/** What the engine does next when an operation fails. */
export type Retry = "later" | "never";

export const errorCodes = [
  "config_invalid", // the operator must fix the configuration
  "auth_failed", // the operator must fix the credential
  "rate_limited", // the other side asked us to wait
  "unavailable", // network, timeout or 5xx: it should pass
  "rejected", // the other side refuses this request, and will again
  "protocol", // the answer does not have the documented shape
  "storage", // the disk is full or failing
  "fenced", // another engine has taken over this collector
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorDetails {
  readonly cause?: unknown;
  /** How long the other side asked us to wait. */
  readonly retryAfterMs?: number | undefined;
  /** A finer, stable word within the code, such as `scope_missing`; docs/errors.md lists them. */
  readonly reason?: string | undefined;
  /** What the operator should do, as a sentence. */
  readonly action?: string | undefined;
  /** The other side's status code, where it answered. */
  readonly status?: number | undefined;
}

/** The one error type of this code base. `code` is stable and documented; `message` is for people and holds no secret. */
export class CollectorError extends Error {
  override readonly name = "CollectorError";
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly retryAfterMs: number | undefined;
  readonly reason: string | undefined;
  readonly action: string | undefined;
  readonly status: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.retry = code === "rate_limited" || code === "unavailable" || code === "storage" ? "later" : "never";
    this.retryAfterMs = details.retryAfterMs;
    this.reason = details.reason;
    this.action = details.action;
    this.status = details.status;
  }
}
