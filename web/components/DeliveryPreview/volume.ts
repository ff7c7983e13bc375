import type { DeliveryPreview } from "../../api-types.ts";
import { bytes, count, plural } from "../../format/numbers.ts";

type Sampled = Pick<DeliveryPreview, "sampled" | "keptBack" | "eventsPerDay" | "bytesPerDay">;

/** `About 12,345 events and 34 MB a day, judged by the last day and the 200 newest events; the filter keeps back 20 of those.` */
export function volumeSentence({ sampled, keptBack, eventsPerDay, bytesPerDay }: Sampled): string {
  const amount = `About ${plural(eventsPerDay, "event")} and ${bytes(bytesPerDay)} a day`;
  const basis = `judged by the last day and the ${sampled === 1 ? "newest event" : `${count(sampled)} newest events`}`;
  const kept =
    keptBack === 0 ? "the filter lets all of those through" : `the filter keeps back ${count(keptBack)} of those`;
  return `${amount}, ${basis}; ${kept}.`;
}
