// A receiver of webhooks as somebody would write it: tells who sent a request with the library of Standard Webhooks, and takes what is
// signed.
import { Webhook } from "standardwebhooks";
import { elementTexts } from "./array-texts.ts";
import { type LoopbackRequest, loopbackServer, plainBody } from "./loopback-server.ts";

export interface TakenWebhook {
  readonly headers: LoopbackRequest["headers"];
  /** Compression undone. */
  readonly body: string;
  /** The texts of the events in it, as they came. */
  readonly events: readonly string[];
}

export interface WebhookReceiverOptions {
  /** Requests that this secret has not signed are refused. */
  readonly secret?: string;
  /** What the header `authorization` has to be. */
  readonly authorization?: string;
}

/** Answers 200 on loopback; `state.answer` decides otherwise. */
export async function webhookReceiver({ secret, authorization }: WebhookReceiverOptions = {}) {
  const taken: TakenWebhook[] = [];
  const state = {
    answer: undefined as ((hook: TakenWebhook) => { status: number; body?: string } | undefined) | undefined,
  };
  const server = await loopbackServer((request) => {
    const body = plainBody(request);
    if (request.method !== "POST" || body === undefined) return { status: 415, body: "cannot be read" };
    if (authorization !== undefined && request.headers.authorization !== authorization)
      return { status: 401, body: "who?" };
    if (secret !== undefined && !isSigned(request, body, secret)) return { status: 401, body: "not signed by us" };
    const hook = { headers: request.headers, body, events: eventsIn(request, body) };
    const other = state.answer?.(hook);
    if (other === undefined || other.status < 300) taken.push(hook);
    return other ?? { status: 200, body: "ok" };
  });
  return { ...server, taken, state };
}

function isSigned({ headers }: LoopbackRequest, body: string, secret: string): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

function eventsIn({ headers }: LoopbackRequest, body: string): readonly string[] {
  if (headers["content-type"] === "application/x-ndjson") return body.slice(0, -1).split("\n");
  return elementTexts(body) ?? [body];
}
