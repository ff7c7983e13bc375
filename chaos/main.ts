// Real processes, real files and real sockets under what goes wrong in the world: npm run chaos [-- PART…] [--seed N]
// [--kills N] [--cuts N] [--cycles N] [--trials N] [--offsets N] [--contents N]. Ends with 1 when anything was lost, doubled or wrong.
import { runParts } from "./run-parts.ts";

await runParts({
  file: import.meta.filename,
  result: "chaos",
  parts: {
    kill: { flag: "kills", usual: 200, load: async () => (await import("./kill.ts")).kill },
    power: { flag: "cuts", usual: 1_000, load: async () => (await import("./power.ts")).power },
    disk: { flag: "cycles", usual: 4, load: async () => (await import("./disk.ts")).disk },
    frozen: { flag: "trials", usual: 50, load: async () => (await import("./frozen.ts")).frozen },
    upstream: { flag: "offsets", usual: 10_000, load: async () => (await import("./upstream.ts")).upstream },
    content: { flag: "contents", usual: 10_000, load: async () => (await import("./content.ts")).content },
  },
});
