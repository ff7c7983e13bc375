// A process that opens a sender, delivers a batch, closes it, and has nothing left to do: node lone-sender.ts NAME EXPORT SETTINGS.
import { createSockets } from "../../src/http/outlet.ts";
import type { Destination, SenderContext } from "../../src/model/destination.ts";
import { aBatch, anOutgoingEvent } from "../../src/testing/an-outgoing-event.ts";
import { quietLog } from "../../src/testing/quiet-log.ts";
import { systemSeams } from "../../src/testing/system-seams.ts";

const [name, exported = "", given = ""] = process.argv.slice(2);
const kind = (await import(`../../src/destinations/${name}.ts`))[exported] as Destination;
const network = { allowNetworks: ["127.0.0.0/8"], ca: JSON.parse(given).ca };
const context: SenderContext<unknown> = {
  settings: kind.settings.parse(JSON.parse(given)),
  format: kind.formats[0]!,
  sockets: createSockets({ network, resolve: systemSeams.resolve }),
  outlet: { request: () => Promise.reject(new Error("no HTTP here")) },
  ...systemSeams,
  product: "cistern/test",
  folder: "/nowhere",
  log: quietLog(),
};

const sender = kind.open(context);
await sender.send(aBatch([anOutgoingEvent(), anOutgoingEvent({ seq: 2 })]), AbortSignal.timeout(20_000));
const during = process.getActiveResourcesInfo();
await sender.close();
// A destroyed socket is gone with the next turn.
await systemSeams.sleep(50, AbortSignal.timeout(1_000));
process.stdout.write(`${JSON.stringify({ during, after: process.getActiveResourcesInfo() })}\n`);
