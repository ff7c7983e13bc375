// What the Chronicle API means by its refusals: Google's error model, with a status in words and, sometimes, the field at fault.
import { z } from "zod";
import { type AnswerAbout, outletError } from "../../http/outlet-error.ts";
import type { OutletAnswer } from "../../model/destination.ts";
import type { CollectorError } from "../../model/errors.ts";
import { jsonIn } from "./access-token.ts";
import { type FinerMeaning, finer } from "./finer-error.ts";

/** How long Google asks to wait when the burst limit, which is counted over five minutes, is reached. */
const BURST_MS = 300_000;

const Refusal = z.object({
  error: z.object({
    status: z.string().default(""),
    message: z.string().default(""),
    details: z
      .array(z.object({ fieldViolations: z.array(z.object({ field: z.string().default("") })).default([]) }))
      .default([])
      .catch([]),
  }),
});

/** Whether the logs are there: taken now, or by an earlier attempt with the same bytes. */
export function isTaken(answer: OutletAnswer): boolean {
  return answer.status === 200 || (answer.status === 409 && refusalIn(answer).status === "ALREADY_EXISTS");
}

/** The error of logs that were not taken. */
export function importError(answer: OutletAnswer, about: AnswerAbout): CollectorError {
  return finer(outletError(answer, about), meaningOf(answer));
}

const OTHER_TOKEN: FinerMeaning = { action: "Check the endpoint and the clock of this machine" };
const NO_PERMISSION: FinerMeaning = {
  reason: "role_missing",
  action:
    "Give the service account a role with the permission chronicle.logs.import in the project, such as Chronicle API Editor, and see that the Chronicle API is enabled there",
};
const WRONG_NAME: FinerMeaning = {
  code: "config_invalid",
  reason: "wrong_address",
  action: "Check project, location, instance, forwarder and log type",
};
const TOO_LARGE: FinerMeaning = { reason: "too_large", action: "Nothing: they are sent in smaller pieces" };

function meaningOf(answer: OutletAnswer): FinerMeaning | undefined {
  if (answer.status === 401) return OTHER_TOKEN;
  if (answer.status === 403) return NO_PERMISSION;
  if (answer.status === 404) return WRONG_NAME;
  if (answer.status === 429 && !answer.headers.has("retry-after"))
    return {
      action: "It passes by itself; where it stays, ask Google to raise the burst limit",
      retryAfterMs: BURST_MS,
    };
  return answer.status === 400 ? meaningOfArgument(refusalIn(answer)) : undefined;
}

// What is wrong with the settings is wrong for every event: as `rejected` it would make dead letters of them all.
function meaningOfArgument({ message, fields }: ReturnType<typeof refusalIn>): FinerMeaning | undefined {
  if (/payload size exceeds|too large/i.test(message)) return TOO_LARGE;
  const isOfLogs = fields.some((field) => /\blogs\b/.test(field)) || /\blogs\[\d+\]/.test(message);
  const isOfSettings = fields.length > 0 || /forwarder|log_?type|\bparent\b/i.test(message);
  return isOfSettings && !isOfLogs ? WRONG_NAME : undefined;
}

function refusalIn({ text }: OutletAnswer) {
  const { status = "", message = "", details = [] } = Refusal.safeParse(jsonIn(text)).data?.error ?? {};
  return {
    status,
    message,
    fields: details.flatMap(({ fieldViolations }) => fieldViolations.map(({ field }) => field)),
  };
}
