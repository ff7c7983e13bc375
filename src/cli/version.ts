import { readFileSync } from "node:fs";

/** The version in package.json, which stands two folders above in a clone and in the archive. */
export const version = (): string =>
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
