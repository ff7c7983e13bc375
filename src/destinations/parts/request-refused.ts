import type { CollectorError } from "../../model/errors.ts";
import { finer } from "./finer-error.ts";

/**
 * For services that tell an event at fault in words of their own: a request that is refused as a whole is then about the address or what
 * stands between, and halts delivery. Halving it would make a dead letter of every event. What is too large stays as it is.
 */
export const requestRefused = (error: CollectorError, action: string): CollectorError =>
  error.code === "rejected" && error.reason !== "too_large"
    ? finer(error, { code: "config_invalid", reason: "request_refused", action })
    : error;
