import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { recordName } from "../model/access.ts";
import type { CollectorChange } from "../model/control.ts";
import { instantUs } from "../model/time.ts";
import { requireCollector } from "./changing.ts";
import { exportYaml } from "./collector-yaml.ts";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { DraftSchema } from "./drafts.ts";
import { Refusal } from "./errors.ts";
import { bucketsOf } from "./event-filter.ts";
import { applyPlans, connectorOf, secretNamesOf } from "./plans.ts";
import { recordChange } from "./record.ts";
import { type ApiRoute, identityOf, route } from "./route.ts";
import { GivenInstant, Id, SecretInfoSchema, Volume, VolumeBucketSchema } from "./schemas.ts";

const tag = "collectors";
const operate = { method: "post", tag, permission: "collectors.operate" } as const;
const read = { method: "get", tag, permission: "collectors.read", params: Id } as const;

/** What is done to an installed collector, and what can be looked at of it. */
export const collectorActionRoutes = (deps: ApiDeps): readonly ApiRoute[] => [
  ...runRoutes(deps),
  ...repairRoutes(deps),
  ...editRoutes(deps),
  ...lookRoutes(deps),
];

function runRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const SourceOf = z.object({ id: z.string(), name: z.string() });
  const pause = (action: "pause" | "resume") => [
    route(
      { ...operate, path: `/collectors/{id}/${action}`, summary: `${verbs[action]} a collector`, params: Id },
      ({ c, params }) => change(deps, c, params.id, `collector.${action}d`, { paused: action === "pause" }),
    ),
    route(
      {
        ...operate,
        path: `/collectors/{id}/data-sources/{name}/${action}`,
        summary: `${verbs[action]} one data source`,
        params: SourceOf,
      },
      ({ c, params: { id, name } }) => {
        const { dataSources, pausedDataSources } = requireCollector(deps, id);
        if (!dataSources.includes(name)) throw new Refusal("not_found", `There is no data source ${name} in it`);
        const others = pausedDataSources.filter((one) => one !== name);
        const paused = action === "pause" ? [...others, name] : others;
        return change(deps, c, id, `data_source.${action}d`, { pausedDataSources: paused }, name);
      },
    ),
  ];
  const scan = route(
    { ...operate, path: "/collectors/{id}/scan", summary: "Look for new files now", params: Id },
    async ({ c, params }) => {
      const { id } = requireCollector(deps, params.id);
      recordChange(deps, c, "collector.scanned", id);
      await deps.engine.scanNow(id);
    },
  );
  return [...pause("pause"), ...pause("resume"), scan];
}

const verbs = { pause: "Pause", resume: "Resume" } as const;

async function change(
  deps: ApiDeps,
  c: Context<ApiEnv>,
  id: string,
  action: string,
  what: CollectorChange,
  dataSource?: string,
) {
  deps.control.together(() => {
    deps.control.updateCollector(id, what);
    recordChange(deps, c, action, id, dataSource === undefined ? undefined : { dataSource });
  });
  await applyPlans(deps);
}

function repairRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const Acknowledgement = z.union([
    z.strictObject({ gap: z.int() }),
    z.strictObject({ quarantined: z.int() }),
    z.strictObject({ file: z.string().min(1).max(500) }),
  ]);
  return [
    route(
      {
        ...operate,
        path: "/collectors/{id}/files/{fileId}/retry",
        summary: "Try a file again that was set aside",
        params: z.object({ id: z.string(), fileId: z.string() }),
      },
      async ({ c, params: { id, fileId } }) => {
        const { dataSources } = requireCollector(deps, id);
        for (const dataSource of dataSources) {
          if (!(await deps.store.retryFile({ collectorId: id, dataSource }, fileId))) continue;
          recordChange(deps, c, "file.retried", id, { fileId });
          await deps.engine.scanNow(id);
          return;
        }
        throw new Refusal("not_found", "No such file was set aside");
      },
    ),
    route(
      {
        ...operate,
        path: "/acknowledgements",
        summary: "Say that somebody has seen a gap, a line or a file that was set aside",
        body: Acknowledgement,
      },
      async ({ c, body }) => {
        const known = await deps.store.acknowledge(body, recordName(identityOf(c)), deps.now().toISOString());
        if (!known) throw new Refusal("not_found", "There is no such thing that waits to be acknowledged");
        recordChange(deps, c, "acknowledged", undefined, body);
      },
    ),
  ];
}

function editRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const write = { tag, permission: "collectors.write" } as const;
  return [
    route(
      {
        ...write,
        method: "put",
        path: "/collectors/{id}/secrets/{name}",
        summary: "Enter a secret anew; it cannot be read back",
        params: z.object({ id: z.string(), name: z.string() }),
        body: z.strictObject({ value: z.string().min(1).max(10_000) }),
        answer: SecretInfoSchema,
      },
      async ({ c, params: { id, name }, body }) => {
        const info = setSecret(deps, c, id, name, body.value);
        await applyPlans(deps);
        return info;
      },
    ),
    route(
      {
        ...write,
        method: "post",
        path: "/collectors/{id}/duplicate",
        summary: "Begin a draft with the settings of a collector, its secrets included",
        params: Id,
        answer: DraftSchema,
        status: 201,
      },
      ({ c, params }) => duplicate(deps, c, params.id),
    ),
  ];
}

function setSecret(deps: ApiDeps, c: Context<ApiEnv>, id: string, name: string, value: string) {
  const collector = requireCollector(deps, id);
  const connector = connectorOf(deps.connectors, collector.connector);
  if (!secretNamesOf(connector).has(name)) throw new Refusal("not_found", `${connector.title} has no secret ${name}`);
  return deps.control.together(() => {
    // Refused for what the file manages; changes nothing.
    deps.control.updateCollector(id, { name: collector.name });
    recordChange(deps, c, "secret.set", id, { name });
    return deps.control.setSecret(id, name, value.trim());
  });
}

function duplicate(deps: ApiDeps, c: Context<ApiEnv>, id: string) {
  const { control } = deps;
  const { name, connector, settings, ...rest } = requireCollector(deps, id);
  const whole = control.settingsWithSecrets({ collectorId: id });
  const secrets = control.secrets(id).map((secret) => [secret.name, String(whole[secret.name])]);
  const { dataSources, siteId, timezone, start, requestsPerMinute, retentionDays } = rest;
  const values = {
    name: `${name} copy`,
    settings,
    dataSources,
    siteId,
    timezone,
    start,
    requestsPerMinute,
    retentionDays,
  };
  return control.together(() => {
    const who = recordName(identityOf(c));
    const draft = control.saveDraft({ connector, values, secrets: Object.fromEntries(secrets) }, who);
    recordChange(deps, c, "collector.duplicated", id, { draft: draft.id });
    return draft;
  });
}

function lookRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const VolumeAnswer = z
    .object({ stepMs: z.number(), buckets: z.array(VolumeBucketSchema).readonly(), total: Volume })
    .openapi("VolumeSeries");
  const VolumeQuery = z.object({
    from: GivenInstant.optional(),
    to: GivenInstant.optional(),
    by: z.enum(["ingest", "event"]).default("ingest"),
    source: z.string().optional(),
  });
  return [
    route(
      {
        ...read,
        path: "/collectors/{id}/volume",
        summary: "Events and bytes over time, in at most 300 buckets; without bounds the last day",
        query: VolumeQuery,
        answer: VolumeAnswer,
      },
      ({ params, query }) => volume(deps, params.id, query),
    ),
    route(
      {
        ...read,
        path: "/collectors/{id}/export.yaml",
        summary: "The collector for the configuration file; its secrets as references to the environment",
        media: "application/yaml",
      },
      ({ c, params }) => {
        const yaml = exportYaml(deps, requireCollector(deps, params.id));
        return c.body(yaml, 200, { "content-type": "application/yaml; charset=utf-8" });
      },
    ),
  ];
}

async function volume(
  deps: ApiDeps,
  collectorId: string,
  query: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly by: "ingest" | "event";
    readonly source?: string | undefined;
  },
) {
  const { dataSources } = requireCollector(deps, collectorId);
  const names = query.source === undefined ? dataSources : [query.source];
  const end = query.to === undefined ? deps.now().getTime() : instantUs(query.to)! / 1_000;
  const start = query.from === undefined ? end - 86_400_000 : instantUs(query.from)! / 1_000;
  if (start >= end) throw new Refusal("invalid", "Not valid: from", { fields: { from: "It is not before to" } });
  const period = bucketsOf(start, end, 300);
  const sources = names.map((dataSource) => ({ collectorId, dataSource }));
  const buckets = await deps.reader.volume({ sources, by: query.by, ...period });
  const total = buckets.reduce(
    (sum, { events, bytes }) => ({ events: sum.events + events, bytes: sum.bytes + bytes }),
    { events: 0, bytes: 0 },
  );
  return { stepMs: period.stepMs, buckets, total };
}
