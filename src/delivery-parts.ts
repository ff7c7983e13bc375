// What the API needs of destinations, put together.
import type { ApiDeps } from "./api/deps.ts";
import type { OpenControl } from "./control/open-control.ts";
import { destinationKinds } from "./destination-kinds.ts";
import { destinations } from "./destinations/index.ts";
import { createDestinationTester } from "./engine/delivery/destination-test.ts";
import { createOutfit } from "./engine/delivery/outfit.ts";
import { systemResolve } from "./http/address-guard.ts";
import type { ProxySettings } from "./http/proxy.ts";
import type { Logger } from "./model/log.ts";
import type { FormatName } from "./model/outgoing.ts";
import { formatOf, formats } from "./normalize/index.ts";
import { shaperOf } from "./normalize/shaper.ts";
import { testEvent } from "./normalize/test-event.ts";
import { systemMonotonicMs, systemNow, systemRandom, systemRandomBytes, systemSleep } from "./runtime/clock.ts";
import { version } from "./version.ts";

interface Parts {
  readonly control: OpenControl;
  readonly dataDir: string;
  readonly proxy?: ProxySettings | undefined;
  readonly log: Logger;
}

export function deliveryParts({
  control,
  dataDir,
  proxy,
  log,
}: Parts): Pick<ApiDeps, "destinationKinds" | "destinationTester" | "parseDestination" | "formats" | "shaperOf"> {
  const seams = { now: systemNow, monotonicMs: systemMonotonicMs, sleep: systemSleep, random: systemRandom };
  const outfit = { ...seams, resolve: systemResolve, randomBytes: systemRandomBytes, dataDir, version, proxy, log };
  // A preview of what is not saved yet makes pseudonyms too: they are nobody else's, and gone with the process.
  const previewKey = systemRandomBytes(32);
  return {
    destinationKinds: destinations,
    parseDestination: destinationKinds.parse,
    formats,
    destinationTester: createDestinationTester({
      kinds: destinations,
      outfitOf: (id, settings) => createOutfit(outfit, id, settings),
      testEvent: (format) => testEvent(formatOf(format as FormatName), systemNow()),
    }),
    shaperOf: ({ destinationId, ...wanted }) => {
      const plan = control.destinations.destinationPlans(destinationKinds.parse).find(({ id }) => id === destinationId);
      const collectors = control.control.collectors().map(({ id, name, connector }) => ({ id, name, connector }));
      return shaperOf({
        ...wanted,
        collectors,
        pseudonymKey: plan?.pseudonymKey ?? Buffer.from(previewKey).toString("hex"),
      });
    },
  };
}
