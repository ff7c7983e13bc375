// Collectors as they are often written, to see that the simulation catches them: each is a dozen lines, and each loses data.

import { randomOf } from "../src/sandbox/random.ts";
import { planOf } from "./plan.ts";
import { type Published, publish, sources, WORKSPACE } from "./published.ts";
import { type Life, Scheduler } from "./scheduler.ts";
import type { Switch } from "./switches.ts";
import { SimulatedUpstream } from "./upstream.ts";

const HOUR_MS = 3_600_000;

interface ListedFile {
  readonly id: string;
  readonly end_time: string;
}

/** What a naive collector is given: lists, downloads, time, and a place for its lines. */
export interface Tools {
  readonly type: string;
  list(after: string): Promise<readonly ListedFile[]>;
  download(id: string): Promise<string>;
  keep(lines: readonly string[]): void;
  now(): Date;
}

/** One poll. Returns where the next one starts. */
export type NaivePoll = (tools: Tools, cursor: string) => Promise<string>;

export const knownBad: Readonly<Record<string, NaivePoll>> = {
  "goes past a file that fails": async (tools, cursor) => {
    const files = await tools.list(cursor);
    for (const { id } of files) {
      try {
        tools.keep((await tools.download(id)).split("\n"));
      } catch {
        // As seen in the field: a line in a log that nobody reads.
      }
    }
    return files.at(-1)?.end_time ?? cursor;
  },
  "is blocked by a file that fails": async (tools, cursor) => {
    let reached = cursor;
    for (const { id, end_time } of await tools.list(cursor)) {
      tools.keep((await tools.download(id)).split("\n"));
      reached = end_time;
    }
    return reached;
  },
  "takes its own clock for the checkpoint": async (tools, cursor) => {
    for (const { id } of await tools.list(cursor)) tools.keep((await tools.download(id)).split("\n"));
    return tools.now().toISOString();
  },
};

export interface NaiveVerdict {
  readonly published: number;
  readonly lost: number;
  readonly doubled: number;
}

/** Lets a naive collector poll through a seed, faults and all, and counts what it lost and doubled. */
export async function judgeNaive(seed: number, on: ReadonlySet<Switch>, poll: NaivePoll): Promise<NaiveVerdict> {
  const plan = planOf(seed, on);
  const { startMs, calmMs, endMs, overlapMs } = plan;
  const published = publish({ seed, on, startMs, endMs: startMs + 7 * 24 * HOUR_MS, overlapMs });
  const scheduler = new Scheduler(startMs, randomOf(seed, "order"));
  const nothing = () => undefined;
  const options = { seed, on, published, scheduler, calmMs, overlapMs, fired: nothing, trace: nothing };
  const upstream = new SimulatedUpstream(options, startMs);
  const kept: string[] = [];
  for (const { type } of sources) start(scheduler, toolsOf(scheduler, upstream, type, kept), poll, plan.pollIntervalMs);
  await scheduler.runUntil(endMs);
  return count(published, kept);
}

const life: Life = { number: 1, dead: false, frozen: false };

function start(scheduler: Scheduler, tools: Tools, poll: NaivePoll, everyMs: number): void {
  let cursor = "1970-01-01T00:00:00Z";
  const again = () => {
    poll(tools, cursor)
      .then((reached) => {
        cursor = reached;
      })
      .catch(() => undefined)
      .finally(() => scheduler.after(everyMs, life, again));
  };
  scheduler.after(0, life, again);
}

function toolsOf(scheduler: Scheduler, upstream: SimulatedUpstream, type: string, kept: string[]): Tools {
  const transport = upstream.transport(life);
  const request = { headers: {}, loopback: false, maxBytes: 1e9, signal: undefined };
  const base = `https://api.sim/v1/compliance/workspaces/${WORKSPACE}/logs`;
  const get = async (url: string) => {
    const response = await transport.get(new URL(url), request);
    if (response.status >= 400) throw new Error(String(response.status));
    return response;
  };
  return {
    type,
    async list(after) {
      const answer = await get(`${base}?event_type=${type}&after=${after}&limit=100`);
      const { data } = (await answer.json()) as { readonly data: readonly ListedFile[] };
      return data;
    },
    async download(id) {
      const answer = await get(`${base}/${id}`);
      return await (await get(answer.headers.get("location") ?? "")).text();
    },
    keep: (lines) => void kept.push(...lines.filter((line) => line !== "")),
    now: () => new Date(scheduler.now),
  };
}

function count({ files }: Published, kept: readonly string[]): NaiveVerdict {
  const expected = new Set(
    files.filter(({ foreign }) => !foreign).flatMap(({ lines }) => lines.map(({ raw }) => raw.toString())),
  );
  const held = new Set(kept);
  return {
    published: expected.size,
    lost: [...expected].filter((line) => !held.has(line)).length,
    doubled: kept.length - held.size,
  };
}
