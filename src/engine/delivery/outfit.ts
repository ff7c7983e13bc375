// What a destination gets of the world: a way out that its settings allow, and nothing else.
import { join } from "node:path";
import type { Resolve } from "../../http/address-guard.ts";
import { allowedNetworks, type NetworkFields } from "../../http/network-fields.ts";
import { createOutlet, createSockets } from "../../http/outlet.ts";
import type { ProxySettings } from "../../http/proxy.ts";
import type { Seams } from "../../http/seams.ts";
import type { SenderContext } from "../../model/destination.ts";
import type { Logger } from "../../model/log.ts";

/** Made for one destination and closed with it. */
export interface Outfit {
  readonly context: Omit<SenderContext<unknown>, "settings" | "format">;
  close(): Promise<void>;
}

export interface OutfitParts extends Seams {
  readonly resolve: Resolve;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly proxy: ProxySettings | undefined;
  readonly version: string;
  /** Destinations that write to this machine's disk do so in folders of their own below it. */
  readonly dataDir: string;
  readonly log: Logger;
}

export function createOutfit(parts: OutfitParts, destinationId: string, settings: unknown): Outfit {
  const fields = (settings ?? {}) as NetworkFields;
  const network = {
    allowNetworks: allowedNetworks(fields),
    ca: fields.ca,
    clientCert: fields.client_certificate,
    clientKey: fields.client_key,
  };
  const { resolve, proxy, version, dataDir, log, now, monotonicMs, sleep, random, randomBytes } = parts;
  const product = `cistern/${version}`;
  const outlet = createOutlet({ network, resolve, proxy, product });
  const sockets = createSockets({ network, resolve });
  const folder = join(dataDir, "delivered", destinationId);
  const context = { outlet, sockets, now, monotonicMs, sleep, random, randomBytes, product, folder, log };
  return { context, close: () => outlet.close() };
}
