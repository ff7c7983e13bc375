// Which hazards does a violation need? Switches are turned off one by one as long as it still happens.
import type { Switch } from "./switches.ts";
import { live } from "./world.ts";

/** The smallest set of switches found under which the seed still violates something. */
export async function shrink(seed: number, on: ReadonlySet<Switch>): Promise<ReadonlySet<Switch>> {
  let smallest = on;
  for (const name of on) {
    const fewer = new Set([...smallest].filter((one) => one !== name));
    const { violations } = await live(seed, fewer);
    if (violations.length > 0) smallest = fewer;
  }
  return smallest;
}
