import { z } from "@hono/zod-openapi";
import { permissionsOf, recordName, roles } from "../model/access.ts";
import type { ApiDeps } from "./deps.ts";
import { Refusal } from "./errors.ts";
import { recordChange, recordRead } from "./record.ts";
import { type ApiRoute, identityOf, route } from "./route.ts";
import { Id, Instant } from "./schemas.ts";

const tag = "access";

const tokenInfo = {
  id: z.string(),
  name: z.string(),
  role: z.enum(roles),
  createdAt: Instant,
  createdBy: z.string(),
  expiresAt: Instant,
  lastUsedAt: Instant.optional(),
};

const NewToken = z.strictObject({
  name: z.string(),
  role: z.enum(roles),
  expiresInDays: z.int().min(1).max(365).default(90),
});

const AccessEntrySchema = z
  .object({
    id: z.int(),
    at: Instant,
    who: z.string(),
    action: z.string(),
    object: z.string().optional(),
    detail: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi("AccessEntry");

const RecordPage = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  before: z.coerce.number().int().positive().optional(),
});

/** API tokens, and who did and read what. */
export const tokenAndRecordRoutes = (deps: ApiDeps): readonly ApiRoute[] => [
  ...tokenRoutes(deps),
  ...recordRoutes(deps),
];

function tokenRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const { access } = deps;
  const common = { tag, permission: "tokens.write" } as const;
  return [
    route(
      {
        ...common,
        method: "get",
        path: "/tokens",
        summary: "API tokens that are not revoked",
        answer: z.array(z.object(tokenInfo).openapi("Token")).readonly(),
      },
      () => access.tokens(),
    ),
    route(
      {
        ...common,
        method: "post",
        path: "/tokens",
        summary: "Make an API token; it is shown this once",
        body: NewToken,
        answer: z.object({ ...tokenInfo, token: z.string() }).openapi("NewTokenAnswer"),
        status: 201,
      },
      ({ c, body }) => {
        const identity = identityOf(c);
        refuseMoreThanOwn(permissionsOf(identity.roles), body.role);
        return deps.control.together(() => {
          const { text, info } = access.createToken({ ...body, createdBy: recordName(identity) });
          recordChange(deps, c, "token.created", info.id, { name: info.name, role: info.role });
          return { ...info, token: text };
        });
      },
    ),
    route(
      { ...common, method: "delete", path: "/tokens/{id}", summary: "Revoke an API token", params: Id },
      ({ c, params }) => {
        access.revokeToken(params.id);
        recordChange(deps, c, "token.revoked", params.id);
      },
    ),
  ];
}

function recordRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const { access } = deps;
  return [
    route(
      {
        method: "get",
        path: "/access-record",
        tag,
        summary: "Who did and read what, newest first; reading it is recorded",
        permission: "access-record.read",
        query: RecordPage,
        answer: z.array(AccessEntrySchema).readonly(),
      },
      ({ c, query }) => {
        const entries = access.accessRecord(query);
        recordRead(deps, c, "access_record.read", undefined, { rows: entries.length });
        return entries.map(({ detail, ...entry }) => ({ ...entry, detail: detail && { ...detail } }));
      },
    ),
  ];
}

// Otherwise a token would be a way to content for an administrator who may not read it.
function refuseMoreThanOwn(own: ReadonlySet<string>, role: (typeof roles)[number]) {
  const more = [...permissionsOf([role])].filter((permission) => !own.has(permission));
  if (more.length === 0) return;
  throw new Refusal("forbidden", `A token of the role ${role} could do more than you can (${more.join(", ")})`, {
    action: "Choose a role within your own permissions, or use cistern token create on the server.",
    fields: { role: "More than your own permissions" },
  });
}
