import { expect, test } from "vitest";
import { CollectorError } from "../../model/errors.ts";
import type { OutgoingEvent } from "../../model/outgoing.ts";
import { anOutgoingEvent } from "../../testing/an-outgoing-event.ts";
import { oneByOne } from "./one-by-one.ts";

const events = Array.from({ length: 6 }, (_, i) => anOutgoingEvent({ seq: i + 1 }));
const busy = new CollectorError("unavailable", "busy");

/** Delivers under a clock that goes on by `stepMs` with each event. */
function delivering(stepMs: number, deliver: (event: OutgoingEvent) => unknown, signal = new AbortController().signal) {
  let ms = 0;
  return oneByOne(events, {
    monotonicMs: () => ms,
    signal,
    async deliver(event) {
      ms += stepMs;
      await deliver(event);
    },
  });
}

test("a receiver so slow that a batch takes minutes keeps what it has taken, and gets the rest later", async () => {
  expect(await delivering(50_000, () => undefined)).toEqual({ refused: [], again: [3, 4, 5] });
  expect(await delivering(1_000, () => undefined)).toEqual({ refused: [], again: [] });
});

test("an abort ends it with its reason, whatever was taken", async () => {
  const stop = new AbortController();
  const reason = new CollectorError("unavailable", "stopped");
  const deliver = (event: OutgoingEvent) => {
    if (event !== events[2]) return;
    stop.abort(reason);
    throw busy;
  };

  await expect(delivering(1, deliver, stop.signal)).rejects.toBe(reason);
});

test("a fault of ours is no answer of the receiver", async () => {
  const bug = new TypeError("a bug");

  await expect(
    delivering(1, (event) => {
      if (event === events[3]) throw bug;
    }),
  ).rejects.toBe(bug);
});
