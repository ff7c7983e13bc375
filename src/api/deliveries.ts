// What became of events: receipts by the hour, dead letters, replays.
import { z } from "@hono/zod-openapi";
import { recordName } from "../model/access.ts";
import type { DeadLetter, Replay } from "../model/delivery.ts";
import { instantUs } from "../model/time.ts";
import type { ApiDeps } from "./deps.ts";
import { DeadLetterSchema, ReceiptSchema, ReplaySchema } from "./destination-schemas.ts";
import { requireDestination } from "./destinations.ts";
import { Refusal } from "./errors.ts";
import { MOST_HOURS, receiptRows } from "./receipt-rows.ts";
import { recordChange } from "./record.ts";
import { type ApiRoute, identityOf, route } from "./route.ts";
import { GivenInstant, Id } from "./schemas.ts";

const tag = "destinations";

const Letters = z.strictObject({ ids: z.union([z.literal("all"), z.array(z.int().positive()).min(1).max(1_000)]) });
const ReplayBody = z.strictObject({
  collectorIds: z.array(z.string().min(1).max(100)).min(1).max(100).optional(),
  dataSource: z.string().min(1).max(100).optional(),
  from: GivenInstant.optional(),
  to: GivenInstant.optional(),
});

export const deliveryRoutes = (deps: ApiDeps): readonly ApiRoute[] => [
  ...receiptRoutes(deps),
  ...letterRoutes(deps),
  ...replayRoutes(deps),
];

function receiptRoutes(deps: ApiDeps): readonly ApiRoute[] {
  return [
    route(
      {
        method: "get",
        tag,
        permission: "destinations.read",
        path: "/destinations/{id}/receipts",
        summary: "What became of the events of each hour, and whether the sums add up",
        params: Id,
        query: z.object({ hours: z.coerce.number().int().min(1).max(MOST_HOURS).default(24) }),
        answer: z.array(ReceiptSchema).readonly(),
      },
      async ({ params, query }) => {
        requireDestination(deps, params.id);
        return await receiptRows(deps.deliveryReader, params.id, { now: deps.now(), hours: query.hours });
      },
    ),
  ];
}

function letterRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const change = (word: "retry" | "discard", summary: string) =>
    route(
      {
        method: "post",
        tag,
        permission: "destinations.operate",
        path: `/destinations/{id}/dead-letters/${word}`,
        summary,
        params: Id,
        body: Letters,
        answer: z.object({ changed: z.int() }),
      },
      async ({ c, params, body }) => {
        requireDestination(deps, params.id);
        const by = recordName(identityOf(c));
        const changed = await deps.deliveryStore.changeLetters(
          params.id,
          body.ids,
          word === "retry" ? "again" : "discarded",
          by,
        );
        recordChange(deps, c, `dead_letters.${word}`, params.id, { changed });
        await deps.deliveries.wake(params.id);
        return { changed };
      },
    );
  return [
    route(
      {
        method: "get",
        tag,
        permission: "destinations.read",
        path: "/destinations/{id}/dead-letters",
        summary: "Events that the destination refuses, the latest first; the events themselves are read by their seq",
        params: Id,
        query: z.object({
          state: z.enum(["dead", "again", "delivered", "discarded"]).optional(),
          before: z.coerce.number().int().positive().optional(),
          limit: z.coerce.number().int().min(1).max(500).default(100),
        }),
        answer: z.array(DeadLetterSchema).readonly(),
      },
      async ({ params, query }) => {
        requireDestination(deps, params.id);
        return (await deps.deliveryReader.deadLetters({ destinationId: params.id, ...query })).map(shownLetter);
      },
    ),
    change("retry", "Send dead letters again"),
    change("discard", "Give dead letters up; they stay listed as discarded"),
  ];
}

function shownLetter({ deliveryId: _delivery, destinationId: _destination, hour: _hour, ...letter }: DeadLetter) {
  return letter;
}

function replayRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const common = { tag, permission: "destinations.operate", params: Id } as const;
  return [
    route(
      {
        ...common,
        method: "get",
        permission: "destinations.read",
        path: "/destinations/{id}/replays",
        summary: "Parts of the log that the destination takes again",
        answer: z.array(ReplaySchema).readonly(),
      },
      async ({ params }) => (await deps.deliveryReader.replays(params.id)).map(shownReplay),
    ),
    route(
      {
        ...common,
        method: "post",
        path: "/destinations/{id}/replays/forecast",
        summary: "How many events a replay would send; nothing is sent",
        body: ReplayBody,
        answer: z.object({ events: z.int() }),
      },
      async ({ params, body }) => ({ events: (await forecast(deps, params.id, body)).events }),
    ),
    route(
      {
        ...common,
        method: "post",
        path: "/destinations/{id}/replays",
        summary: "Send a part of the log again, beside live delivery; upstream is not asked",
        body: ReplayBody,
        answer: ReplaySchema,
        status: 201,
      },
      async ({ c, params, body }) => {
        const wanted = await forecast(deps, params.id, body);
        const by = recordName(identityOf(c));
        const id = await deps.deliveryStore.requestReplay({ ...wanted, by, at: deps.now().toISOString() });
        recordChange(deps, c, "destination.replayed", params.id, { ...body, events: wanted.events });
        await deps.deliveries.wake(params.id);
        const replay = (await deps.deliveryReader.replays(params.id)).find((one) => one.id === id);
        return shownReplay(replay!);
      },
    ),
    route(
      {
        ...common,
        method: "post",
        path: "/destinations/{id}/replays/{replay}/cancel",
        summary: "Stop a replay; what has been sent stays sent",
        params: z.object({ id: z.string(), replay: z.coerce.number().int().positive() }),
      },
      async ({ c, params }) => {
        const own = (await deps.deliveryReader.replays(params.id)).some(({ id }) => id === params.replay);
        const by = recordName(identityOf(c));
        if (!own || !(await deps.deliveryStore.cancelReplay(params.replay, by, deps.now().toISOString())))
          throw new Refusal("not_found", "No such replay is under way");
        recordChange(deps, c, "destination.replay_cancelled", params.id, { replay: params.replay });
      },
    ),
  ];
}

async function forecast(deps: ApiDeps, destinationId: string, body: z.infer<typeof ReplayBody>) {
  const destination = requireDestination(deps, destinationId);
  const known = deps.control.collectors().map(({ id }) => id);
  const own = destination.collectorIds ?? known;
  const collectorIds = body.collectorIds ?? own;
  const foreign = collectorIds.find((id) => !own.includes(id) || !known.includes(id));
  if (foreign !== undefined)
    throw new Refusal("invalid", `${destination.name} takes nothing of the collector ${foreign}`, {
      fields: { collectorIds: `Not a collector of this destination: ${foreign}` },
    });
  const bounds = {
    dataSource: body.dataSource,
    fromUs: body.from === undefined ? undefined : instantUs(body.from),
    toUs: body.to === undefined ? undefined : instantUs(body.to),
  };
  const counts = await Promise.all(
    collectorIds.map((collectorId) => deps.deliveryReader.countLog({ collectorId, after: 0, ...bounds })),
  );
  return { destinationId, collectorIds, ...bounds, events: counts.reduce((sum, count) => sum + count, 0) };
}

function shownReplay({ fromUs, toUs, destinationId: _, ...replay }: Replay) {
  const instant = (us: number | undefined) => (us === undefined ? undefined : new Date(us / 1_000).toISOString());
  return { ...replay, from: instant(fromUs), to: instant(toUs) };
}
