// Where requests of a destination go: every address checked, what is in the clear to named private networks only, the rest directly or
// through the proxy.
import { X509Certificate } from "node:crypto";
import type { LookupFunction } from "node:net";
import { createSecureContext } from "node:tls";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import type { TlsSettings } from "../model/destination.ts";
import { CollectorError } from "../model/errors.ts";
import type { Resolve } from "./address-guard.ts";
import { networkFailure } from "./network-failure.ts";
import { type Permitted, permitted, permittedAddresses, permittedLookup } from "./permitted.ts";
import { bypasses, type ProxySettings } from "./proxy.ts";
import { trusted } from "./transport.ts";

const CONNECT_MS = 10_000;
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

export interface RouteOptions {
  readonly network: NetworkSettings;
  readonly resolve: Resolve;
  readonly proxy: ProxySettings | undefined;
}

export interface Routes {
  /** What a request to this address goes through. Throws where it may not be asked. */
  to(url: URL): Promise<Dispatcher>;
  close(): Promise<void>;
}

/** Opens nothing yet; connections are made as they are needed, and kept. */
export function openRoutes({ network, resolve, proxy }: RouteOptions): Routes {
  const allowed = permitted(network.allowNetworks);
  const tls = tlsSettings(network);
  const direct = agent(tls, permittedLookup(resolve, allowed));
  // Looked up once more as the connection is made: by then, too, the name has to lie within the networks that are named.
  const inClear = agent(tls, permittedLookup(resolve, { ...allowed, has: allowed.isNamed }));
  const proxied = proxy && network.useProxy !== false ? proxyAgent(tls, proxy) : undefined;
  const checkOnce = once(() => assertReadable(network));
  return {
    async to(url) {
      checkOnce();
      assertWellFormed(url);
      const through = url.protocol === "https:" && proxied && !bypasses(url, proxy!.bypass) ? proxied : undefined;
      const addresses = await addressesOf(url.hostname, allowed, resolve).catch((error: unknown) => {
        // A name that this machine cannot resolve is usual behind a proxy, which resolves it.
        if (through && !isForbidden(error)) return [];
        throw error;
      });
      const isNamed = addresses.length > 0 && addresses.every(({ address }) => allowed.isNamed(address));
      if (url.protocol === "http:" && !isNamed) throw inTheClear(url.hostname);
      if (url.protocol === "http:") return inClear;
      return isNamed ? direct : (through ?? direct);
    },
    async close() {
      await Promise.all([direct, inClear, proxied].map((one) => one?.destroy()));
    },
  };
}

const agent = (tls: TlsSettings, lookup: LookupFunction) =>
  new Agent({
    connections: SOCKETS_PER_HOST,
    maxHeaderSize: 32_768,
    connect: { ...tls, lookup, timeout: CONNECT_MS, autoSelectFamily: true },
  });

// The proxy gets no client certificate: that is for the destination alone.
const proxyAgent = (tls: TlsSettings, { url }: ProxySettings) =>
  new ProxyAgent({
    uri: url,
    connections: SOCKETS_PER_HOST,
    requestTls: { ...tls, timeout: CONNECT_MS },
    proxyTls: { ...tls, cert: undefined, key: undefined, timeout: CONNECT_MS },
  });

/** TLS as these settings have it. */
export function tlsSettings({ ca, clientCert, clientKey, minTls = "TLSv1.2" }: NetworkSettings): TlsSettings {
  const authorities = trusted(ca);
  return {
    minVersion: minTls,
    rejectUnauthorized: true,
    ...(authorities && { ca: authorities }),
    ...(clientCert !== undefined && { cert: clientCert }),
    ...(clientKey !== undefined && { key: clientKey }),
  };
}

/** What cannot be read would look like a fault of the network, and would be tried for ever. */
function assertReadable({ ca, clientCert, clientKey }: NetworkSettings): void {
  try {
    // TLS itself steps over an authority that it cannot read.
    if (ca !== undefined) new X509Certificate(ca);
    createSecureContext({ cert: clientCert, key: clientKey });
  } catch (cause) {
    throw unreadable(cause);
  }
  if ((clientCert === undefined) !== (clientKey === undefined)) throw unreadable();
}

const unreadable = (cause?: unknown) =>
  new CollectorError("config_invalid", "The certificates in the settings cannot be used", {
    reason: "certificate_unreadable",
    action:
      "Paste authority, client certificate and client key again, whole and in PEM; the key belongs to the certificate and has no passphrase",
    cause,
  });

/** Runs until it has succeeded. */
function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

function assertWellFormed(url: URL): void {
  if (url.protocol !== "https:" && url.protocol !== "http:") throw forbidden("An address must begin with https://");
  if (url.username !== "" || url.password !== "") throw forbidden("An address must not carry a user name or password");
}

/** The addresses of a host, each one permitted; throws a CollectorError where one is not or none can be had. */
export const addressesOf = (host: string, allowed: Permitted, resolve: Resolve) =>
  permittedAddresses(resolve, host, allowed).catch((error: unknown) => {
    throw networkFailure(error, host);
  });

const isForbidden = (error: unknown) => error instanceof CollectorError && error.reason === "address_forbidden";

const forbidden = (message: string) =>
  new CollectorError("config_invalid", message, { reason: "address_forbidden", action: "Correct the address" });

export const inTheClear = (host: string) =>
  new CollectorError("config_invalid", `Nothing is sent to ${host} in the clear`, {
    reason: "address_forbidden",
    action: "Use TLS, or name the private network of the host under allow_networks",
  });
