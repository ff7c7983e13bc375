import { CollectorError, type ErrorCode } from "../../model/errors.ts";

export interface FinerMeaning {
  /** Default: the code that the error has. */
  readonly code?: ErrorCode | undefined;
  readonly reason?: string | undefined;
  readonly action: string;
  readonly retryAfterMs?: number | undefined;
}

/** The same error with what is known of it at this destination; without a finer meaning, the error itself. */
export function finer(error: CollectorError, meaning: FinerMeaning | undefined): CollectorError {
  if (meaning === undefined) return error;
  return new CollectorError(meaning.code ?? error.code, error.message, {
    cause: error.cause,
    status: error.status,
    reason: meaning.reason ?? error.reason,
    action: meaning.action,
    retryAfterMs: meaning.retryAfterMs ?? error.retryAfterMs,
  });
}
