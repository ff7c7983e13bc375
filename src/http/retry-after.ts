const LONGEST_MS = 3_600_000;

/**
 * Milliseconds to wait by a `Retry-After` header, in seconds or as an HTTP date; 1 hour at most, 0 for a date that is past.
 * Undefined where the header is absent or unreadable. A date is compared with the answer's own `Date`, else with `now`.
 */
export function retryAfterMs(headers: Headers, now: Date): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(LONGEST_MS, Math.ceil(Number(value) * 1_000));
  const until = Date.parse(value);
  if (!/^[A-Za-z]/.test(value) || Number.isNaN(until)) return undefined;
  const served = Date.parse(headers.get("date") ?? "");
  const from = Number.isNaN(served) ? now.getTime() : served;
  return Math.min(LONGEST_MS, Math.max(0, until - from));
}
