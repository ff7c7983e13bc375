import type { DeadLetter } from "../../api-types.ts";

export const stateWords: Readonly<Record<DeadLetter["state"], string>> = {
  dead: "Waiting for you",
  again: "To be sent again",
  delivered: "Delivered at last",
  discarded: "Given up",
};

const reasons: Readonly<Record<string, string>> = {
  too_large: "too large for the destination",
  unmaskable: "cannot be masked, so it was not sent",
  malformed: "not in the form that it wants",
  mapping: "does not fit the fields there",
  gone: "no longer stored",
  kept_back: "kept back by the filter as it is now",
};

/** A reason in words, where we have them; the stable word always stands beside it. */
export const reasonText = (reason: string): string | undefined =>
  Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;

/** The name of the file of an export: only letters that every system takes. */
export const exportName = (destination: string): string =>
  `dead-letters-${
    destination
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "destination"
  }.json`;

/** Whether a person can still do something about it. */
export const isOpen = ({ state }: Pick<DeadLetter, "state">): boolean => state === "dead" || state === "again";
