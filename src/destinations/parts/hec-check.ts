import { type CheckStep, runStep, type StepOutcome, skippedStep } from "../../model/check.ts";
import type { Sent } from "../../model/destination.ts";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { deliverToHec, type HecDelivery } from "./hec-delivery.ts";

const HEALTHY = 17;

/** No request is ever given this number, so asking for it takes no acknowledgement away from a delivery under way. */
const NOBODYS_ACK = 2 ** 31 - 1;
const DELIVER = "Deliver a test event";

/** Asks for its health, tries the token without an event, then delivers the test event. */
export async function* checkHec(
  test: OutgoingEvent,
  delivery: HecDelivery,
  signal: AbortSignal,
): AsyncGenerator<CheckStep> {
  const { collector, context } = delivery;
  const { acknowledgement } = context.settings;
  const step = (id: string, title: string, work: () => Promise<StepOutcome<boolean>>) =>
    runStep(id, title, context.now, work);

  const reached = yield* step("connect", "Reach the event collector", async () =>
    healthOutcome(await collector.health(signal), collector.host),
  );
  if (!reached) yield skippedStep("sign-in", "Token", "The event collector was not reached");
  const accepted =
    reached &&
    (yield* step("sign-in", "Token", async () => {
      await collector.signIn(signal);
      return { state: "ok", detail: "The token is accepted", value: true };
    }));
  const tells =
    accepted &&
    acknowledgement &&
    (yield* step("acknowledgement", "Indexer acknowledgement", async () => {
      await collector.line().acknowledged([NOBODYS_ACK], signal);
      return { state: "ok", detail: "The token gives acknowledgements", value: true };
    }));
  if (!accepted || (acknowledgement && !tells)) return yield skippedStep("deliver", DELIVER, "A step before it failed");

  yield* step("deliver", DELIVER, async () =>
    deliveryOutcome(await deliverToHec([test], delivery, signal), acknowledgement),
  );
}

function healthOutcome(code: number, host: string): StepOutcome<boolean> {
  if (code === HEALTHY) return { state: "ok", detail: `${host} is healthy`, value: true };
  const detail = `${host} tells the health code ${code}`;
  return { state: "warning", detail, remedy: "Look at the health of the indexers and their queues", value: true };
}

function deliveryOutcome({ refused = [] }: Sent, acknowledgement: boolean): StepOutcome<boolean> {
  const [refusal] = refused;
  if (refusal === undefined)
    return { state: "ok", detail: acknowledgement ? "An indexer has written the event" : "The event was taken" };
  return {
    state: "failed",
    detail: `The event was refused: ${refusal.answer}`,
    remedy: "Check that this is Splunk's own event collector, and what stands between",
    reason: refusal.reason,
  };
}
