const SHOWN = 60;

/** The zones whose name or offset holds every word of the search, at most sixty; UTC first while nothing is searched. */
export function matchingZones(zones: readonly string[], search: string, now = Date.now()): readonly string[] {
  const words = search
    .toLowerCase()
    .replaceAll(/[\s_]+/g, " ")
    .trim()
    .split(" ")
    .filter(Boolean);
  if (words.length === 0) return zones.toSorted((a, b) => Number(b === "UTC") - Number(a === "UTC")).slice(0, SHOWN);
  const wantsOffset = words.some((word) => /^(utc|gmt)?[+-]\d/.test(word));
  const found: string[] = [];
  for (const zone of zones) {
    const text = `${zone.toLowerCase().replaceAll("_", " ")} ${wantsOffset ? offsetOf(zone, now).toLowerCase() : ""}`;
    if (words.every((word) => text.includes(word))) found.push(zone);
    if (found.length === SHOWN) break;
  }
  return found;
}

/** The search text itself, where it is a zone that the list does not name but the system knows. */
export function acceptedAlias(zones: readonly string[], search: string): string | undefined {
  const name = search.trim();
  if (name === "" || zones.includes(name) || !/^[A-Za-z]+([/_+-][A-Za-z0-9_+-]+)*$/.test(name)) return undefined;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name;
  } catch {
    return undefined; // the system does not know it
  }
}

/** `UTC+01:00` at the given instant; empty for a zone that this browser does not know. */
export function offsetOf(zone: string, now: number): string {
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(now);
    const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    return name === "GMT" ? "UTC+00:00" : name.replace("GMT", "UTC");
  } catch {
    return "";
  }
}
