import type { Refusal } from "../../model/destination.ts";
import type { CollectorError } from "../../model/errors.ts";

const LONGEST_ANSWER = 1_000;

/** The error of a request that held one event, as the refusal of that event. */
export const refusalOf = (index: number, { reason = "malformed", message }: CollectorError): Refusal => ({
  index,
  reason,
  answer: message.slice(0, LONGEST_ANSWER),
});
