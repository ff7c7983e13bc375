// The sandbox on a sped-up clock, in a process of its own: node bench/soak-sandbox.ts JSON; prints how to reach it.
import { describe } from "../src/sandbox/run.ts";
import { startSandbox } from "../src/sandbox/sandbox.ts";
import type { SoakWorld } from "./measure-soak.ts";
import { spedUp } from "./sped-up.ts";

const world: SoakWorld = JSON.parse(process.argv[2] ?? "");
const { now, sleep } = spedUp(world);
const sandbox = await startSandbox({
  port: 0,
  now: () => now().getTime(),
  sleep,
  days: 0.05,
  people: 200,
  eventsPerDay: world.eventsPerDay,
  ratePerMinute: 0,
});
process.stdout.write(`${describe(sandbox)}\n`);
process.on("SIGTERM", () => void sandbox.close().then(() => process.exit(0)));
