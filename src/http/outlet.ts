// The way out for deliveries over HTTP. What collects can only read and has a way of its own; this one can write, to the addresses that
// a person has set up as destinations.
import { type Dispatcher, request } from "undici";
import type { Outlet, OutletAnswer, OutletRequest, Sockets } from "../model/destination.ts";
import { CollectorError } from "../model/errors.ts";
import { networkFailure } from "./network-failure.ts";
import { addressesOf, inTheClear, openRoutes, type RouteOptions, type Routes, tlsSettings } from "./outlet-routes.ts";
import { permitted, permittedLookup } from "./permitted.ts";

export type { NetworkSettings } from "./outlet-routes.ts";

const LIMIT_MS = 60_000;
const LONGEST_ANSWER = 4_000_000;
const DRAINED = 16_384;

export interface OutletOptions extends RouteOptions {
  /** For the user agent. */
  readonly product: string;
}

export interface ClosableOutlet extends Outlet {
  close(): Promise<void>;
}

/** The HTTP client of one destination; keeps connections until it is closed. */
export function createOutlet(options: OutletOptions): ClosableOutlet {
  const routes = openRoutes(options);
  return {
    async request(url, asked) {
      const limit = AbortSignal.timeout(asked.limitMs ?? LIMIT_MS);
      const signal = AbortSignal.any([asked.signal, limit]);
      try {
        return await endedBy(signal, ask(url, asked, { routes, signal, product: options.product }));
      } catch (error) {
        throw failureOf(error, { url, asked, limit });
      }
    },
    close: () => routes.close(),
  };
}

interface Way {
  readonly routes: Routes;
  readonly signal: AbortSignal;
  readonly product: string;
}

async function ask(url: URL, asked: OutletRequest, { routes, signal, product }: Way): Promise<OutletAnswer> {
  const dispatcher = await routes.to(url);
  signal.throwIfAborted();
  const answer = await request(url, {
    dispatcher,
    method: asked.method,
    headers: { "user-agent": product, ...asked.headers, "accept-encoding": "identity" },
    body: asked.body ?? null,
    signal,
    // The signal ends every wait; a second clock would only tell it in other words.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return await toAnswer(answer);
}

/** Neither a look-up nor a connection that is being opened, here or by a proxy, can be called off: this ends the wait for it. */
function endedBy<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
  });
}

/** The same checks for clients that open their own sockets. */
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

async function toAnswer(answer: Dispatcher.ResponseData): Promise<OutletAnswer> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    for (const one of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, one);
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity") return { status: answer.statusCode, headers, text: await textOf(answer.body) };
  // We ask for none, and inflating what comes uninvited would open the door to bombs. The status still counts.
  await answer.body.dump({ limit: DRAINED });
  return { status: answer.statusCode, headers, text: "" };
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
