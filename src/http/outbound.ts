// The way out of the process, put together once. Everything that connectors read goes through here:
//
//   const outbound = createOutbound({ now, monotonicMs, sleep, random, version, memory });
//   const upstream = outbound.createUpstream({ credential: connector.credential(settings), lane: "fresh", requestsPerMinute: "auto" });
//   feed.list({ settings, upstream, now, signal }, after, limit);
//
// Rate budgets live as long as the Outbound and are shared by every Upstream of the same key, so make one per process.
import type { CheckStep } from "../model/check.ts";
import type { Credential } from "../model/connector.ts";
import { type Resolve, systemResolve } from "./address-guard.ts";
import { createProbe } from "./probe.ts";
import type { ProxySettings } from "./proxy.ts";
import { createRateBudgets, type RateMemory } from "./rate-budgets.ts";
import type { Seams } from "./seams.ts";
import { createTransport, type HttpLimits, httpLimits } from "./transport.ts";
import { type CreateUpstream, createUpstream, keyFingerprint } from "./upstream.ts";

export interface OutboundOptions extends Seams {
  /** Ours, for the User-Agent `cistern/<version>`. */
  readonly version: string;
  /** Absent: rates are found out anew after each start. */
  readonly memory?: RateMemory | undefined;
  readonly proxy?: ProxySettings | undefined;
  /** Certificate authorities in PEM, trusted beside those of the system. */
  readonly ca?: string | undefined;
  /** Default: the system's name look-up. */
  readonly resolve?: Resolve;
  /** Departures from `httpLimits`. */
  readonly limits?: Partial<HttpLimits>;
}

export interface Outbound {
  readonly createUpstream: CreateUpstream;
  /** Name look-up, connection and certificate of an address, each a step of its own. */
  probe(url: URL, signal: AbortSignal): AsyncIterable<CheckStep>;
  /** Requests a minute that the budgets of this key now allow, by route. */
  rates(credential: Credential): Readonly<Record<string, number>>;
  /** Ends every connection; what is under way fails. */
  close(): Promise<void>;
}

const forgetful: RateMemory = { remembered: () => undefined, remember: () => undefined };

export function createOutbound(options: OutboundOptions): Outbound {
  const limits = { ...httpLimits, ...options.limits };
  const { proxy, ca, now } = options;
  const resolve = options.resolve ?? systemResolve;
  const transport = createTransport({ ...options, limits, proxy, ca, resolve });
  const budgets = createRateBudgets(options, options.memory ?? forgetful);
  const parts = { transport, budgets, now, userAgent: `cistern/${options.version}` };
  return {
    createUpstream: (access) => createUpstream(parts, access),
    probe: createProbe({ ...options, limits, proxy, ca, resolve }),
    rates: (credential) => budgets.rates(keyFingerprint(credential)),
    close: () => transport.close(),
  };
}
