// An upstream that is broken or hostile: bodies cut and altered at thousands of offsets, answers that never end or grow without
// bound, redirects to where nobody may go. Nothing is accepted in part, nothing forbidden is connected to, memory stays small.

import { Faults, type Outcome, type PartOptions } from "./part.ts";
import { spoiledBodies } from "./upstream-bodies.ts";
import { bombs } from "./upstream-bombs.ts";
import { forbiddenRedirects } from "./upstream-redirects.ts";
import { slowAnswers } from "./upstream-slow.ts";

/** Node itself, this harness and its servers included. */
const MOST_RSS_MB = 256;

/** `count` offsets at which a body is spoiled; with few of them, slow answers are given up sooner. */
export async function upstream({ seed, count, note }: PartOptions): Promise<Outcome> {
  const faults = new Faults();
  const started = performance.now();
  note("slow answers");
  const slow = await slowAnswers(count >= 1_000, faults);
  note("bombs");
  const bombed = await bombs(faults);
  note("redirects");
  const redirects = await forbiddenRedirects(faults);
  note("bodies");
  const bodies = await spoiledBodies(count, seed, faults);
  const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1_024);
  faults.expect(peakRssMb <= MOST_RSS_MB, `${peakRssMb} MB of memory were in use`);
  const seconds = Math.round((performance.now() - started) / 1_000);
  return { figures: { slow, bombs: bombed, redirects, bodies, peakRssMb, seconds }, faults: faults.list() };
}
