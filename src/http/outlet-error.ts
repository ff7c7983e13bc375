// What an answer of a destination means for the batch, where the destination has no finer words of its own.
import type { OutletAnswer } from "../model/destination.ts";
import { CollectorError, type ErrorCode, type ErrorDetails } from "../model/errors.ts";
import { retryAfterMs } from "./retry-after.ts";

/** Longest part of an answer that is kept for people to read. */
const LONGEST_QUOTE = 1_000;

/** What the other side said, for people: whitespace folded, secrets that we sent taken out. */
export function quoted(text: string, secrets: readonly string[] = []): string {
  const folded = text.replace(/\s+/g, " ").trim();
  const clean = secrets
    .filter(({ length }) => length >= 4)
    .reduce((all, secret) => all.replaceAll(secret, "…"), folded);
  return clean.length > LONGEST_QUOTE ? `${clean.slice(0, LONGEST_QUOTE)}…` : clean;
}

export interface AnswerAbout {
  readonly host: string;
  readonly now: Date;
  /** Sent with the request: cut out of what is quoted. */
  readonly secrets?: readonly string[];
}

/**
 * The error of an answer that is no success: 401 and 403 halt, 408, 429 and 5xx come again, 413 is too large, 3xx and 404 are a wrong
 * address, any other 4xx refuses the content.
 */
export function outletError(answer: OutletAnswer, about: AnswerAbout): CollectorError {
  const { code, ...details } = meaningOf(answer.status);
  const said = quoted(answer.text, about.secrets);
  const message = `${about.host} answered ${answer.status}${said === "" ? "" : `: ${said}`}`;
  return new CollectorError(code, message, {
    ...details,
    status: answer.status,
    retryAfterMs: retryAfterMs(answer.headers, about.now),
  });
}

function meaningOf(status: number): { readonly code: ErrorCode } & ErrorDetails {
  if (status === 401 || status === 403)
    return {
      code: "auth_failed",
      reason: "credentials_refused",
      action: "Enter a token or password that may write there",
    };
  if (status === 429) return { code: "rate_limited", reason: "throttled", action: "It passes by itself" };
  if (status === 408 || status >= 500)
    return { code: "unavailable", reason: "server_error", action: "If it stays, check the service" };
  if (status === 413) return { code: "rejected", reason: "too_large", action: "Nothing: it is sent in smaller pieces" };
  if (status >= 300 && status < 400)
    return {
      code: "config_invalid",
      reason: "redirected",
      action: "Enter the address that it leads to; no redirect is followed",
    };
  if (status === 404 || status === 405)
    return { code: "config_invalid", reason: "wrong_address", action: "Check the path of the address" };
  if (status >= 200 && status < 300)
    return { code: "protocol", reason: "unexpected_answer", action: "Check that nothing else answers at this address" };
  return { code: "rejected", reason: "malformed", action: "Look at the dead letter" };
}
