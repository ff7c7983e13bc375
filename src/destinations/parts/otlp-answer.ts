import { z } from "zod";
import { type AnswerAbout, outletError, quoted } from "../../http/outlet-error.ts";
import type { OutletAnswer, Sent } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import type { OutgoingEvent } from "../../model/outgoing.ts";

/** By the protocol all others are final. */
const COMES_AGAIN: readonly number[] = [429, 502, 503, 504];

const Success = z.looseObject({
  partialSuccess: z.looseObject({
    rejectedLogRecords: z.union([z.string().regex(/^\d{1,15}$/), z.int().nonnegative()]).default(0),
    errorMessage: z.string().default(""),
  }),
});
const Status = z.looseObject({ message: z.string().min(1) });

/** What an answer says of the events that were sent. Throws where it is a failure. */
export function sentBy(answer: OutletAnswer, events: readonly OutgoingEvent[], about: AnswerAbout): Sent {
  if (answer.status < 200 || answer.status > 299) throw otlpError(answer, about);
  if (/^text\/html\b/i.test(answer.headers.get("content-type") ?? "")) throw notOtlp(answer, about);
  const read = Success.safeParse(jsonOf(answer.text));
  if (!read.success) return {};
  const { rejectedLogRecords, errorMessage } = read.data.partialSuccess;
  const rejected = Number(rejectedLogRecords);
  const said = quoted(errorMessage, about.secrets);
  if (rejected === 0) return said === "" ? {} : { warning: `${about.host} says: ${said}` };
  // Which ones it does not say; only where it is all of them that is known. Sending them again is forbidden.
  if (rejected < events.length)
    return {
      warning: `${about.host} dropped ${rejected} of ${events.length} log records: ${said || "no reason given"}`,
    };
  const why = said || `${about.host} dropped the log record and gave no reason`;
  return { refused: events.map((_, index) => ({ index, reason: "rejected_by_receiver", answer: why })) };
}

function otlpError(answer: OutletAnswer, about: AnswerAbout): CollectorError {
  const status = Status.safeParse(jsonOf(answer.text));
  const error = outletError(status.success ? { ...answer, text: status.data.message } : answer, about);
  if (error.code !== "unavailable" || COMES_AGAIN.includes(answer.status)) return error;
  return new CollectorError("rejected", error.message, {
    status: answer.status,
    reason: "not_retryable",
    action: "Look at the dead letter and at the receiver's log",
  });
}

const notOtlp = ({ status }: OutletAnswer, { host }: AnswerAbout) =>
  new CollectorError("protocol", `A page came from ${host} instead of an answer to OTLP`, {
    status,
    reason: "html_answer",
    action: "Check the address, and whether a proxy or a sign-in page stands before it",
  });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
