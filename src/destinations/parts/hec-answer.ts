// What Splunk's event collector means by its codes. The status alone does not tell: 400 is anything from a wrong index to broken JSON.
import { z } from "zod";
import { type AnswerAbout, outletError, quoted } from "../../http/outlet-error.ts";
import { retryAfterMs } from "../../http/retry-after.ts";
import type { OutletAnswer } from "../../model/destination.ts";
import { CollectorError, type ErrorCode } from "../../model/errors.ts";
import { requestRefused } from "./request-refused.ts";

export type Verdict =
  | { readonly taken: true; readonly ackId: number | undefined }
  /** `at`: the place within the request that Splunk points at, where it points at one. */
  | { readonly taken: false; readonly at: number | undefined; readonly answer: string };

const Answer = z.looseObject({
  code: z.int(),
  text: z.string().default(""),
  ackId: z.int().nonnegative().optional(),
  "invalid-event-number": z.int().nonnegative().optional(),
});

const CHECK_ADDRESS = "Check that Splunk's event collector answers at this address, and what stands between";

interface Meaning {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly action: string;
}

const anotherToken: Meaning = {
  code: "auth_failed",
  reason: "credentials_refused",
  action: "Copy the token again from Settings, Data inputs, HTTP Event Collector",
};
const disabledToken: Meaning = {
  code: "auth_failed",
  reason: "credentials_refused",
  action: "Enable the token in Splunk under Settings, Data inputs, HTTP Event Collector",
};
const passes = (reason: string, action: string): Meaning => ({ code: "unavailable", reason, action });
const full = (reason: string): Meaning => ({
  code: "rate_limited",
  reason,
  action: "It passes by itself; if it stays, the indexers cannot keep up",
});
const unhealthy = passes("splunk_unhealthy", "If it stays, look at the health of the indexers and their queues");

const meanings: ReadonlyMap<number, Meaning> = new Map([
  [1, disabledToken],
  [2, anotherToken],
  [3, anotherToken],
  [4, anotherToken],
  [
    7,
    {
      code: "config_invalid",
      reason: "index_refused",
      action: "Enter an index that exists and that the token may write to",
    },
  ],
  [8, passes("server_error", "If it stays, look at splunkd.log")],
  [9, passes("splunk_busy", "It passes by itself; if it stays, the indexers cannot keep up")],
  [
    10,
    {
      code: "config_invalid",
      reason: "acknowledgement_wanted",
      action: "Switch indexer acknowledgement on here, for the token asks for it",
    },
  ],
  [
    11,
    { code: "config_invalid", reason: "channel_refused", action: "Check that this is Splunk's own event collector" },
  ],
  [
    14,
    {
      code: "config_invalid",
      reason: "acknowledgement_off",
      action: "Switch indexer acknowledgement off here, or on for the token",
    },
  ],
  [16, anotherToken],
  [18, unhealthy],
  [19, unhealthy],
  [20, unhealthy],
  [21, anotherToken],
  [22, disabledToken],
  [23, passes("splunk_stopping", "It passes once Splunk has started again")],
  [26, full("queue_full")],
  [27, full("acknowledgements_full")],
]);
/** No data, broken data, no event, a blank event, fields that are not flat. */
const faultsOfEvents: readonly number[] = [5, 6, 12, 13, 15];
/** All is well; the queues, or the acknowledgements, are filling up. */
const successes: readonly number[] = [0, 24, 25];

/** What an answer to a request with so many events says about them. Throws where it says nothing about them. */
export function verdictOf(answer: OutletAnswer, count: number, about: AnswerAbout): Verdict {
  const said = hecAnswerIn(answer);
  if (said !== undefined && answer.status === 200 && successes.includes(said.code))
    return { taken: true, ackId: said.ackId };
  if (said === undefined || answer.status !== 400 || !faultsOfEvents.includes(said.code)) throw hecError(answer, about);
  const number = said["invalid-event-number"];
  return {
    taken: false,
    // Where it counts from one, it can point just behind the last.
    at: number === undefined ? undefined : Math.min(number, count - 1),
    answer: quoted(answer.text, about.secrets),
  };
}

/** The error of an answer that takes nothing. */
export function hecError(answer: OutletAnswer, about: AnswerAbout): CollectorError {
  const said = hecAnswerIn(answer);
  const meaning = said && meanings.get(said.code);
  if (said === undefined || meaning === undefined) return requestRefused(outletError(answer, about), CHECK_ADDRESS);
  const { code, ...details } = meaning;
  const words = quoted(said.text, about.secrets);
  return new CollectorError(code, `${about.host} answered ${answer.status}: ${words} (code ${said.code})`, {
    ...details,
    status: answer.status,
    retryAfterMs: retryAfterMs(answer.headers, about.now),
  });
}

/** The code in an answer; undefined where it is no answer of an event collector. */
export const hecCodeOf = (answer: OutletAnswer): number | undefined => hecAnswerIn(answer)?.code;

function hecAnswerIn({ text }: OutletAnswer): z.infer<typeof Answer> | undefined {
  try {
    return Answer.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
