import { allowedNetworks, type NetworkFields } from "../http/network-fields.ts";
import { createOutlet, createSockets } from "../http/outlet.ts";
import type { Destination, Sender } from "../model/destination.ts";
import { quietLog } from "./quiet-log.ts";
import { systemSeams } from "./system-seams.ts";

export interface ImpatientSender {
  readonly sender: Sender;
  /** Every wait so far, in milliseconds: none took any time, and the monotonic clock has moved on by their sum. */
  readonly waits: readonly number[];
  readonly waited: () => number;
  close(): Promise<void>;
}

/** A sender over real sockets, for which waiting takes no time. `onWait` hears the number of each wait. */
export function impatientSender(
  kind: Destination,
  given: Readonly<Record<string, unknown>>,
  onWait: (count: number) => void = () => undefined,
): ImpatientSender {
  const settings = kind.settings.parse(given) as NetworkFields;
  const network = { allowNetworks: allowedNetworks(settings) };
  const outlet = createOutlet({ network, resolve: systemSeams.resolve, proxy: undefined, product: "cistern/test" });
  const waits: number[] = [];
  const waited = () => waits.reduce((sum, ms) => sum + ms, 0);
  const sender = kind.open({
    ...systemSeams,
    settings,
    format: kind.formats[0]!,
    outlet,
    sockets: createSockets({ network, resolve: systemSeams.resolve }),
    monotonicMs: waited,
    sleep: async (ms) => onWait(waits.push(ms)),
    product: "cistern/test",
    folder: "/nowhere",
    log: quietLog(),
  });
  return {
    sender,
    waits,
    waited,
    async close() {
      await sender.close();
      await outlet.close();
    },
  };
}
