/**
 * The one text of a JSON value: keys sorted by code units, no space, whole numbers only, well-formed text. The same value always
 * gives the same bytes, so that they can be signed. Throws a RangeError for anything else.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new RangeError("not a whole number");
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") throw new RangeError(`a ${typeof value} has no place in a report`);
  const parts = Object.keys(value)
    .sort()
    .map((key) => `${quoted(key)}:${canonical((value as Readonly<Record<string, unknown>>)[key])}`);
  return `{${parts.join(",")}}`;
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new RangeError("half a surrogate pair has no place in a report");
  return JSON.stringify(text);
}
