// The people who may sign in. Nobody chooses another person's password: there are links that are good once.
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type Account, type Invited, permissionsOf, type Role, roles } from "../model/access.ts";
import { CollectorError } from "../model/errors.ts";
import type { ApiDeps, ApiEnv } from "./deps.ts";
import { Refusal } from "./errors.ts";
import { sendSession } from "./guards.ts";
import { recordChange } from "./record.ts";
import { type ApiRoute, identityOf, route } from "./route.ts";
import { Id, Instant } from "./schemas.ts";
import { Password } from "./session.ts";

const AccountSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    roles: z.array(z.enum(roles)).readonly(),
    createdAt: Instant,
    lastSignInAt: Instant.optional(),
    invitedUntil: Instant.optional(),
  })
  .openapi("Account");

const InvitedSchema = z
  .object({ account: AccountSchema, invitation: z.object({ token: z.string(), expiresAt: Instant }) })
  .openapi("Invited");

const Roles = z
  .array(z.enum(roles))
  .min(1, { error: "Choose at least one role" })
  .max(20)
  .transform((given) => roles.filter((role) => given.includes(role)));
const NewAccount = z.strictObject({ name: z.string().max(200), roles: Roles });
const RolesChange = z.strictObject({ roles: Roles });
const PasswordChange = z.strictObject({ current: Password, password: Password });

/** Accounts: who can sign in, with which roles, and how they come to a password. */
export const accountRoutes = (deps: ApiDeps): readonly ApiRoute[] => [
  ...listRoutes(deps),
  ...changeRoutes(deps),
  ownPasswordRoute(deps),
];

function listRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const common = { tag: "access", path: "/accounts" } as const;
  return [
    route(
      {
        ...common,
        method: "get",
        summary: "All accounts",
        permission: "accounts.read",
        answer: z.array(AccountSchema).readonly(),
      },
      () => deps.access.accounts(),
    ),
    route(
      {
        ...common,
        method: "post",
        summary: "Make an account; its person chooses the password with the invitation, shown this once",
        permission: "accounts.write",
        body: NewAccount,
        answer: InvitedSchema,
        status: 201,
      },
      ({ c, body }) =>
        deps.control.together(() => {
          const made = deps.access.inviteAccount(body);
          recordChange(deps, c, "account.created", made.account.id, { name: made.account.name, roles: body.roles });
          return shown(made);
        }),
    ),
  ];
}

function changeRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const { access, control } = deps;
  const common = { tag: "access", permission: "accounts.write", params: Id } as const;
  return [
    route(
      {
        ...common,
        method: "patch",
        path: "/accounts/{id}",
        summary: "Give an account other roles; its sessions end",
        body: RolesChange,
        answer: AccountSchema,
      },
      ({ c, params, body }) => {
        refuseMoreForOneself(c, params.id, body.roles);
        return control.together(() => {
          const account = access.changeRoles(params.id, body.roles);
          recordChange(deps, c, "account.changed", account.id, { name: account.name, roles: body.roles });
          return account;
        });
      },
    ),
    route(
      {
        ...common,
        method: "post",
        path: "/accounts/{id}/password-reset",
        summary: "Take an account's password and sessions away; the invitation to choose another is shown this once",
        answer: InvitedSchema,
      },
      ({ c, params }) => {
        refuseOwnReset(c, params.id);
        return control.together(() => {
          const reset = access.resetPassword(params.id);
          recordChange(deps, c, "account.password_reset", params.id, { name: reset.account.name });
          return shown(reset);
        });
      },
    ),
    route(
      { ...common, method: "delete", path: "/accounts/{id}", summary: "Remove an account; its sessions end" },
      ({ c, params }) =>
        control.together(() => {
          const { name } = access.removeAccount(params.id);
          recordChange(deps, c, "account.removed", params.id, { name });
        }),
    ),
  ];
}

function ownPasswordRoute({ access }: ApiDeps): ApiRoute {
  return route(
    {
      method: "put",
      path: "/session/password",
      tag: "session",
      summary: "Change the own password; every other session of the account ends",
      permission: "signed-in",
      body: PasswordChange,
    },
    async ({ c, body }) => {
      const { kind, id } = identityOf(c);
      if (kind !== "account")
        throw new Refusal("invalid", "An API token has no password", { action: "Sign in with the account itself." });
      sendSession(c, await access.changePassword(id, body, { ip: c.get("caller").ip }).catch(saidOfPresent));
    },
  );
}

function saidOfPresent(error: unknown): never {
  if (!(error instanceof CollectorError) || error.reason !== "wrong_credentials") throw error;
  const fields = { current: "This is not the present password" };
  throw new Refusal("wrong_credentials", "The present password is wrong", { action: "Enter it again.", fields });
}

const shown = ({ account, invitation }: Invited) => ({
  account,
  invitation: { token: invitation.text, expiresAt: invitation.expiresAt },
});

const isSelf = (c: Context<ApiEnv>, account: Account["id"]) => {
  const { kind, id } = identityOf(c);
  return kind === "account" && id === account;
};

// Reading content is not implied by administering: who wants it asks another administrator, and that is on record.
function refuseMoreForOneself(c: Context<ApiEnv>, id: string, wanted: readonly Role[]) {
  const held = permissionsOf(identityOf(c).roles);
  if (!isSelf(c, id) || [...permissionsOf(wanted)].every((permission) => held.has(permission))) return;
  throw new Refusal("own_account", "Nobody gives more to the own account", {
    action: "Ask another administrator.",
    fields: { roles: "Another administrator has to give it" },
  });
}

function refuseOwnReset(c: Context<ApiEnv>, id: string) {
  if (!isSelf(c, id)) return;
  throw new Refusal("own_account", "The own password is changed, not reset", {
    action: "Choose Change password in the menu of your account.",
  });
}
