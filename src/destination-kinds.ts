// What the other rooms ask of the registry of destinations.
import { destinations } from "./destinations/index.ts";
import type { DestinationKinds } from "./model/destinations.ts";
import { CollectorError } from "./model/errors.ts";

const kindOf = (name: string) => destinations.find((kind) => kind.name === name);

export const destinationKinds: DestinationKinds = {
  parse(name, settings) {
    const kind = kindOf(name);
    if (kind !== undefined) return kind.settings.parse(settings);
    throw new CollectorError("config_invalid", `This version has no destination ${name}`, {
      reason: "unknown_destination",
      action: "Start the version of Cistern that has it, or remove the destination.",
    });
  },
  addressOf: (name) => kindOf(name)?.address ?? [],
};
