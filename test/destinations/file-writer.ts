// Delivers one batch after the other into files, and prints the number of each that counts as taken: for tests that kill it.
import { files } from "../../src/destinations/files.ts";
import { aBatch, anOutgoingEvent } from "../../src/testing/an-outgoing-event.ts";
import { openSender } from "../../src/testing/destination-contract.ts";

export const EVENTS_A_BATCH = 40;
const WORDS = "x".repeat(20_000);

/** Always the same for the same number; spread over two hours. */
export const batchNumber = (number: number) =>
  aBatch(
    Array.from({ length: EVENTS_A_BATCH }, (_, i) => {
      const seq = number * EVENTS_A_BATCH + i + 1;
      const event = anOutgoingEvent({ seq, time: `2026-07-15T${i % 2 === 0 ? "08" : "09"}:00:00Z` });
      const body = JSON.stringify({ key: event.key, words: WORDS });
      return { ...event, body, bytes: body.length };
    }),
  );

if (import.meta.main) {
  const [own, settings, from] = process.argv.slice(2) as [string, string, string];
  const sender = openSender(files, JSON.parse(settings), own);
  for (let number = Number(from); ; number++) {
    await sender.send(batchNumber(number), AbortSignal.timeout(60_000));
    process.stdout.write(`${number}\n`);
  }
}
