import { CollectorError } from "../../model/errors.ts";
import type { Host } from "./hosts.ts";

/** What the first host gives that can be had; where none can, what was wrong with the first. A refused sign-in is not tried elsewhere. */
export async function firstHost<T>(hosts: readonly Host[], open: (host: Host) => Promise<T>): Promise<T> {
  let failure: unknown;
  for (const host of hosts) {
    try {
      return await open(host);
    } catch (error) {
      if (error instanceof CollectorError && error.code === "auth_failed") throw error;
      failure ??= error;
    }
  }
  throw failure;
}
