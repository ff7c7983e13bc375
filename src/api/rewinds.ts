// Send a data source back in time: first a forecast, which lists upstream and changes nothing, then the rewind itself.
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { recordName } from "../model/access.ts";
import type { Collector } from "../model/collector.ts";
import type { FileAmount, RewindForecast } from "../model/rewind.ts";
import { requireCollector } from "./changing.ts";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { Refusal } from "./errors.ts";
import { plansOf } from "./plans.ts";
import { recordChange } from "./record.ts";
import { type ApiRoute, identityOf, route } from "./route.ts";
import { GivenInstant, Instant } from "./schemas.ts";

/** A forecast may be confirmed for so long. */
const FORECAST_LIFE_MS = 10 * 60_000;
const MOST_FORECASTS = 20;

const Amount = z.object({ files: z.int(), bytes: z.number() });

const ForecastAnswer = z
  .object({
    token: z.string(),
    expiresAt: Instant,
    to: z.string(),
    cursor: z.string(),
    listed: Amount,
    oldestListed: z.string().optional(),
    toFetch: Amount,
    waiting: Amount,
    here: Amount,
    gone: Amount,
    secondsToFetch: z.number().optional(),
    secondsToRefetch: z.number().optional(),
  })
  .openapi("RewindForecast");

interface Kept {
  readonly forecast: RewindForecast;
  readonly expiresMs: number;
}

/** Forecast, confirm, cancel. */
export function rewindRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const kept = new Map<string, Kept>();
  const path = "/collectors/{id}/data-sources/{name}/rewind";
  const operate = {
    method: "post",
    tag: "collectors",
    permission: "collectors.operate",
    params: z.object({ id: z.string(), name: z.string() }),
  } as const;
  return [
    route(
      {
        ...operate,
        path: `${path}/forecast`,
        summary: "What a rewind to an instant would fetch: lists upstream, downloads and changes nothing",
        body: z.strictObject({ to: GivenInstant }),
        answer: ForecastAnswer,
      },
      async ({ params, body }) => {
        await requireCursor(deps, requireSource(deps, params.id, params.name), params.name);
        const plan = plansOf(deps).find(({ collector }) => collector.id === params.id)!;
        const forecast = await deps.engine.forecastRewind(plan, params.name, body.to);
        return keep(deps, kept, forecast, await requestsPerMinute(deps, params.id, params.name));
      },
    ),
    route(
      {
        ...operate,
        path,
        summary: "Rewind as a forecast says; with refetch, files that are here are fetched again",
        body: z.strictObject({ token: z.string().max(100), refetch: z.boolean().default(false) }),
      },
      async ({ c, params, body }) => {
        requireSource(deps, params.id, params.name);
        const forecast = take(deps, kept, params, body.token);
        await rewind(deps, c, forecast, body.refetch);
        kept.delete(body.token);
      },
    ),
    route(
      {
        ...operate,
        path: `${path}/cancel`,
        summary: "Give up what a rewind has not fetched again yet",
      },
      async ({ c, params: { id, name } }) => {
        requireSource(deps, id, name);
        const key = { collectorId: id, dataSource: name };
        const open = await deps.store.cancelRewind(key, recordName(identityOf(c)), deps.now().toISOString());
        if (!open) throw new Refusal("not_found", "No rewind of it is under way");
        recordChange(deps, c, "data_source.rewind_cancelled", id, { dataSource: name });
      },
    ),
  ];
}

function requireSource(deps: ApiDeps, id: string, name: string): Collector {
  const collector = requireCollector(deps, id);
  if (!collector.dataSources.includes(name)) throw new Refusal("not_found", `There is no data source ${name} in it`);
  return collector;
}

/** The engine knows data sources that have been leased once; the others have nothing behind them. */
async function requireCursor({ reader }: ApiDeps, { id }: Collector, name: string): Promise<void> {
  const states = await reader.dataSources();
  const state = states.find(({ key }) => key.collectorId === id && key.dataSource === name);
  if (state?.cursor === undefined)
    throw new Refusal("rewind_ahead", "The data source has no cursor yet: there is nothing to go back to", {
      action: "Wait until its first look upstream has ended",
    });
}

function keep(deps: ApiDeps, kept: Map<string, Kept>, forecast: RewindForecast, perMinute: number | undefined) {
  const nowMs = deps.now().getTime();
  for (const [token, { expiresMs }] of kept) if (expiresMs <= nowMs || kept.size >= MOST_FORECASTS) kept.delete(token);
  const token = Buffer.from(deps.randomBytes(18)).toString("base64url");
  const expiresMs = nowMs + FORECAST_LIFE_MS;
  kept.set(token, { forecast, expiresMs });
  const { to, cursor, listed, oldestListed, toFetch, waiting, here, gone } = forecast;
  const seconds = ({ files }: FileAmount) => perMinute && Math.ceil((files / perMinute) * 60);
  return {
    token,
    expiresAt: new Date(expiresMs).toISOString(),
    ...{ to, cursor, listed, oldestListed, toFetch, waiting, here, gone },
    secondsToFetch: seconds(toFetch),
    secondsToRefetch: seconds(here),
  };
}

/** What the key's budget for downloads allows now. */
async function requestsPerMinute({ engine }: ApiDeps, collectorId: string, dataSource: string) {
  const activity = await engine.activity();
  const own = activity.find(({ key }) => key.collectorId === collectorId && key.dataSource === dataSource);
  const rates = Object.values(own?.requestsPerMinute ?? {});
  return rates.length === 0 ? undefined : Math.min(...rates);
}

function take(
  deps: ApiDeps,
  kept: ReadonlyMap<string, Kept>,
  { id, name }: { readonly id: string; readonly name: string },
  token: string,
): RewindForecast {
  const found = kept.get(token);
  const { collectorId, dataSource } = found?.forecast.key ?? {};
  if (found && collectorId === id && dataSource === name && found.expiresMs > deps.now().getTime())
    return found.forecast;
  throw new Refusal("rewind_stale", "The forecast is not known, or too old to be confirmed", {
    action: "Make a new forecast",
  });
}

async function rewind(deps: ApiDeps, c: Context<ApiEnv>, forecast: RewindForecast, refetch: boolean): Promise<void> {
  const { key, to, after, hereIds, toFetch, here } = forecast;
  const by = recordName(identityOf(c));
  const again = refetch ? hereIds : [];
  await deps.store.requestRewind(key, { to, again, after, by, at: deps.now().toISOString() });
  recordChange(deps, c, "data_source.rewound", key.collectorId, {
    dataSource: key.dataSource,
    to,
    from: forecast.cursor,
    filesToFetch: toFetch.files,
    filesAgain: refetch ? here.files : 0,
  });
  await deps.engine.scanNow(key.collectorId);
}
