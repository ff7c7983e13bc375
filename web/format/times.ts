/** How the console shows instants: in UTC, or in the zone of this computer. */
export type Zone = "UTC" | "local";

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(at: Date, zone: Zone): Record<string, string> {
  const timeZone = zone === "UTC" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
      timeZoneName: "short",
    });
    formats.set(timeZone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

function zoneName(found: Record<string, string>, zone: Zone): string {
  return zone === "UTC" ? "UTC" : (found.timeZoneName ?? "local");
}

/** `2026-07-15 15:29:05 UTC`. */
export function absolute(instant: string | number, zone: Zone = "UTC"): string {
  const found = parts(new Date(instant), zone);
  const { year, month, day, hour, minute, second } = found;
  return `${year}-${month}-${day} ${hour}:${minute}:${second} ${zoneName(found, zone)}`;
}

/** `14:20 UTC` on the day of `now`, else `12 Oct 14:20 UTC`. */
export function shortTime(instant: string | number, now: number, zone: Zone = "UTC"): string {
  const found = parts(new Date(instant), zone);
  const clock = `${found.hour}:${found.minute} ${zoneName(found, zone)}`;
  const today = parts(new Date(now), zone);
  const sameDay = found.day === today.day && found.month === today.month && found.year === today.year;
  return sameDay ? clock : `${Number(found.day)} ${months[Number(found.month) - 1]} ${clock}`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `just now`, `12 min ago`, `3 h ago`, `2 d ago`, `in 5 min`. */
export function relative(instant: string | number, now: number): string {
  const difference = now - new Date(instant).getTime();
  const ahead = difference < 0;
  if (Math.abs(difference) < 5_000) return "just now";
  const said = duration(Math.abs(difference) / 1_000);
  return ahead ? `in ${said}` : `${said} ago`;
}

/** `40 s`, `12 min`, `3 h`, `2 d`: one unit, rounded down. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.floor(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3_600) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** `0.4 s` or `1.2 s` of milliseconds, for the steps of a connection test. */
export function stepTime(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
