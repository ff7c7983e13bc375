import { hash } from "node:crypto";
import type { Batch, OutgoingEvent } from "../../model/outgoing.ts";

/** The marked event of a connection test as a batch of one, with an id that follows from it. */
export function testBatch(event: OutgoingEvent): Batch {
  const { seq, collectorId } = event.view.stored;
  return {
    id: hash("sha256", event.key, "hex").slice(0, 32),
    collectorId,
    firstSeq: seq,
    lastSeq: seq,
    events: [event],
  };
}
