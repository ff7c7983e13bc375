import { type CheckStep, runStep, type StepOutcome, skippedStep } from "../../model/check.ts";
import type { Sent } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import type { Batch, OutgoingEvent } from "../../model/outgoing.ts";
import { testBatch } from "./test-batch.ts";

export interface CheckedByDelivery {
  readonly now: () => Date;
  readonly host: string;
  /** Whether anything proves us there; without, there is no step `sign-in`. */
  readonly signsIn: boolean;
  send(batch: Batch, signal: AbortSignal): Promise<Sent>;
}

/** What became of the one request: whatever was answered, with its error where it was refused. */
type Answered = { readonly sent: Sent; readonly error?: undefined } | { readonly error: CollectorError };

/**
 * Steps `connect`, `sign-in` and `deliver` by one request, for receivers that can be asked nothing but to take an event: any answer proves
 * the connection, and what it says decides on the rest.
 */
export async function* checkByDelivery(
  test: OutgoingEvent,
  options: CheckedByDelivery,
  signal: AbortSignal,
): AsyncGenerator<CheckStep> {
  const { now, host, signsIn } = options;
  const answered = yield* runStep<Answered>("connect", "Connection", now, async () => {
    const value = await answerTo(options.send(testBatch(test), signal));
    return { state: "ok", detail: `${host} answers`, value };
  });
  if (signsIn) yield* signIn(answered, options);
  if (answered === undefined) return yield notDelivered("there is no connection");
  if (answered.error?.code === "auth_failed" && signsIn) return yield notDelivered("the credentials are refused");
  yield* runStep("deliver", "Deliver a test event", now, async () => delivered(answered, host));
}

const notDelivered = (why: string) => skippedStep("deliver", "Deliver a test event", `Not tried: ${why}`);

async function answerTo(sending: Promise<Sent>): Promise<Answered> {
  try {
    return { sent: await sending };
  } catch (error) {
    if (error instanceof CollectorError && error.status !== undefined) return { error };
    throw error;
  }
}

/** Who answers that it is busy or gone has not looked at the credentials. */
async function* signIn(answered: Answered | undefined, { now, host }: CheckedByDelivery): AsyncGenerator<CheckStep> {
  const [id, title] = ["sign-in", "Credentials"] as const;
  if (answered === undefined) return yield skippedStep(id, title, "Not tried: there is no connection");
  const { error } = answered;
  if (error && ["rate_limited", "unavailable", "config_invalid"].includes(error.code))
    return yield skippedStep(id, title, `Not known: ${error.message}`);
  yield* runStep(id, title, now, async () => {
    if (error?.code === "auth_failed") throw error;
    return { state: "ok", detail: `${host} accepts them` };
  });
}

function delivered(answered: Answered, host: string): StepOutcome<undefined> {
  if (answered.error !== undefined) throw answered.error;
  const { refused = [], warning } = answered.sent;
  const [refusal] = refused;
  if (refusal !== undefined) {
    const remedy = "Look at what the receiver says, and at its log";
    return { state: "failed", detail: refusal.answer, reason: refusal.reason, remedy };
  }
  if (warning !== undefined) return { state: "warning", detail: warning, remedy: "Look at the receiver's log" };
  return { state: "ok", detail: `${host} has taken it` };
}
