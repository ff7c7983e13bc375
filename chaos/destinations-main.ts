// Deliveries under what goes wrong: npm run chaos:destinations [-- PART…] [--seed N] [--hours N] [--kills N] [--batches N]. Ends with 1
// when an event was lost, or doubled where the destination takes our key.
import { runParts } from "./run-parts.ts";

await runParts({
  file: import.meta.filename,
  result: "chaos-destinations",
  parts: {
    outage: { flag: "hours", usual: 8, load: async () => (await import("./destination-outage.ts")).outage },
    kill: { flag: "kills", usual: 50, load: async () => (await import("./destination-kill.ts")).killDeliveries },
    faults: { flag: "batches", usual: 400, load: async () => (await import("./destination-faults.ts")).faultyReceiver },
  },
});
