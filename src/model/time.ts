// Upstream prints times with 0 to 9 fraction digits; Date keeps three. Everything that is compared is therefore compared in µs.

const shape = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * µs since 1970 of an RFC 3339 text; one without a zone is read as UTC. Digits beyond the sixth are cut off. Undefined where
 * the text is not a time between the years 1970 and 2200.
 */
export function instantUs(text: string): number | undefined {
  return usualInstantUs(text) ?? anyInstantUs(text);
}

/** The form that upstream prints, `2026-07-15T15:29:05.746561Z`, without a regular expression: this runs once per event. */
function usualInstantUs(text: string): number | undefined {
  if (text.length !== 27 || text.charCodeAt(26) !== 0x5a || text.charCodeAt(10) !== 0x54) return undefined;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  // Whatever is out of the ordinary, a 31st of February say, is for the careful reading.
  const ordinary = year >= 1970 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  if (!ordinary || hour > 23 || minute > 59 || second > 59 || !isPunctuated(text)) return undefined;
  const us = Date.UTC(year, month - 1, day, hour, minute, second) * 1_000 + digits(text, 20, 26);
  return us >= 0 ? us : undefined;
}

const isPunctuated = (text: string) =>
  text[4] === "-" && text[7] === "-" && text[13] === ":" && text[16] === ":" && text[19] === ".";

/** The number that stands there; NaN where one of the characters is no digit. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function anyInstantUs(text: string): number | undefined {
  const match = shape.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (new Date(ms).getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59) return undefined;
  const us = ms * 1_000 + Number((fraction ?? "").slice(0, 6).padEnd(6, "0")) - offsetMinutes(zone) * 60_000_000;
  return us >= 0 && us < 7_258_118_400_000_000 ? us : undefined;
}

function offsetMinutes(zone: string | undefined): number {
  if (!zone || zone === "Z" || zone === "z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}

/** RFC 3339 in UTC; six fraction digits, or none where the instant is a whole second. */
export function isoFromUs(us: number): string {
  const whole = Math.floor(us / 1_000_000);
  const fraction = us - whole * 1_000_000;
  const text = new Date(whole * 1_000).toISOString().slice(0, 19);
  return fraction === 0 ? `${text}Z` : `${text}.${String(fraction).padStart(6, "0")}Z`;
}

/** The text moved by `ms`, as RFC 3339 in UTC. Throws a RangeError where it is not a time. */
export function shiftTime(text: string, ms: number): string {
  const us = instantUs(text);
  if (us === undefined) throw new RangeError(`Not a time: ${text}`);
  return isoFromUs(Math.max(0, us + ms * 1_000));
}

/** The earlier of two times, by instant; an undefined one does not count. */
export function earlierOf(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (instantUs(a) ?? 0) <= (instantUs(b) ?? 0) ? a : b;
}

export const hasZone = (text: string): boolean => /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);

/**
 * A local time of `timezone` with its offset added. A local time that happens twice at a clock change takes the earlier
 * offset and is ambiguous; one that a clock change skips takes the offset from before the change.
 */
export function withZone(text: string, timezone: string): { readonly time: string; readonly ambiguous: boolean } {
  const local = instantUs(text);
  if (local === undefined) return { time: text, ambiguous: false };
  const day = 86_400_000_000;
  const before = zoneOffsetMinutes(timezone, local - day);
  const after = zoneOffsetMinutes(timezone, local + day);
  const fits = [before, after].filter((offset) => zoneOffsetMinutes(timezone, local - offset * 60_000_000) === offset);
  const offset = fits[0] ?? before;
  return { time: `${text}${offsetText(offset)}`, ambiguous: fits.length === 2 && before !== after };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function zoneOffsetMinutes(timezone: string, us: number): number {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
    formats.set(timezone, format);
  }
  const name = format.formatToParts(us / 1_000).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  return offsetMinutes(/[+-]\d\d:\d\d/.exec(name)?.[0]);
}

function offsetText(minutes: number): string {
  if (minutes === 0) return "Z";
  const size = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Whether the runtime knows the zone; aliases such as `UTC` and `Etc/UTC` count. */
export function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The latest of several times by name; undefined where there is none. */
export function latestOf(times: Readonly<Partial<Record<string, string>>>): string | undefined {
  const known = Object.values(times).filter((time) => time !== undefined);
  return known.sort((a, b) => (instantUs(a) ?? 0) - (instantUs(b) ?? 0)).at(-1);
}
