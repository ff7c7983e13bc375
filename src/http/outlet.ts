// The way out for deliveries over HTTP. What collects can only read and has a way of its own; this one can write, to the addresses that
// a person has set up as destinations.
import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import type { Outlet, OutletAnswer, OutletRequest, Sockets, TlsSettings } from "../model/destination.ts";
import { CollectorError } from "../model/errors.ts";
import type { Resolve } from "./address-guard.ts";
import { networkFailure } from "./network-failure.ts";
import { type Permitted, permitted, permittedAddresses, permittedLookup } from "./permitted.ts";
import { bypasses, type ProxySettings } from "./proxy.ts";
import { trusted } from "./transport.ts";

const LIMIT_MS = 60_000;
const CONNECT_MS = 10_000;
const LONGEST_ANSWER = 4_000_000;
const SOCKETS_PER_HOST = 16;

/** What a destination's settings say about the network. */
export interface NetworkSettings {
  /** Private ranges, as CIDR, that may be connected to. */
  readonly allowNetworks: readonly string[];
  /** Certificate authorities in PEM, trusted beside those of the system. */
  readonly ca?: string | undefined;
  /** Certificate and key in PEM that we prove ourselves with. */
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly minTls?: TlsSettings["minVersion"] | undefined;
  /** False: asked directly, whatever proxy the process has. */
  readonly useProxy?: boolean | undefined;
}

export interface OutletOptions {
  readonly network: NetworkSettings;
  readonly resolve: Resolve;
  readonly proxy: ProxySettings | undefined;
  /** For the user agent. */
  readonly product: string;
}

export interface ClosableOutlet extends Outlet {
  close(): Promise<void>;
}

export function createOutlet(options: OutletOptions): ClosableOutlet {
  const { network, resolve, proxy, product } = options;
  const allowed = permitted(network.allowNetworks);
  const tls = { ...tlsSettings(network), timeout: CONNECT_MS };
  const direct = new Agent({
    connections: SOCKETS_PER_HOST,
    maxHeaderSize: 32_768,
    connect: { ...tls, lookup: permittedLookup(resolve, allowed), autoSelectFamily: true },
  });
  const proxied =
    proxy && network.useProxy !== false
      ? new ProxyAgent({ uri: proxy.url, connections: SOCKETS_PER_HOST, requestTls: tls, proxyTls: tls })
      : undefined;
  const routeOf = (url: URL) =>
    proxied && !bypasses(url, proxy!.bypass) && url.protocol === "https:" ? proxied : direct;
  return {
    async request(url, asked) {
      await assertMayBeAsked(url, allowed, resolve);
      const limit = AbortSignal.timeout(asked.limitMs ?? LIMIT_MS);
      try {
        const answer = await request(url, {
          dispatcher: routeOf(url),
          method: asked.method,
          headers: { "user-agent": product, ...asked.headers },
          body: asked.body ?? null,
          signal: AbortSignal.any([asked.signal, limit]),
          headersTimeout: asked.limitMs ?? LIMIT_MS,
          bodyTimeout: asked.limitMs ?? LIMIT_MS,
        });
        return await toAnswer(answer);
      } catch (error) {
        throw failureOf(error, { url, asked, limit });
      }
    },
    async close() {
      await Promise.all([direct.destroy(), proxied?.destroy()]);
    },
  };
}

export function createSockets({ network, resolve }: Pick<OutletOptions, "network" | "resolve">): Sockets {
  const allowed = permitted(network.allowNetworks);
  return {
    lookup: permittedLookup(resolve, allowed),
    tls: tlsSettings(network),
    permitted: (host) => addressesOf(host, allowed, resolve),
    async assertMayBeClear(host) {
      const addresses = await addressesOf(host, allowed, resolve);
      if (!addresses.every(({ address }) => allowed.isNamed(address))) throw inTheClear(host);
    },
  };
}

function tlsSettings({ ca, clientCert, clientKey, minTls = "TLSv1.2" }: NetworkSettings): TlsSettings {
  const authorities = trusted(ca);
  return {
    minVersion: minTls,
    rejectUnauthorized: true,
    ...(authorities && { ca: authorities }),
    ...(clientCert !== undefined && { cert: clientCert }),
    ...(clientKey !== undefined && { key: clientKey }),
  };
}

async function assertMayBeAsked(url: URL, allowed: Permitted, resolve: Resolve): Promise<void> {
  if (url.protocol !== "https:" && url.protocol !== "http:") throw forbidden("An address must begin with https://");
  if (url.username !== "" || url.password !== "") throw forbidden("An address must not carry a user name or password");
  const addresses = await addressesOf(url.hostname, allowed, resolve);
  if (url.protocol === "http:" && !addresses.every(({ address }) => allowed.isNamed(address)))
    throw inTheClear(url.hostname);
}

const addressesOf = (host: string, allowed: Permitted, resolve: Resolve) =>
  permittedAddresses(resolve, host, allowed).catch((error: unknown) => {
    throw networkFailure(error, host);
  });

const forbidden = (message: string) =>
  new CollectorError("config_invalid", message, { reason: "address_forbidden", action: "Correct the address" });

const inTheClear = (host: string) =>
  new CollectorError("config_invalid", `Nothing is sent to ${host} in the clear`, {
    reason: "address_forbidden",
    action: "Use TLS, or name the private network of the host under allow_networks",
  });

async function toAnswer(answer: Dispatcher.ResponseData): Promise<OutletAnswer> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    for (const one of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, one);
  return { status: answer.statusCode, headers, text: await textOf(answer.body) };
}

async function textOf(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    pieces.push(piece as Buffer);
    bytes += (piece as Buffer).length;
    if (bytes > LONGEST_ANSWER) break;
  }
  return Buffer.concat(pieces).subarray(0, LONGEST_ANSWER).toString("utf8");
}

interface Asked {
  readonly url: URL;
  readonly asked: OutletRequest;
  readonly limit: AbortSignal;
}

function failureOf(error: unknown, { url, asked, limit }: Asked): unknown {
  if (limit.aborted && !asked.signal.aborted)
    return new CollectorError("unavailable", `${url.host} did not answer in time`, {
      reason: "answer_timeout",
      action: "If it stays, check the service and what stands between",
    });
  return networkFailure(error, url.host, asked.signal);
}
