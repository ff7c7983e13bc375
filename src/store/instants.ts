const RFC_3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/i;

/** µs since 1970 of an RFC 3339 instant with 0 to 9 fraction digits, cut to µs; undefined where the text is none. */
export function instantUs(text: string): number | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const seconds = Date.parse(`${match[1]}${match[3]}`.toUpperCase());
  if (Number.isNaN(seconds)) return undefined;
  return seconds * 1000 + Number((match[2] ?? "").padEnd(6, "0").slice(0, 6));
}

/** RFC 3339 in UTC with three fraction digits, or six where the instant needs them. */
export function instantText(us: number): string {
  const ms = Math.floor(us / 1000);
  const rest = us - ms * 1000;
  const text = new Date(ms).toISOString();
  return rest === 0 ? text : text.replace("Z", `${String(rest).padStart(3, "0")}Z`);
}
