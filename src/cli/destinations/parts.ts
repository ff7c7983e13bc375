// What the commands about destinations have in common.

import { nearest } from "../../config/nearest.ts";
import type { OpenControl } from "../../control/open-control.ts";
import type { Destination } from "../../model/destination.ts";
import type { InstalledDestination } from "../../model/destinations.ts";
import { CollectorError } from "../../model/errors.ts";
import type { Cli } from "../cli.ts";
import { collectorNamed, openControlOf, openStoreBesideServer } from "../compose.ts";

export const COMMAND_LINE = "command line";
/** True of a server that runs as of one that starts later: it looks whether somebody else has changed something. */
export const HEARD = "A server that runs hears of it within seconds; otherwise the next start does.";

export const destinationNamed = (
  { destinations }: Pick<OpenControl, "destinations">,
  name: string,
): InstalledDestination =>
  collectorNamed(destinations.destinations(), name, "destination", "cistern destinations list");

export function kindNamed(kinds: readonly Destination[], name: string): Destination {
  const kind = kinds.find((one) => one.name === name);
  if (kind) return kind;
  const names = kinds.map((one) => one.name);
  const near = nearest(name, names);
  throw new CollectorError("rejected", `There is no kind of destination '${name}'`, {
    reason: "usage",
    action: near === undefined ? "cistern destinations kinds lists them" : `Did you mean '${near}'?`,
  });
}

export function formatNamed({ name, formats }: Destination, wanted: string): Destination["formats"][number] {
  const format = formats.find((one) => one === wanted);
  if (format !== undefined) return format;
  throw new CollectorError("rejected", `${name} does not take the format '${wanted}'`, {
    reason: "usage",
    action: `It takes ${formats.join(", ")}`,
  });
}

/** control.db open for a change, closed in any case. */
export async function changing<T>(
  cli: Cli,
  dataDir: string,
  work: (opened: OpenControl) => T | Promise<T>,
): Promise<T> {
  const opened = await openControlOf(cli, dataDir, false);
  try {
    return await work(opened);
  } finally {
    opened.control.close();
  }
}

/** Both databases open for a change beside whatever runs, closed in any case. */
export async function changingBoth<T>(
  cli: Cli,
  dataDir: string,
  work: (opened: OpenControl, store: Awaited<ReturnType<typeof openStoreBesideServer>>["deliveries"]) => T | Promise<T>,
): Promise<T> {
  const store = await openStoreBesideServer(cli, dataDir);
  try {
    return await changing(cli, dataDir, (opened) => work(opened, store.deliveries));
  } finally {
    await store.close();
  }
}
