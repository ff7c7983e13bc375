// What a connector sees of the world: reads under a rate budget, with the key only where it belongs.
import { createHash } from "node:crypto";
import type { Credential, Lane, Upstream } from "../model/connector.ts";
import { CollectorError } from "../model/errors.ts";
import { isLoopbackHost } from "./address-guard.ts";
import { answerError } from "./answer-error.ts";
import type { RateBudgets } from "./rate-budgets.ts";
import type { Seams } from "./seams.ts";
import type { Transport } from "./transport.ts";

/** Largest answer of an API call, and largest file, in bytes. */
const LONGEST_ANSWER = 32_000_000;
const LONGEST_FILE = 256_000_000;

/** Whose key, for which work. */
export interface UpstreamAccess {
  /** As the connector's `credential(settings)` gives it. */
  readonly credential: Credential;
  readonly lane: Lane;
  /** A number is a ceiling per key and route. */
  readonly requestsPerMinute: number | "auto";
}

/** Makes the outlet of one collector and lane. Cheap; may be called as often as is convenient. */
export type CreateUpstream = (access: UpstreamAccess) => Upstream;

export interface UpstreamParts {
  readonly transport: Transport;
  readonly budgets: RateBudgets;
  readonly now: Seams["now"];
  readonly userAgent: string;
}

/** Stands for a key without telling it: 32 hex digits of a SHA-256 over the origin and the credential's headers. */
export function keyFingerprint(credential: Credential): string {
  const text = JSON.stringify([credential.origin, Object.entries(credential.headers)]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

export function createUpstream(parts: UpstreamParts, access: UpstreamAccess): Upstream {
  const { transport, budgets, now, userAgent } = parts;
  const { credential, lane } = access;
  const keyId = keyFingerprint(credential);
  const ceiling = access.requestsPerMinute === "auto" ? undefined : access.requestsPerMinute;
  // A public service must not lead us to this machine; one on this machine may stay on it.
  const loopback = isLoopbackHost(new URL(credential.origin).hostname);
  const secrets = Object.values(credential.headers).flatMap((value) => [value, value.replace(/^\w+ /, "")]);

  return {
    async get(url, { route, headers, signal }) {
      const grant = await budgets.budget(keyId, route).take({ lane, ceiling, signal });
      const own = url.origin === credential.origin ? credential.headers : {};
      const all = { accept: "application/json", ...headers, ...own, "user-agent": userAgent };
      let response: Response;
      try {
        response = await transport.get(url, { headers: all, loopback, maxBytes: LONGEST_ANSWER, signal });
      } catch (error) {
        grant.failed();
        throw error;
      }
      if (response.status < 400) {
        grant.succeeded();
        return response;
      }
      let error: CollectorError | undefined;
      try {
        error = await answerError(response, { host: url.host, secrets, now: now() });
      } finally {
        if (error === undefined || response.status >= 500) grant.failed();
        else if (response.status !== 429) grant.succeeded();
      }
      throw response.status === 429 ? withWait(error, grant.limited(error.retryAfterMs)) : error;
    },

    async getSigned(url, signal) {
      const headers = { "user-agent": userAgent };
      const request = { headers, loopback, maxBytes: LONGEST_FILE, signal };
      const response = await transport.get(url, request).catch((error: unknown) => {
        throw notOurSetting(error);
      });
      if (response.status >= 200 && response.status < 300) return response;
      throw await signedAddressError(response, url, now());
    },
  };
}

const withWait = (error: CollectorError, retryAfterMs: number) =>
  new CollectorError("rate_limited", error.message, {
    status: error.status,
    retryAfterMs,
    reason: error.reason,
    action: "It passes by itself; a lower requests_per_minute avoids it",
  });

// A signed address is upstream's choice: a forbidden one is its fault, not a setting that a person could mend.
function notOurSetting(error: unknown): unknown {
  if (!(error instanceof CollectorError) || error.code !== "config_invalid") return error;
  const { message, reason } = error;
  return new CollectorError("protocol", message, {
    reason,
    action: "If it stays, ask the service why it hands out such addresses",
  });
}

// No status is given: what storage answers for an address says nothing of the file or the key, and must not be taken for
// upstream's word that a file is gone or a key refused. A fresh address may do.
async function signedAddressError(response: Response, url: URL, now: Date): Promise<CollectorError> {
  if (response.status < 400) {
    await response.body?.cancel();
    return new CollectorError("protocol", `${url.host} answered ${response.status} where a file was expected`, {
      reason: "redirect_refused",
      action: "A signed address must lead straight to the file; if it stays, look for a proxy in between",
    });
  }
  const answer = await answerError(response, { host: url.host, secrets: [], now });
  return new CollectorError("unavailable", answer.message, {
    reason: "signed_address_refused",
    action: "If it stays, check that this machine may reach the storage host",
    retryAfterMs: answer.retryAfterMs,
  });
}
