// Destinations: what there is, add, change, remove, and send at once.
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { DestinationChange, InstalledDestination } from "../model/destinations.ts";
import { parseDuration } from "../model/duration.ts";
import { settingFields } from "../model/settings-fields.ts";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import {
  DestinationChangeBody,
  DestinationKindSchema,
  DestinationSchema,
  NewDestinationBody,
} from "./destination-schemas.ts";
import { entered, kindOf, readDestination } from "./destination-settings.ts";
import { shownDestinations } from "./destination-status.ts";
import { Refusal } from "./errors.ts";
import { recordChange } from "./record.ts";
import { type ApiRoute, route } from "./route.ts";
import { Id } from "./schemas.ts";

const tag = "destinations";

export const destinationRoutes = (deps: ApiDeps): readonly ApiRoute[] => [
  ...lookingRoutes(deps),
  ...changingRoutes(deps),
  ...operatingRoutes(deps),
];

function lookingRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const common = { method: "get", tag, permission: "destinations.read" } as const;
  return [
    route(
      {
        ...common,
        path: "/destination-kinds",
        summary: "Where events can be delivered to",
        answer: z.array(DestinationKindSchema).readonly(),
      },
      () => deps.destinationKinds.map((kind) => shownKind(deps, kind)),
    ),
    route(
      {
        ...common,
        path: "/destinations",
        summary: "Destinations and where they stand",
        answer: z.array(DestinationSchema).readonly(),
      },
      () => shownDestinations(deps),
    ),
    route(
      { ...common, path: "/destinations/{id}", summary: "One destination", params: Id, answer: DestinationSchema },
      ({ params }) => shownOne(deps, params.id),
    ),
  ];
}

function changingRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const common = { tag, permission: "destinations.write" } as const;
  return [
    route(
      {
        ...common,
        method: "post",
        path: "/destinations",
        summary: "Add a destination",
        body: NewDestinationBody,
        answer: DestinationSchema,
        status: 201,
      },
      ({ c, body }) => create(deps, c, body),
    ),
    route(
      {
        ...common,
        method: "patch",
        path: "/destinations/{id}",
        summary: "Change a destination; another address clears its secrets",
        params: Id,
        body: DestinationChangeBody,
        answer: DestinationSchema,
      },
      ({ c, params, body }) => change(deps, c, params.id, body),
    ),
    route(
      {
        ...common,
        method: "delete",
        path: "/destinations/{id}",
        summary: "Remove a destination with its positions and dead letters",
        params: Id,
      },
      async ({ c, params }) => {
        deps.destinations.deleteDestination(params.id);
        recordChange(deps, c, "destination.deleted", params.id);
        await applyDestinations(deps);
        await deps.deliveryStore.removeDestination(params.id);
      },
    ),
  ];
}

function operatingRoutes(deps: ApiDeps): readonly ApiRoute[] {
  return [
    ...["pause", "resume"].map((word) =>
      route(
        {
          tag,
          permission: "destinations.operate",
          method: "post",
          path: `/destinations/{id}/${word}`,
          summary: word === "pause" ? "Hold back; the log keeps what comes in" : "Go on where it was paused",
          params: Id,
          answer: DestinationSchema,
        },
        async ({ c, params }) => {
          deps.destinations.updateDestination(params.id, { paused: word === "pause" }, {}, () => []);
          recordChange(deps, c, `destination.${word}d`, params.id);
          await applyDestinations(deps);
          return await shownOne(deps, params.id);
        },
      ),
    ),
    route(
      {
        tag,
        permission: "destinations.operate",
        method: "post",
        path: "/destinations/{id}/try-now",
        summary: "Try at once what waits for its next attempt",
        params: Id,
      },
      async ({ c, params }) => {
        requireDestination(deps, params.id);
        recordChange(deps, c, "destination.tried", params.id);
        await deps.deliveries.wake(params.id);
      },
    ),
  ];
}

