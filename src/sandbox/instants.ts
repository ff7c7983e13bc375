/** How many digits stand behind the point of a second. */
export type FractionDigits = 0 | 3 | 6 | 9;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** An instant in µs since 1970 as ISO 8601 in UTC, with exactly this many fraction digits. Digits below a microsecond are made up. */
export function isoTime(us: number, digits: FractionDigits): string {
  const ms = Math.floor(us / 1000);
  const text = new Date(ms).toISOString();
  if (digits === 3) return text;
  if (digits === 0) return `${text.slice(0, 19)}Z`;
  const micros = String(us - ms * 1000).padStart(3, "0");
  if (digits === 6) return `${text.slice(0, 23)}${micros}Z`;
  return `${text.slice(0, 23)}${micros}${String((us * 7) % 1000).padStart(3, "0")}Z`;
}

/** A listed `end_time`: no fraction when it is a whole second, else six digits, as the live feed prints it. */
export function fileTime(us: number): string {
  return isoTime(us, us % 1_000_000 === 0 ? 0 : 6);
}

/** µs since 1970 of an ISO 8601 instant with zone or offset; undefined when it is none. */
export function microsOf(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/i.exec(
    text.trim(),
  );
  if (!match) return undefined;
  const [, date, time, fraction = "", zone = "Z"] = match;
  const seconds = time?.length === 5 ? `${time}:00` : time;
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const ms = Date.parse(`${date}T${seconds}${offset}`);
  return Number.isNaN(ms) ? undefined : ms * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}
