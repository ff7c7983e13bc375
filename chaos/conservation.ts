// What upstream published against what is stored: nothing lost, nothing doubled, nothing that was never there.
import { hash } from "node:crypto";
import { join } from "node:path";
import type { Sandbox } from "../src/sandbox/sandbox.ts";
import { storedLines } from "./check-store.ts";
import type { Faults } from "./part.ts";

export interface Compared {
  /** Different lines that upstream published. */
  readonly published: number;
  readonly stored: number;
  readonly lost: number;
  readonly doubled: number;
  readonly strange: number;
}

export interface Comparison {
  readonly dataDir: string;
  readonly collectorId: string;
  readonly dataSource: string;
  readonly upstreamType: string;
  /** Lines from before this may have been removed by retention. */
  readonly keptFrom?: Date;
}

/** Compares one data source; notes what does not agree. */
export function compare(sandbox: Sandbox, comparison: Comparison, faults: Faults): Compared {
  const { dataDir, collectorId, dataSource, upstreamType, keptFrom } = comparison;
  const published = publishedLines(sandbox, upstreamType);
  const stored = storedLines(join(dataDir, "cistern.db"), collectorId, dataSource);
  let lost = 0;
  for (const [line, time] of published)
    if (!stored.has(line) && (keptFrom === undefined || time >= keptFrom.getTime())) lost += 1;
  const doubled = [...stored.values()].filter((times) => times > 1).length;
  const strange = [...stored.keys()].filter((line) => !published.has(line)).length;
  faults.expect(lost === 0, `${lost} lines of ${dataSource} are lost`);
  faults.expect(doubled === 0, `${doubled} lines of ${dataSource} are doubled`);
  faults.expect(strange === 0, `${strange} lines of ${dataSource} were never published`);
  return { published: published.size, stored: stored.size, lost, doubled, strange };
}

/** Each different line of a type by its hash, with its time. */
function publishedLines(sandbox: Sandbox, type: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const file of sandbox.published({ type, scope: "workspace" }))
    for (const { line, time } of file.events())
      if (line.trim() !== "") lines.set(hash("sha256", line), time === undefined ? 0 : Date.parse(time));
  return lines;
}
