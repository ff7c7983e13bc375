import { createHash } from "node:crypto";

const LONGEST = 250;

/**
 * The key of an event as a `webhook-id`. Upstream ids can be anything: what cannot stand in a header, and the full stop, which would end
 * the id early in what is signed, is written as % and its bytes. An id that gets too long for a header becomes a hash.
 */
export function webhookId(key: string): string {
  const id = key.replace(/[^\w:~-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
  return id.length <= LONGEST ? id : `sha256:${createHash("sha256").update(key).digest("hex")}`;
}