function shownKind(deps: ApiDeps, kind: ApiDeps["destinationKinds"][number]) {
  const { name, title, description, group, address, guarantee, guaranteeNote, limits, concurrency } = kind;
  const formats = kind.formats.map((wanted) => deps.formats.find((format) => format.name === wanted)!);
  return {
    ...{ name, title, description, group, address, guarantee, guaranteeNote, limits },
    settings: settingFields(kind.settings),
    formats: formats.map(({ name: format, title: shown, description: about }) => ({
      name: format,
      title: shown,
      description: about,
    })),
    ordered: concurrency === 1,
  };
}

async function create(deps: ApiDeps, c: Context<ApiEnv>, body: z.infer<typeof NewDestinationBody>) {
  const { kind, settings, secrets } = readDestination(deps, body.kind, body.settings, undefined);
  const format = body.format ?? kind.formats[0]!;
  refuseFormat(kind, format);
  refuseUnknownCollectors(deps, body.collectorIds);
  const created = deps.destinations.createDestination(
    {
      name: body.name,
      kind: kind.name,
      settings,
      format,
      filter: body.filter ?? undefined,
      masking: body.masking ?? undefined,
      collectorIds: body.collectorIds ?? undefined,
      from: body.from ?? "start",
      maxBatchEvents: body.maxBatchEvents ?? undefined,
      maxBatchBytes: body.maxBatchBytes ?? undefined,
      maxAgeMs: body.maxAge ? parseDuration(body.maxAge) : undefined,
      paused: body.paused ?? false,
      managedBy: "console",
    },
    entered(secrets),
  );
  recordChange(deps, c, "destination.created", created.id, { name: created.name, kind: kind.name });
  await applyDestinations(deps);
  return await shownOne(deps, created.id);
}

async function change(deps: ApiDeps, c: Context<ApiEnv>, id: string, body: z.infer<typeof DestinationChangeBody>) {
  const before = requireDestination(deps, id);
  const kind = kindOf(deps, before.kind);
  const read = body.settings && readDestination(deps, kind.name, body.settings, id);
  if (body.format) refuseFormat(kind, body.format);
  refuseUnknownCollectors(deps, body.collectorIds);
  const { settings: _settings, maxAge, ...rest } = body;
  const named = Object.fromEntries(
    Object.entries(rest)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, value ?? undefined]),
  ) as DestinationChange;
  const wanted: DestinationChange = {
    ...named,
    ...(read && { settings: read.settings }),
    ...(maxAge !== undefined && { maxAgeMs: maxAge === null ? undefined : parseDuration(maxAge) }),
  };
  deps.destinations.updateDestination(id, wanted, read?.secrets ?? {}, () => kind.address);
  recordChange(deps, c, "destination.changed", id, { changed: Object.keys(body) });
  await applyDestinations(deps);
  return await shownOne(deps, id);
}

function refuseFormat({ title, formats }: ApiDeps["destinationKinds"][number], format: InstalledDestination["format"]) {
  if (!formats.includes(format))
    throw new Refusal("invalid", `${title} does not take the format ${format}`, {
      fields: { format: `Expected one of ${formats.join(", ")}` },
    });
}

function refuseUnknownCollectors({ control }: ApiDeps, ids: readonly string[] | null | undefined) {
  const unknown = ids?.find((id) => control.collector(id) === undefined);
  if (unknown !== undefined)
    throw new Refusal("invalid", `There is no collector ${unknown}`, {
      fields: { collectorIds: `There is no collector ${unknown}` },
    });
}

export function requireDestination({ destinations }: ApiDeps, id: string): InstalledDestination {
  const destination = destinations.destination(id);
  if (destination === undefined) throw new Refusal("not_found", `There is no destination ${id}`);
  return destination;
}

async function shownOne(deps: ApiDeps, id: string) {
  requireDestination(deps, id);
  return (await shownDestinations(deps)).find((one) => one.id === id)!;
}

/** Tells the delivery engine what there now is to deliver to. */
export const applyDestinations = ({ deliveries, destinations, parseDestination }: ApiDeps): Promise<void> =>
  deliveries.apply(destinations.destinationPlans(parseDestination));
