// Exabeam's webhook cloud collector: batches of logs over HTTP, as a JSON array or as lines. It answers for a whole batch and knows no
// repeats.
import { outletError } from "../http/outlet-error.ts";
import { defineDestination, type OutletAnswer, type Sender, type SenderContext } from "../model/destination.ts";
import { CollectorError } from "../model/errors.ts";
import type { Batch, OutgoingEvent } from "../model/outgoing.ts";
import { checkByDelivery } from "./parts/check-by-delivery.ts";
import { ExabeamSettings, endpointOf } from "./parts/exabeam-settings.ts";
import { gzipped } from "./parts/gzip.ts";

/** Exabeam takes 32 MB before compression; its own tools stay at 24. */
const LARGEST_BATCH = 24_000_000;
/** A full batch takes its time on a slow line. */
const LIMIT_MS = 2 * 60_000;

export const exabeam = defineDestination<ExabeamSettings>({
  name: "exabeam",
  title: "Exabeam",
  description: "Sends events to a webhook cloud collector of Exabeam, as its parsers for ChatGPT expect them.",
  group: "siem",
  settings: ExabeamSettings,
  address: ["region", "url"],
  formats: ["exabeam-raw", "raw"],
  guarantee: "at_least_once",
  guaranteeNote:
    "Nothing is lost, but Exabeam does not recognise repeats: after an interruption an event can be there twice, with the same event_id.",
  limits: { events: 10_000, bytes: LARGEST_BATCH, eventBytes: LARGEST_BATCH },
  maxAgeMs: 5_000,
  concurrency: 1,
  open: openExabeam,
});

function openExabeam(context: SenderContext<ExabeamSettings>): Sender {
  const { settings, now } = context;
  const endpoint = endpointOf(settings);
  const send = async ({ events }: Batch, signal: AbortSignal) => {
    signal.throwIfAborted();
    const answer = await post(context, endpoint, events, signal);
    if (answer.status < 200 || answer.status > 299) throw errorOf(answer, endpoint, context);
    return {};
  };
  return {
    send,
    check: (test, signal) => checkByDelivery(test, { now, host: endpoint.host, signsIn: true, send }, signal),
    close: async () => undefined,
  };
}

async function post(
  { settings, outlet }: SenderContext<ExabeamSettings>,
  endpoint: URL,
  events: readonly OutgoingEvent[],
  signal: AbortSignal,
): Promise<OutletAnswer> {
  const bodies = events.map(({ body }) => body);
  const text = settings.body === "json" ? `[${bodies.join(",")}]` : bodies.join("\n");
  return await outlet.request(endpoint, {
    method: "POST",
    headers: {
      authorization: `Bearer ${settings.token}`,
      "content-type": settings.body === "json" ? "application/json" : "text/plain",
      ...(settings.gzip && { "content-encoding": "gzip" }),
    },
    body: settings.gzip ? await gzipped(text) : text,
    signal,
    limitMs: LIMIT_MS,
  });
}

const actions: Readonly<Record<string, string>> = {
  credentials_refused:
    "Enter the token that Exabeam showed when the webhook collector was made; a token of an API key is refused there",
  wrong_address: "Check the region, or copy the address again that Exabeam shows for the webhook collector",
};

function errorOf(
  answer: OutletAnswer,
  { host }: URL,
  { settings, now }: SenderContext<ExabeamSettings>,
): CollectorError {
  const error = outletError(answer, { host, now: now(), secrets: [settings.token] });
  const { code, message, reason, status, retryAfterMs } = error;
  return new CollectorError(code, message, {
    reason,
    status,
    retryAfterMs,
    action: actions[reason ?? ""] ?? error.action,
  });
}
