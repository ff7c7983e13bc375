// The one place that sends: POST, to addresses that a person has set up for alerts. What collects can only read, and stays so.
import { isIP } from "node:net";
import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import type { Resolve } from "../http/address-guard.ts";
import { networkFailure } from "../http/network-failure.ts";
import { type Permitted, permittedAddresses, permittedLookup } from "../http/permitted.ts";
import { bypasses, type ProxySettings } from "../http/proxy.ts";
import { retryAfterMs } from "../http/retry-after.ts";
import { CollectorError } from "../model/errors.ts";

/** An alert's receiver has nothing to think about. */
const LIMIT_MS = 10_000;

export interface PostOptions {
  readonly resolve: Resolve;
  readonly now: () => Date;
  readonly version: string;
  readonly proxy: ProxySettings | undefined;
}

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly allowed: Permitted;
  readonly signal: AbortSignal;
}

/** Posts once. Resolves with an answer of 2xx; everything else is a CollectorError whose message names the host only, for the path can be a secret. */
export async function post({ url, headers, body, allowed, signal }: Post, options: PostOptions): Promise<void> {
  await assertPermittedUrl(url, allowed, options.resolve);
  const dispatcher = dispatcherFor(url, allowed, options);
  const about = { host: url.host, signal };
  try {
    const answer = await request(url, {
      dispatcher,
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": `cistern/${options.version}`, ...headers },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
    });
    await answer.body.dump({ limit: 16_384 });
    if (answer.statusCode < 200 || answer.statusCode > 299) throw refused(answer, about.host, options.now());
  } catch (error) {
    throw failureOf(error, about);
  } finally {
    await dispatcher.destroy();
  }
}

async function assertPermittedUrl(url: URL, allowed: Permitted, resolve: Resolve): Promise<void> {
  if (url.protocol !== "https:" && url.protocol !== "http:") throw badAddress("An address must begin with https://");
  if (url.username !== "" || url.password !== "") throw badAddress("An address must not carry a user name or password");
  // Through a proxy the name would not be looked up here; what this machine knows as private is refused all the same.
  const addresses = await permittedAddresses(resolve, url.hostname, allowed).catch((error: unknown) => {
    throw networkFailure(error, url.host);
  });
  if (url.protocol === "http:" && !addresses.every(({ address }) => allowed.isNamed(address)))
    throw badAddress(`Plain http is refused for ${url.hostname}: only https keeps alerts to their receiver`);
}

const badAddress = (message: string) =>
  new CollectorError("config_invalid", message, { reason: "address_forbidden", action: "Correct the address" });

function dispatcherFor(url: URL, allowed: Permitted, { proxy, resolve }: PostOptions): Dispatcher {
  const tls = { timeout: LIMIT_MS, rejectUnauthorized: true };
  const isPrivate = isIP(url.hostname.replace(/^\[|\]$/g, "")) !== 0;
  if (proxy && !isPrivate && url.protocol === "https:" && !bypasses(url, proxy.bypass))
    return new ProxyAgent({ uri: proxy.url, requestTls: tls, proxyTls: tls });
  return new Agent({
    headersTimeout: LIMIT_MS,
    bodyTimeout: LIMIT_MS,
    maxHeaderSize: 16_384,
    connect: { ...tls, lookup: permittedLookup(resolve, allowed), autoSelectFamily: true },
  });
}

// Nothing of the answer's text is told: it is none of ours, and stands in the console.
function refused({ statusCode, headers }: Dispatcher.ResponseData, host: string, now: Date): CollectorError {
  const waits = new Headers();
  if (typeof headers["retry-after"] === "string") waits.set("retry-after", headers["retry-after"]);
  const later = statusCode === 429 || statusCode === 408 || statusCode >= 500;
  return new CollectorError(later ? "unavailable" : "rejected", `${host} answered ${statusCode}`, {
    reason: "alert_refused",
    status: statusCode,
    retryAfterMs: retryAfterMs(waits, now),
    action: "Check the channel's address and secret, then send a test",
  });
}

function failureOf(error: unknown, { host, signal }: { readonly host: string; readonly signal: AbortSignal }): unknown {
  if (error instanceof Error && error.name === "TimeoutError" && !signal.aborted)
    return new CollectorError("unavailable", `${host} did not answer in time`, { reason: "answer_timeout" });
  return networkFailure(error, host, signal);
}
