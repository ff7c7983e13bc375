// The way out over HTTP with real sockets, for tests of it.
import { systemResolve } from "../http/address-guard.ts";
import { createOutlet, type OutletOptions } from "../http/outlet.ts";
import type { OutletRequest } from "../model/destination.ts";

export const TOKEN = "canary-token-0123456789";

/** This machine's network, named as one that may be connected to. */
export const HERE = { allowNetworks: ["127.0.0.0/8"] };

/** A name server for which every name is at this address. */
export const at = (address: string) => async () => [{ address, family: 4 }];

/** A name server that knows no name. */
export const nameless = async () => {
  throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
};

/** An outlet to this machine, as its `send`; what is not given of a request is a short post with a token. */
export function anOutlet(options: Partial<OutletOptions> = {}) {
  const made = { network: HERE, resolve: systemResolve, proxy: undefined, product: "cistern/9.9.9", ...options };
  const outlet = createOutlet(made);
  const send = (url: string, asked: Partial<OutletRequest> = {}) =>
    outlet.request(new URL(url), {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}` },
      body: "{}",
      signal: AbortSignal.timeout(20_000),
      limitMs: 5_000,
      ...asked,
    });
  return { send, close: () => outlet.close() };
}

/** What the work fails with; undefined where it does not. */
export const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
