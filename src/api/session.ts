import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { permissions, permissionsOf, type Role, roles, type SignedIn } from "../model/access.ts";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { sendSession } from "./guards.ts";
import { type ApiRoute, route } from "./route.ts";

const SessionInfo = z
  .object({
    setupRequired: z.boolean(),
    account: z
      .object({
        name: z.string(),
        role: z.enum(roles),
        roles: z.array(z.enum(roles)).readonly(),
        permissions: z.array(z.enum(permissions)).readonly(),
      })
      .nullable(),
    version: z.string(),
  })
  .openapi("Session");

const name = z.string().min(1).max(100);
export const Password = z.string().min(1).max(1_000);
const token = z.string().min(1).max(200);
const Credentials = z.strictObject({ name, password: Password });
const SetUp = z.strictObject({ token, name, password: Password });
const Accept = z.strictObject({ token, password: Password });

/** Signing in and out, and the first account. */
export function sessionRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const { access } = deps;
  const info = (account: { readonly name: string; readonly roles: readonly Role[] } | undefined) => ({
    setupRequired: access.setupRequired(),
    account: account === undefined ? null : shown(account),
    version: deps.version,
  });
  const origin = (c: Context<ApiEnv>) => ({ ip: c.get("caller").ip });
  return [
    route(
      {
        method: "get",
        path: "/session",
        tag: "session",
        summary: "Who is signed in",
        permission: "public",
        answer: SessionInfo,
      },
      ({ c }) => info(c.get("identity")),
    ),
    route(
      {
        method: "post",
        path: "/setup",
        tag: "session",
        summary: "Make the first account with the set-up token that the server printed",
        permission: "public",
        body: SetUp,
        answer: SessionInfo,
        status: 201,
      },
      async ({ c, body }) => {
        const { account, session } = await access.setUp(body, origin(c));
        sendSession(c, session);
        return info(account);
      },
    ),
    route(
      {
        method: "post",
        path: "/session",
        tag: "session",
        summary: "Sign in",
        permission: "public",
        body: Credentials,
        answer: SessionInfo,
      },
      async ({ c, body }) => {
        const { account, session } = await access.signIn(body.name, body.password, origin(c));
        endEarlier(deps, c);
        sendSession(c, session);
        return info(account);
      },
    ),
    invitationRoute(deps, info),
    route({ method: "delete", path: "/session", tag: "session", summary: "Sign out", permission: "public" }, ({ c }) =>
      signOut(deps, c),
    ),
  ];
}

type Info = (account: SignedIn["account"] | undefined) => z.infer<typeof SessionInfo>;

function invitationRoute(deps: ApiDeps, info: Info): ApiRoute {
  return route(
    {
      method: "post",
      path: "/invitation",
      tag: "session",
      summary: "Choose the password of an account with its invitation, and sign in",
      permission: "public",
      body: Accept,
      answer: SessionInfo,
    },
    async ({ c, body }) => {
      const { account, session } = await deps.access.acceptInvitation(body, { ip: c.get("caller").ip });
      endEarlier(deps, c);
      sendSession(c, session);
      return info(account);
    },
  );
}

// A browser has one session.
function endEarlier({ access }: ApiDeps, c: Context<ApiEnv>) {
  const earlier = c.get("session");
  if (earlier !== undefined) access.signOut(earlier);
}

function signOut({ access }: ApiDeps, c: Context<ApiEnv>) {
  const session = c.get("session");
  const identity = c.get("identity");
  if (session !== undefined && identity !== undefined) {
    access.signOut(session);
    access.record({ who: identity.name, action: "sign_out", object: identity.id, detail: undefined });
  }
  sendSession(c, undefined);
}

function shown({ name, roles: held }: { readonly name: string; readonly roles: readonly Role[] }) {
  return { name, role: held[0] ?? ("viewer" as const), roles: held, permissions: [...permissionsOf(held)] };
}
