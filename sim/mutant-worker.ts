// A thread in which the product is loaded with one mutant, and lives through seeds until something is violated.
import { registerHooks } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { Mutant } from "./mutants.ts";

const { mutant, seeds } = workerData as { readonly mutant: Mutant; readonly seeds: number };
let applied = false;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/src/${mutant.file}`)) return loaded;
    applied = true;
    return { ...loaded, source: mutated(String(loaded.source)) };
  },
});

function mutated(source: string): string {
  let text = source;
  for (const [find, put] of mutant.changes) {
    if (text.split(find).length !== 2) throw new Error(`${mutant.file} does not have once: ${find}`);
    text = text.replace(find, () => put);
  }
  return text;
}

const { live } = await import("./world.ts");
const { drawn } = await import("./switches.ts");
if (!applied) throw new Error(`${mutant.file} was not loaded`);

let killed: { readonly seed: number; readonly violation: string } | undefined;
for (let seed = 1; seed <= seeds && killed === undefined; seed += 1) {
  const { violations } = await live(seed, drawn(seed));
  if (violations.length > 0) killed = { seed, violation: violations[0]! };
}
parentPort?.postMessage(killed);
