import { createInterface } from "node:readline";
import { note } from "./result.ts";
import type { SpedUp } from "./sped-up.ts";
import { startProcess } from "./start-process.ts";

export interface SoakRun {
  readonly folder: string;
  /** Of the sped-up clock. */
  readonly hours: number;
  /** What happens before counts as start-up: caches fill. */
  readonly settlingHours: number;
  readonly speed: number;
  readonly collectors: number;
  /** Upstream's, on an average weekday; every collector takes all of them. */
  readonly eventsPerDay: number;
}

export interface SoakWorld extends SpedUp {
  readonly eventsPerDay: number;
}

export interface SoakTask extends SpedUp {
  readonly dataDir: string;
  readonly collectors: number;
  readonly sampleMinutes: number;
  readonly base_url: string;
  readonly workspace_id: string;
  readonly key: string;
}

export interface SoakSample {
  readonly hour: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly events: number;
  readonly files: number;
  readonly pending: number;
}

// A Wednesday, so that the day's traffic comes and goes.
const START_AT_MS = Date.UTC(2026, 10, 18);
const SAMPLE_MINUTES = 5;

/** How the memory of the collecting process grows over hours of a sped-up clock: megabytes an hour, by least squares. */
export async function measureSoak({ folder, hours, settlingHours, speed, collectors, eventsPerDay }: SoakRun) {
  const clock = { speed, anchorMs: Date.now(), startAtMs: START_AT_MS };
  const world: SoakWorld = { ...clock, eventsPerDay };
  const sandbox = await startProcess("bench/soak-sandbox.ts", [JSON.stringify(world)]);
  const task: SoakTask = {
    ...clock,
    dataDir: folder,
    collectors,
    sampleMinutes: SAMPLE_MINUTES,
    ...JSON.parse(sandbox.firstLine),
  };
  const collecting = await startProcess("bench/soak-collectors.ts", [JSON.stringify(task)]);
  try {
    const samples: SoakSample[] = [];
    for await (const line of createInterface({ input: collecting.child.stdout! })) {
      const sample: SoakSample = JSON.parse(line);
      samples.push(sample);
      if (samples.length % 12 === 0) note(`  ${JSON.stringify(rounded(sample))}`);
      if (sample.hour >= hours) break;
    }
    return figuresOf(samples, hours, settlingHours);
  } finally {
    const ended = new Promise((resolve) => collecting.child.once("exit", resolve));
    collecting.stop();
    await ended;
    sandbox.stop();
  }
}

function figuresOf(samples: readonly SoakSample[], hours: number, settlingHours: number) {
  const last = samples.at(-1);
  if (last === undefined || last.hour < hours) throw new Error("The collecting process ended early");
  const settled = samples.filter(({ hour }) => hour >= settlingHours);
  const slope = (of: (sample: SoakSample) => number) =>
    Number(slopeOf(settled.map((sample) => [sample.hour, of(sample)])).toFixed(2));
  return {
    rssSlopeMbPerHour: slope(({ rssMb }) => rssMb),
    heapSlopeMbPerHour: slope(({ heapMb }) => heapMb),
    rssPeakMb: Math.round(Math.max(...samples.map(({ rssMb }) => rssMb))),
    events: last.events,
    files: last.files,
    pendingAtEnd: last.pending,
    hourly: samples.filter((_, place) => place % (60 / SAMPLE_MINUTES) === 0).map(rounded),
  };
}

const rounded = ({ hour, rssMb, heapMb, events, files, pending }: SoakSample) => ({
  hour: Number(hour.toFixed(1)),
  rssMb: Math.round(rssMb),
  heapMb: Math.round(heapMb),
  events,
  files,
  pending,
});

/** Of the straight line through the points that leaves the least squares. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const below = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return above / below;
}
