// OpenTelemetry's protocol for logs over HTTP, in its JSON encoding: one log record for each event.
import { defineDestination, type Sender, type SenderContext } from "../model/destination.ts";
import type { Batch } from "../model/outgoing.ts";
import { checkByDelivery } from "./parts/check-by-delivery.ts";
import { gzipped } from "./parts/gzip.ts";
import { sentBy } from "./parts/otlp-answer.ts";
import { otlpRequest } from "./parts/otlp-request.ts";
import { endpointOf, OtlpSettings } from "./parts/otlp-settings.ts";
import { credentialHeaders, credentialSecrets, hasCredentials } from "./parts/own-credentials.ts";

export const otlp = defineDestination<OtlpSettings>({
  name: "otlp",
  title: "OpenTelemetry",
  description: "Sends each event as a log record over OTLP/HTTP, to a collector or to whatever else takes OTLP.",
  group: "http",
  settings: OtlpSettings,
  address: ["url"],
  formats: ["raw", "ecs", "ocsf", "ocsf-1.9", "exabeam-raw", "cef", "leef"],
  guarantee: "at_least_once",
  guaranteeNote:
    "Until the first receiver has answered nothing is lost; after an interruption a log record can be there twice, with the same cistern.key.",
  // Receivers take 20 MiB before compression; JSON within JSON can be twice as long, and attributes come on top.
  limits: { events: 2_000, bytes: 4_000_000 },
  maxAgeMs: 2_000,
  concurrency: 1,
  open: openOtlp,
});

function openOtlp({ settings, outlet, now, product }: SenderContext<OtlpSettings>): Sender {
  const endpoint = endpointOf(settings);
  const { host } = endpoint;
  const secrets = credentialSecrets(settings);
  const source = { serviceName: settings.service_name, product };
  const headers = {
    ...credentialHeaders(settings),
    "content-type": "application/json",
    ...(settings.gzip && { "content-encoding": "gzip" }),
  };
  const send = async ({ events }: Batch, signal: AbortSignal) => {
    signal.throwIfAborted();
    const text = otlpRequest(events, source);
    const body = settings.gzip ? await gzipped(text) : text;
    const answer = await outlet.request(endpoint, { method: "POST", headers, body, signal });
    return sentBy(answer, events, { host, now: now(), secrets });
  };
  return {
    send,
    check: (test, signal) => checkByDelivery(test, { now, host, signsIn: hasCredentials(settings), send }, signal),
    close: async () => undefined,
  };
}
