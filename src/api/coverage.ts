import { z } from "@hono/zod-openapi";
import {
  coverageBuckets,
  coverageRuns,
  coverageStates,
  MINUTE_US,
  minutesOf,
  noMinutes,
  reachesBefore,
  wholeCoverage,
} from "../model/coverage.ts";
import type { CoveredFile } from "../model/report.ts";
import { instantUs, isoFromUs } from "../model/time.ts";
import { requireCollector } from "./changing.ts";
import type { ApiDeps } from "./deps.ts";
import { Refusal } from "./errors.ts";
import { type ApiRoute, route } from "./route.ts";
import { GivenInstant, Id, Instant } from "./schemas.ts";

const read = { method: "get", tag: "coverage", permission: "collectors.read", params: Id } as const;
const HOUR = 60;
const DAY = 24 * HOUR;
const LONGEST_DAYS = 1_100;
const MOST_CELLS = 2_500;
const FILES_A_PAGE = 200;

const State = z.enum(coverageStates);
const Minutes = z.object(Object.fromEntries(coverageStates.map((state) => [state, z.int()])) as MinuteShape);
type MinuteShape = Record<(typeof coverageStates)[number], z.ZodInt>;

const CoverageAnswer = z
  .object({
    from: Instant,
    to: Instant,
    stepMinutes: z.int(),
    sources: z
      .array(
        z.object({
          dataSource: z.string(),
          title: z.string(),
          minutes: Minutes,
          /** Only the states that there are minutes of. */
          cells: z.array(z.object({ at: Instant, worst: State, minutes: z.partialRecord(State, z.int()) })).readonly(),
        }),
      )
      .readonly(),
  })
  .openapi("Coverage");

const CoveredFileSchema = z.object({
  fileId: z.string(),
  endTime: Instant,
  state: z.enum(["pending", "done", "quarantined", "expired"]),
  size: z.int(),
  attempts: z.int(),
  lines: z.int().optional(),
  held: z.int().optional(),
  quarantined: z.int().optional(),
  sha256: z.string().optional(),
  error: z.object({ code: z.string(), reason: z.string().optional(), message: z.string() }).optional(),
});

const FilePage = z
  .object({ files: z.array(CoveredFileSchema).readonly(), next: z.string().optional() })
  .openapi("CoveredFiles");

const Bounds = { from: GivenInstant.optional(), to: GivenInstant.optional() };
const CoverageQuery = z.object({ ...Bounds, step: z.enum(["hour", "day"]).optional(), source: z.string().optional() });
const FilesQuery = z.object({
  from: GivenInstant,
  to: GivenInstant,
  source: z.string(),
  after: z
    .string()
    .regex(/^\d{1,16}\.\d{1,16}$/, { error: "Expected what the page before gave as next" })
    .optional(),
});

/** What is known of each minute, and the files behind it. No content. */
export const coverageRoutes = (deps: ApiDeps): readonly ApiRoute[] => [
  route(
    {
      ...read,
      path: "/collectors/{id}/coverage",
      summary: "Minutes by state in cells of hours or days; without bounds the last seven days",
      query: CoverageQuery,
      answer: CoverageAnswer,
    },
    ({ params, query }) => coverage(deps, params.id, query),
  ),
  route(
    {
      ...read,
      path: "/collectors/{id}/coverage/files",
      summary: "The files that speak for a time of one data source, by their end",
      query: FilesQuery,
      answer: FilePage,
    },
    ({ params, query }) => files(deps, params.id, query),
  ),
];

async function coverage(deps: ApiDeps, id: string, query: z.infer<typeof CoverageQuery>) {
  const collector = requireCollector(deps, id);
  const { from, to, step } = periodOf(deps, query);
  const names = collector.dataSources.filter((name) => query.source === undefined || query.source === name);
  const connector = deps.connectors.find(({ name }) => name === collector.connector);
  const sources = [];
  for (const dataSource of names) {
    const key = { collectorId: id, dataSource };
    const span = { key, fromUs: from * MINUTE_US, toUs: to * MINUTE_US };
    const runs = coverageRuns(await wholeCoverage((page) => deps.reader.coverage(page), span), from, to);
    const cells = coverageBuckets(runs, step).map(({ from: at, worst, minutes }) => ({
      at: isoFromUs(at * MINUTE_US),
      worst,
      minutes: Object.fromEntries(Object.entries(minutes).filter(([, count]) => count > 0)),
    }));
    const title = connector?.resolve(dataSource)?.title ?? dataSource;
    sources.push({ dataSource, title, minutes: { ...noMinutes(), ...minutesOf(runs) }, cells });
  }
  return { from: isoFromUs(from * MINUTE_US), to: isoFromUs(to * MINUTE_US), stepMinutes: step, sources };
}

/** Whole cells, in minutes since 1970: the first begins at or before `from`, the last ends at or after `to`. */
function periodOf({ now }: ApiDeps, query: z.infer<typeof CoverageQuery>) {
  const end = query.to === undefined ? now().getTime() * 1_000 : instantUs(query.to)!;
  const start = query.from === undefined ? end - 7 * DAY * MINUTE_US : instantUs(query.from)!;
  if (start >= end) throw new Refusal("invalid", "Not valid: from", { fields: { from: "It is not before to" } });
  const days = (end - start) / (DAY * MINUTE_US);
  const step = (query.step ?? (days > 31 ? "day" : "hour")) === "day" ? DAY : HOUR;
  if (days > LONGEST_DAYS || (days * DAY) / step > MOST_CELLS)
    throw new Refusal("invalid", "Not valid: from", {
      fields: { from: step === HOUR ? "For so long a time ask for step=day" : `Longer than ${LONGEST_DAYS} days` },
    });
  const stepUs = step * MINUTE_US;
  const from = Math.floor(start / stepUs) * step;
  return { from, to: Math.ceil(end / stepUs) * step, step };
}

async function files(deps: ApiDeps, id: string, query: z.infer<typeof FilesQuery>) {
  requireCollector(deps, id);
  const [fromUs, toUs] = [instantUs(query.from)!, instantUs(query.to)!];
  if (fromUs >= toUs) throw new Refusal("invalid", "Not valid: from", { fields: { from: "It is not before to" } });
  const { files: found, next } = await deps.reader.coveredFiles({
    key: { collectorId: id, dataSource: query.source },
    fromUs,
    toUs,
    touching: true,
    after: query.after,
    limit: FILES_A_PAGE,
  });
  const speaking = found.filter(({ endTime, state }) => reachesBefore(toUs, instantUs(endTime) ?? 0, state));
  return { files: speaking.map(fileOf), next };
}

const fileOf = ({ id, endTime, state, size, attempts, sha256, error, done }: CoveredFile) => ({
  fileId: id,
  endTime,
  state,
  size,
  attempts,
  lines: done?.lines,
  held: done?.held,
  quarantined: done?.quarantined,
  sha256: done?.sha256 ?? sha256,
  error: error && { code: error.code, reason: error.reason, message: error.message },
});
