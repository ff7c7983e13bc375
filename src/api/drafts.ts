import { z } from "@hono/zod-openapi";
import { recordName } from "../model/access.ts";
import type { Connector } from "../model/connector.ts";
import type { Draft } from "../model/control.ts";
import type { ApiDeps } from "./deps.ts";
import { Refusal } from "./errors.ts";
import { addressChanged, connectorOf, draftSettings, secretNamesOf } from "./plans.ts";
import { recordChange } from "./record.ts";
import { type ApiRoute, identityOf, route } from "./route.ts";
import { Id, Instant, SecretInfoSchema, Settings } from "./schemas.ts";

const tag = "drafts";

export const DraftRowSchema = z
  .object({
    id: z.string(),
    connector: z.string(),
    connectorTitle: z.string(),
    name: z.string().optional(),
    updatedAt: Instant,
  })
  .openapi("DraftRow");

export const DraftSchema = z
  .object({
    id: z.string(),
    connector: z.string(),
    values: Settings,
    secrets: z.array(SecretInfoSchema).readonly(),
    updatedAt: Instant,
    updatedBy: z.string(),
  })
  .openapi("Draft");

const Given = {
  values: Settings.optional(),
  secrets: z.record(z.string(), z.string().max(10_000)).optional(),
};
const NewDraft = z.strictObject({ connector: z.string(), ...Given });
const DraftChange = z.strictObject(Given);

const Evaluation = z
  .object({
    findings: z
      .array(
        z.object({
          step: z.string(),
          field: z.string().optional(),
          tone: z.enum(["ok", "warn", "error"]),
          text: z.string(),
          blocks: z.boolean(),
        }),
      )
      .readonly(),
    mail: z.object({ to: z.string(), subject: z.string(), body: z.string() }).optional(),
  })
  .openapi("GuideEvaluation");

/** The drafts as the list of collectors shows them. */
export const draftRows = ({ control, connectors }: ApiDeps): z.infer<typeof DraftRowSchema>[] =>
  control.drafts().map(({ id, connector, values, updatedAt }) => ({
    id,
    connector,
    connectorTitle: connectors.find(({ name }) => name === connector)?.title ?? connector,
    name: typeof values.name === "string" && values.name !== "" ? values.name : undefined,
    updatedAt,
  }));

/** The New Collector form with its prerequisites wizard, half filled in. */
export const draftRoutes = (deps: ApiDeps): readonly ApiRoute[] => [...readingRoutes(deps), ...writingRoutes(deps)];

function readingRoutes(deps: ApiDeps): readonly ApiRoute[] {
  return [
    route(
      {
        method: "get",
        path: "/drafts",
        tag,
        summary: "All drafts",
        permission: "collectors.read",
        answer: z.array(DraftRowSchema).readonly(),
      },
      () => draftRows(deps),
    ),
    route(
      {
        method: "get",
        path: "/drafts/{id}",
        tag,
        summary: "One draft; of its secrets only what may be told",
        permission: "collectors.read",
        params: Id,
        answer: DraftSchema,
      },
      ({ params }) => requireDraft(deps, params.id),
    ),
    route(
      {
        method: "get",
        path: "/drafts/{id}/evaluation",
        tag,
        summary: "What the wizard makes of the values so far",
        permission: "collectors.read",
        params: Id,
        answer: Evaluation,
      },
      ({ params }) => evaluate(deps, requireDraft(deps, params.id)),
    ),
  ];
}

function writingRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const { control } = deps;
  return [
    route(
      {
        method: "post",
        path: "/drafts",
        tag,
        summary: "Begin a draft",
        permission: "collectors.write",
        body: NewDraft,
        answer: DraftSchema,
        status: 201,
      },
      ({ c, body }) => {
        const connector = connectorOf(deps.connectors, body.connector);
        const given = apart(connector, body.values ?? {}, body.secrets ?? {});
        const draft = control.saveDraft({ connector: body.connector, ...given }, recordName(identityOf(c)));
        recordChange(deps, c, "draft.created", draft.id);
        return draft;
      },
    ),
    route(
      {
        method: "patch",
        path: "/drafts/{id}",
        tag,
        summary: "Change a draft by key; null removes a value, another address its secrets",
        permission: "collectors.write",
        params: Id,
        body: DraftChange,
        answer: DraftSchema,
      },
      ({ c, params, body }) => changeDraft(deps, params.id, body, recordName(identityOf(c))),
    ),
    route(
      {
        method: "delete",
        path: "/drafts/{id}",
        tag,
        summary: "Throw a draft away",
        permission: "collectors.write",
        params: Id,
      },
      ({ c, params }) => {
        control.deleteDraft(params.id);
        recordChange(deps, c, "draft.deleted", params.id);
      },
    ),
  ];
}

function requireDraft({ control }: ApiDeps, id: string): Draft {
  const draft = control.draft(id);
  if (draft === undefined) throw new Refusal("not_found", `There is no draft ${id}`);
  return draft;
}

function changeDraft(deps: ApiDeps, id: string, body: z.infer<typeof DraftChange>, by: string): Draft {
  const draft = requireDraft(deps, id);
  const connector = connectorOf(deps.connectors, draft.connector);
  const given = apart(connector, body.values ?? {}, body.secrets ?? {});
  const merged = { ...draft.values, ...given.values };
  const values = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  const moved = addressChanged(connector, draftSettings(connector, draft.values), draftSettings(connector, values));
  const cleared = moved ? Object.fromEntries(draft.secrets.map(({ name }) => [name, ""])) : {};
  return deps.control.saveDraft(
    { id, connector: draft.connector, values, secrets: { ...cleared, ...given.secrets } },
    by,
  );
}

/** A secret that stands among the values by mistake is treated as one: it is never kept in the clear. */
function apart(
  connector: Connector,
  given: Readonly<Record<string, unknown>>,
  givenSecrets: Readonly<Record<string, string>>,
) {
  const hidden = secretNamesOf(connector);
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(givenSecrets)) secrets[name] = value.trim();
  const open = (values: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    const kept: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(values))
      if (!hidden.has(name)) kept[name] = value;
      else if (typeof value === "string" && value !== "") secrets[name] ??= value.trim();
    return kept;
  };
  const values = open(given);
  if (isRecord(values.settings)) values.settings = open(values.settings);
  return { values, secrets };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function evaluate({ connectors }: ApiDeps, { connector, values, secrets }: Draft) {
  const guide = connectorOf(connectors, connector).guide;
  if (guide === undefined) return { findings: [] };
  const texts = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const tails = secrets.map(({ name, last4 }) => [`${name}_last4`, last4]);
  const { findings, mail } = guide.evaluate(Object.fromEntries([...texts, ...tails]));
  return { findings: [...findings], mail };
}
