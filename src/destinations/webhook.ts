// A receiver of somebody's own making: signed as Standard Webhooks describes it, so that its receiver can tell who sent what, and can
// tell a repeat by its id.
import { outletError } from "../http/outlet-error.ts";
import { signedHeaders } from "../http/webhook-signature.ts";
import {
  defineDestination,
  type OutletAnswer,
  type Sender,
  type SenderContext,
  type Sent,
} from "../model/destination.ts";
import { CollectorError } from "../model/errors.ts";
import type { Batch, OutgoingEvent } from "../model/outgoing.ts";
import { checkByDelivery } from "./parts/check-by-delivery.ts";
import { gzipped } from "./parts/gzip.ts";
import { oneByOne } from "./parts/one-by-one.ts";
import { credentialHeaders, credentialSecrets, hasCredentials } from "./parts/own-credentials.ts";
import { webhookId } from "./parts/webhook-id.ts";
import { signingSecrets, WebhookSettings } from "./parts/webhook-settings.ts";

/** A receiver is to take note, not to think. */
const LIMIT_MS = 30_000;

export const webhook = defineDestination<WebhookSettings>({
  name: "webhook",
  title: "Webhook",
  description: "Posts events as JSON to an address of yours, signed so that the receiver can tell who sent them.",
  group: "http",
  settings: WebhookSettings,
  address: ["url"],
  formats: ["raw", "ecs", "ocsf", "ocsf-1.9", "exabeam-raw"],
  guarantee: "at_least_once",
  guaranteeNote:
    "Nothing is lost, but after an interruption the same request comes again, with the same webhook-id, by which the receiver can tell.",
  // What common servers take without being told otherwise: 1 MB.
  limits: { events: 500, bytes: 1_000_000 },
  maxAgeMs: 1_000,
  concurrency: 1,
  open: openWebhook,
});

interface Message {
  /** The same on every attempt. */
  readonly id: string;
  readonly body: string;
  readonly type: string;
}

function openWebhook(context: SenderContext<WebhookSettings>): Sender {
  const { settings, now, monotonicMs } = context;
  const send = async (batch: Batch, signal: AbortSignal): Promise<Sent> => {
    signal.throwIfAborted();
    const { body: form } = settings;
    if (form === "event") {
      const deliver = ({ key, body }: OutgoingEvent) =>
        post(context, { id: webhookId(key), body, type: JSON_TYPE }, signal);
      return await oneByOne(batch.events, { monotonicMs, signal, deliver });
    }
    await post(context, messageOf(batch, form), signal);
    return {};
  };
  const { host } = new URL(settings.url);
  const signsIn = hasCredentials(settings) || signingSecrets(settings).length > 0;
  return {
    send,
    check: (test, signal) => checkByDelivery(test, { now, host, signsIn, send }, signal),
    close: async () => undefined,
  };
}

const JSON_TYPE = "application/json";

function messageOf({ id, events }: Batch, form: "array" | "ndjson"): Message {
  const bodies = events.map(({ body }) => body);
  if (form === "array") return { id, body: `[${bodies.join(",")}]`, type: JSON_TYPE };
  return { id, body: `${bodies.join("\n")}\n`, type: "application/x-ndjson" };
}

async function post(
  { settings, outlet, now }: SenderContext<WebhookSettings>,
  { id, body, type }: Message,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(settings.url);
  const answer = await outlet.request(url, {
    method: "POST",
    headers: {
      ...credentialHeaders(settings),
      "content-type": type,
      ...(settings.gzip && { "content-encoding": "gzip" }),
      ...identityOf(id, now(), body, settings),
    },
    body: settings.gzip ? await gzipped(body) : body,
    signal,
    limitMs: LIMIT_MS,
  });
  if (answer.status < 200 || answer.status > 299) throw errorOf(answer, settings, now());
}

/** Signed is the body before compression, which is what receivers hold in their hands. Without a secret the id is told all the same. */
function identityOf(id: string, at: Date, body: string, settings: WebhookSettings): Readonly<Record<string, string>> {
  const { "webhook-signature": signature = "", ...unsigned } = signedHeaders(id, at, body, signingSecrets(settings));
  return signature === "" ? unsigned : { ...unsigned, "webhook-signature": signature };
}

function errorOf(answer: OutletAnswer, settings: WebhookSettings, now: Date): CollectorError {
  const { host } = new URL(settings.url);
  const error = outletError(answer, { host, now, secrets: credentialSecrets(settings) });
  if (answer.status !== 410) return error;
  return new CollectorError("config_invalid", error.message, {
    status: answer.status,
    reason: "receiver_gone",
    action: "The receiver wants no more events: enter another address, or remove the destination",
  });
}
