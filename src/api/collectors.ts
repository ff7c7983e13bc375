import { z } from "@hono/zod-openapi";
import { collectorDefaults } from "../model/collector.ts";
import type { NewCollector } from "../model/control.ts";
import { parseDuration } from "../model/duration.ts";
import { changeCollector } from "./changing.ts";
import {
  CollectorChangeBody,
  CollectorDetailSchema,
  CollectorRowSchema,
  NewCollectorBody,
  SavedCollector,
} from "./collector-schemas.ts";
import { collectorDetail, collectorRows } from "./collector-status.ts";
import type { ApiDeps } from "./deps.ts";
import { DraftRowSchema, draftRows } from "./drafts.ts";
import { Refusal } from "./errors.ts";
import { checkDataSources, readSettings, sameTargets, warnOfSameTargets } from "./installing.ts";
import { applyPlans, plansOf } from "./plans.ts";
import { recordChange } from "./record.ts";
import { beginRemoval } from "./removals.ts";
import { type ApiRoute, type Call, route } from "./route.ts";
import { Id } from "./schemas.ts";

const tag = "collectors";
const List = z
  .object({ collectors: z.array(CollectorRowSchema).readonly(), drafts: z.array(DraftRowSchema).readonly() })
  .openapi("CollectorList");

/** Collectors: seeing, installing, changing and removing them. */
export const collectorRoutes = (deps: ApiDeps): readonly ApiRoute[] => [...readingRoutes(deps), ...writingRoutes(deps)];

function readingRoutes(deps: ApiDeps): readonly ApiRoute[] {
  return [
    route(
      {
        method: "get",
        path: "/collectors",
        tag,
        summary: "All collectors with their state, and what is half filled in",
        permission: "collectors.read",
        answer: List,
      },
      async () => ({ collectors: await collectorRows(deps), drafts: draftRows(deps) }),
    ),
    route(
      {
        method: "get",
        path: "/collectors/{id}",
        tag,
        summary: "One collector with its data sources and what stands in their way",
        permission: "collectors.read",
        params: Id,
        answer: CollectorDetailSchema,
      },
      ({ params }) => requireDetail(deps, params.id),
    ),
  ];
}

function writingRoutes(deps: ApiDeps): readonly ApiRoute[] {
  return [
    route(
      {
        method: "post",
        path: "/collectors",
        tag,
        summary: "Install a collector; it starts at once",
        permission: "collectors.write",
        body: NewCollectorBody,
        answer: SavedCollector,
        status: 201,
      },
      (call) => install(deps, call),
    ),
    route(
      {
        method: "patch",
        path: "/collectors/{id}",
        tag,
        summary: "Change a collector; another address clears its secrets",
        permission: "collectors.write",
        params: Id,
        body: CollectorChangeBody,
        answer: SavedCollector,
      },
      async ({ c, params, body }) => {
        const warnings = changeCollector(deps, c, params.id, body);
        await applyPlans(deps);
        return { collector: await requireDetail(deps, params.id), warnings };
      },
    ),
    route(
      {
        method: "delete",
        path: "/collectors/{id}",
        tag,
        summary: "Remove a collector and keep or remove its events",
        permission: "collectors.write",
        params: Id,
        query: z.object({ events: z.enum(["keep", "remove"]).default("keep") }),
      },
      async ({ c, params, query }) => {
        const removal = deps.control.together(() => {
          deps.control.deleteCollector(params.id);
          recordChange(deps, c, "collector.deleted", params.id, { events: query.events });
          return query.events === "remove" ? beginRemoval(deps, params.id) : undefined;
        });
        await applyPlans(deps);
        removal?.();
      },
    ),
  ];
}

async function install(deps: ApiDeps, { c, body }: Call<unknown, unknown, z.infer<typeof NewCollectorBody>>) {
  const { control } = deps;
  const given = readSettings(deps, body.connector, body.settings, { draftId: body.draftId });
  checkDataSources(given.connector, body.dataSources);
  const others = sameTargets(plansOf(deps), { ...given, dataSources: body.dataSources });
  const warnings = warnOfSameTargets(others, body.acceptWarnings === true);
  const created = control.together(() => {
    const collector = control.createCollector(newCollector(body, given.settings), given.secrets);
    if (body.draftId !== undefined) control.deleteDraft(body.draftId);
    recordChange(deps, c, "collector.created", collector.id, { name: collector.name, connector: collector.connector });
    return collector;
  });
  await applyPlans(deps);
  return { collector: await requireDetail(deps, created.id), warnings };
}

const newCollector = (body: z.infer<typeof NewCollectorBody>, settings: Record<string, unknown>): NewCollector => ({
  name: body.name,
  connector: body.connector,
  settings,
  dataSources: body.dataSources,
  pausedDataSources: [],
  siteId: body.siteId ?? undefined,
  timezone: body.timezone ?? undefined,
  start: body.start ?? undefined,
  pollIntervalMs: durationOr(body.pollInterval, collectorDefaults.pollIntervalMs),
  overlapMs: durationOr(body.overlap, collectorDefaults.overlapMs),
  requestsPerMinute: body.requestsPerMinute ?? collectorDefaults.requestsPerMinute,
  retentionDays: body.retentionDays ?? undefined,
  paused: false,
  managedBy: "console",
});

const durationOr = (text: string | undefined, standard: number) =>
  text === undefined ? standard : (parseDuration(text) ?? standard);

async function requireDetail(deps: ApiDeps, id: string) {
  const detail = await collectorDetail(deps, id);
  if (detail === undefined) throw new Refusal("not_found", `There is no collector ${id}`);
  return detail;
}
