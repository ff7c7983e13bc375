// One request on the wire: https through undici, addresses guarded, every wait and every size limited, nothing but GET and
// HEAD, no redirect followed, no compression asked for or taken.
import { getCACertificates } from "node:tls";
import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import { CollectorError } from "../model/errors.ts";
import { assertPermitted, guardedLookup, type Resolve, resolvePermitted } from "./address-guard.ts";
import { type BodyLimits, limitedBody } from "./limited-body.ts";
import { networkFailure } from "./network-failure.ts";
import { bypasses, type ProxySettings } from "./proxy.ts";
import type { Seams } from "./seams.ts";

/** Compiled in: no setting and no caller can make a collector send anything else. */
const METHODS: readonly string[] = ["GET", "HEAD"];
const SOCKETS_PER_HOST = 32;

export interface HttpLimits extends Omit<BodyLimits, "maxBytes"> {
  readonly connectMs: number;
  /** From the request to the last header. */
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly idleMs: number;
}

export const httpLimits: HttpLimits = {
  connectMs: 5_000,
  headersMs: 30_000,
  idleMs: 30_000,
  totalMs: 15 * 60_000,
  minBytesPerSecond: 1_024,
  speedWindowMs: 30_000,
};

export interface TransportOptions extends Pick<Seams, "monotonicMs" | "sleep"> {
  readonly resolve: Resolve;
  readonly limits: HttpLimits;
  readonly proxy: ProxySettings | undefined;
  /** Certificate authorities in PEM, trusted beside those of the system. */
  readonly ca: string | undefined;
}

export interface TransportRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** Whether http and https to loopback are open. */
  readonly loopback: boolean;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

export interface Transport {
  /** One GET. Any status comes back; throws a CollectorError where no answer came, or the signal's reason. */
  get(url: URL, request: TransportRequest): Promise<Response>;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** The certificate authorities to trust; undefined: those of the runtime. */
export const trusted = (ca: string | undefined): string[] | undefined =>
  ca === undefined ? undefined : [...getCACertificates("default"), ca];

export function createTransport(options: TransportOptions): Transport {
  const { limits, proxy } = options;
  const strict = onlyReading(new Agent(agentOptions(options, false)));
  const withLoopback = onlyReading(new Agent(agentOptions(options, true)));
  const proxied = proxy && onlyReading(proxyAgent(options, proxy));
  const route = (url: URL, loopback: boolean) => {
    if (proxied && !loopback && !bypasses(url, proxy.bypass)) return { dispatcher: proxied, through: "proxy" } as const;
    return { dispatcher: loopback ? withLoopback : strict, through: "direct" } as const;
  };

  return {
    async get(url, { headers, loopback, maxBytes, signal }) {
      assertPermitted(url, loopback);
      const startedMs = options.monotonicMs();
      const { dispatcher, through } = route(url, loopback);
      const failure = (error: unknown) => networkFailure(error, url.host, signal);
      try {
        if (through === "proxy") await assertResolvesWell(options.resolve, url);
        const opening = request(url, {
          dispatcher,
          method: "GET",
          headers: { ...headers, "accept-encoding": "identity" },
          ...(signal && { signal }),
        });
        const answer = await (through === "proxy" ? notTooLate(opening, options) : opening);
        const about = { name: url.host, startedMs, failure };
        const body = limitedBody(answer.body, { ...limits, maxBytes }, options, about);
        return await uncompressed(toResponse(answer, body), url.host);
      } catch (error) {
        throw failure(error);
      }
    },
    async close() {
      await Promise.all([strict, withLoopback, proxied].map((agent) => agent?.destroy()));
    },
  };
}

/** undici sets no limit to how long a proxy may think about opening a connection, and cannot abort a request meanwhile. */
async function notTooLate(
  opening: Promise<Dispatcher.ResponseData>,
  { limits, sleep }: TransportOptions,
): Promise<Dispatcher.ResponseData> {
  const over = new AbortController();
  const late = sleep(limits.connectMs + limits.headersMs, over.signal).then(() => undefined);
  const answer = await Promise.race([opening, late]).finally(() => over.abort());
  if (answer) return answer;
  opening.then(
    ({ body }) => body.destroy(),
    () => undefined,
  );
  throw Object.assign(new Error("late"), { code: "UND_ERR_CONNECT_TIMEOUT" });
}

function agentOptions({ limits, ca, resolve }: TransportOptions, loopback: boolean): Agent.Options {
  const authorities = trusted(ca);
  return {
    connections: SOCKETS_PER_HOST,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.idleMs,
    maxHeaderSize: 65_536,
    connect: {
      lookup: guardedLookup(resolve, loopback),
      timeout: limits.connectMs,
      autoSelectFamily: true,
      // Said aloud, so that no environment variable can switch it off.
      rejectUnauthorized: true,
      ...(authorities && { ca: authorities }),
    },
  };
}

function proxyAgent({ limits, ca }: TransportOptions, proxy: ProxySettings): ProxyAgent {
  const authorities = trusted(ca);
  const tls = { timeout: limits.connectMs, rejectUnauthorized: true, ...(authorities && { ca: authorities }) };
  return new ProxyAgent({
    uri: proxy.url,
    connections: SOCKETS_PER_HOST,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.idleMs,
    requestTls: tls,
    proxyTls: tls,
  });
}

function onlyReading(agent: Dispatcher): Dispatcher {
  return agent.compose((dispatch) => (options, handler) => {
    if (!METHODS.includes(options.method))
      throw new Error(`Outbound requests only read: ${options.method} is not allowed`);
    return dispatch(options, handler);
  });
}

// Behind a proxy it is the proxy that resolves. A name that this machine knows as a private one is refused all the same;
// one that it cannot resolve is usual there.
async function assertResolvesWell(resolve: Resolve, url: URL): Promise<void> {
  try {
    await resolvePermitted(resolve, url.hostname, false);
  } catch (error) {
    if (error instanceof CollectorError && error.reason === "address_forbidden") throw error;
  }
}

function toResponse(answer: Dispatcher.ResponseData, body: ReadableStream<Uint8Array>): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, one);
  }
  const bodiless = answer.statusCode === 204 || answer.statusCode === 205 || answer.statusCode === 304;
  return new Response(bodiless ? null : body, { status: answer.statusCode, headers });
}

// We ask for none, and inflating what comes uninvited would open the door to bombs.
async function uncompressed(response: Response, host: string): Promise<Response> {
  const encoding = response.headers.get("content-encoding");
  if (encoding === null || encoding.trim().toLowerCase() === "identity") return response;
  await response.body?.cancel();
  throw new CollectorError("protocol", `${host} compressed its answer although it was asked not to`, {
    reason: "unexpected_encoding",
    action: "Check whether a proxy between changes the answers",
  });
}
