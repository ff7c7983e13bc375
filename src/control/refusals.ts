import { CollectorError } from "../model/errors.ts";

/** A request that cannot be granted as the data stand; `reason` is stable. */
export const refusal = (reason: string, message: string, action?: string) =>
  new CollectorError("rejected", message, { reason, action });

export const notFound = (what: string, id: string) => refusal("not_found", `There is no ${what} ${id}`);

/** How names are compared: without regard to case and to how a character was composed. */
export const nameKey = (name: string) => name.normalize("NFKC").trim().toLowerCase();

/** The name as it is kept. Refused with `name_invalid` where it is empty, too long or holds control characters. */
export function cleanName(name: string): string {
  const clean = name.normalize("NFC").trim();
  if (clean.length === 0 || clean.length > 100 || /\p{C}/u.test(clean))
    throw refusal("name_invalid", "A name has 1 to 100 characters and no control characters", "Choose another name.");
  return clean;
}
