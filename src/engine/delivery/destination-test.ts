// The staged connection test of a destination, with settings that may not be saved yet.
import type { CheckStep } from "../../model/check.ts";
import type { DestinationTester } from "../../model/delivery-plan.ts";
import type { Destination } from "../../model/destination.ts";
import { CollectorError } from "../../model/errors.ts";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import type { Outfit } from "./outfit.ts";

export interface TesterParts {
  readonly kinds: readonly Destination[];
  readonly outfitOf: (destinationId: string, settings: unknown) => Outfit;
  /** The marked test event in the format that is asked for. */
  readonly testEvent: (format: string) => OutgoingEvent;
}

export function createDestinationTester({ kinds, outfitOf, testEvent }: TesterParts): DestinationTester {
  return {
    async *test({ kind: name, settings: given, format, destinationId = "test" }, signal): AsyncIterable<CheckStep> {
      const kind = kinds.find((one) => one.name === name);
      if (kind === undefined)
        throw new CollectorError("config_invalid", `There is no destination ${name}`, {
          reason: "unknown_destination",
        });
      const settings: unknown = kind.settings.parse(given);
      const outfit = outfitOf(destinationId, settings);
      const sender = kind.open({ ...outfit.context, settings, format });
      try {
        yield* sender.check(testEvent(format), signal);
      } finally {
        await sender.close();
        await outfit.close();
      }
    },
  };
}
