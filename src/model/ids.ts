/** A generated id: the prefix and 16 characters of lower-case base 36, from 13 random bytes. */
export function newId(
  prefix: "col" | "site" | "draft" | "acc" | "tok" | "chan" | "dest" | "msg" | "rep",
  randomBytes: (count: number) => Uint8Array,
): string {
  let value = 0n;
  for (const byte of randomBytes(13)) value = (value << 8n) | BigInt(byte);
  return `${prefix}_${value.toString(36).padStart(21, "0").slice(-16)}`;
}
